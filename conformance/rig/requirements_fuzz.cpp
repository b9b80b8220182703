// The reader of the catalogue. A file is refused with InputError in one line, or taken; what is
// taken is found again under its id, and says the same of itself in every way it is asked.
#include "conformance/rig/requirements.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>

#include "reference/contract/check.hpp"
#include "reference/contract/fuzz_target.hpp"
#include "reference/contract/input_error.hpp"

namespace qmgr::conformance {
namespace {

/// A file without a name in any folder, for as long as this lives.
class MemoryFile {
  public:
    explicit MemoryFile(std::string_view text) : number_(memfd_create("fuzz", MFD_CLOEXEC)) {
        const ssize_t written = write(number_, text.data(), text.size());
        QMGR_CHECK(written == static_cast<ssize_t>(text.size()), "no memory for a file");
    }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;
    ~MemoryFile() { close(number_); }
    std::string path() const { return "/proc/self/fd/" + std::to_string(number_); }

  private:
    const int number_;
};

void check_entry(const Catalogue& catalogue, const Requirement& one) {
    const auto found = catalogue.find(one.id);
    QMGR_CHECK(!found.empty(), one.id);
    QMGR_CHECK(std::all_of(found.begin(), found.end(),
                           [&](const Requirement* other) { return stands_for(one.id, other->id); }),
               one.id);
    QMGR_CHECK(stands_for(whole_of(one.id), one.id), one.id);
    QMGR_CHECK(basis_named(name(one.basis)) == one.basis, one.id);
    const bool only = found.size() == 1 && found.front() == &one;
    if (!only) return;
    QMGR_CHECK(catalogue.is_chosen(one.id) == (one.basis == Basis::Chosen), one.id);
    QMGR_CHECK(catalogue.is_should(one.id) == !one.must, one.id);
}

}  // namespace
}  // namespace qmgr::conformance

namespace qmgr {

std::vector<std::string> fuzz_seeds() {
    const std::string begin = R"({"requirements":[{"id":"A-1","level":"must","text":"t",)";
    return {
        R"({"requirements":[]})",
        begin + R"("source":"s","basis":"documented"}]})",
        begin + R"("source":"s","basis":"chosen","decision":"0001","allowed":["a","b"]},)"
                R"({"id":"A-1-a","level":"should","text":"t","source":"s","basis":"derived",)"
                R"("restates":["A-1"]}]})",
        begin + R"("source":"s","basis":"observed","retired":"r","no_case":"n"}]})",
    };
}

}  // namespace qmgr

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace qmgr;
    const conformance::MemoryFile file(fuzz_text(data, size));
    try {
        const auto catalogue = conformance::Catalogue::from_file(file.path());
        for (const auto& one : catalogue.all()) conformance::check_entry(catalogue, one);
    } catch (const InputError& error) {
        const std::string_view what = error.what();
        QMGR_CHECK(what.starts_with(file.path()), what);
        QMGR_CHECK(what.find('\n') == what.npos, what);
    }
    return 0;
}
