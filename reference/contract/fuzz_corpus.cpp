// Part of every libFuzzer program: writes its seeds into the first corpus folder of the command
// line, so that no corpus has to be kept with the sources.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "reference/contract/fuzz_target.hpp"

namespace {

void write_seeds(const std::filesystem::path& folder) {
    std::size_t number = 0;
    for (const std::string& seed : qmgr::fuzz_seeds()) {
        const std::filesystem::path path = folder / ("seed-" + std::to_string(number++));
        std::ofstream file(path, std::ios::binary);
        file << seed << std::flush;
        if (file) continue;
        std::cerr << path.string() << ": cannot be written\n";
        std::exit(EXIT_FAILURE);
    }
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
    for (int i = 1; i < *count; ++i) {
        if (!std::filesystem::is_directory((*arguments)[i])) continue;
        write_seeds((*arguments)[i]);
        break;
    }
    return 0;
}
