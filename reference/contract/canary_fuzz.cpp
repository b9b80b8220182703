// The fuzzer has to find this one: a break behind four bytes, each of which opens a new branch. It
// shows that coverage guides the search and that a find is reported.
#include "reference/contract/check.hpp"
#include "reference/contract/fuzz_target.hpp"

namespace qmgr {

std::vector<std::string> fuzz_seeds() { return {"nothing of the kind"}; }

}  // namespace qmgr

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 4 || data[0] != 'q') return 0;
    if (data[1] != 'm') return 0;
    if (data[2] != 'g') return 0;
    QMGR_CHECK(data[3] != 'r', "the canary is found");
    return 0;
}
