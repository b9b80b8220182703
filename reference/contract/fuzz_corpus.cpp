// Part of every fuzz program, so that no corpus has to be kept with the sources:
// `fuzz-NAME --write-seeds FOLDER` writes the seeds of its target and fuzzes nothing. Every engine
// (libFuzzer, AFL++, Honggfuzz) calls the function below before it looks at the command line.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "reference/contract/fuzz_target.hpp"

namespace {

// Exit status 0, or 1 where a file cannot be written.
[[noreturn]] void write_seeds(const std::filesystem::path& folder) {
    std::size_t number = 0;
    for (const std::string& seed : qmgr::fuzz_seeds()) {
        const std::filesystem::path path = folder / ("seed-" + std::to_string(number++));
        std::ofstream file(path, std::ios::binary);
        file << seed << std::flush;
        if (file) continue;
        std::cerr << path.string() << ": cannot be written\n";
        std::exit(EXIT_FAILURE);
    }
    std::exit(EXIT_SUCCESS);
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
    if (*count == 3 && std::string_view((*arguments)[1]) == "--write-seeds")
        write_seeds((*arguments)[2]);
    return 0;
}
