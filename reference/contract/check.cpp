#include "reference/contract/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace qmgr::inline v0 {

void check_failed(std::string_view expression, std::string_view note, std::string_view file,
                  int line) {
    std::fprintf(stderr, "qmgr: bug: %.*s is false (%.*s) at %.*s:%d\n",
                 static_cast<int>(expression.size()), expression.data(),
                 static_cast<int>(note.size()), note.data(), static_cast<int>(file.size()),
                 file.data(), line);
    std::abort();
}

}  // namespace qmgr::inline v0
