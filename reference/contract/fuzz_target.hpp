// A fuzz target: a file NAME_fuzz.cpp beside what it fuzzes, which defines both functions below and
// becomes fuzz-NAME (clang, libFuzzer) and fuzz_NAME_seeds_test (any compiler). Only such files,
// and the two drivers beside this header, include it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Gives one input to what is fuzzed and judges what comes back. Returns 0; a broken promise ends
/// the process (QMGR_CHECK, a sanitizer, an exception that nobody catches). The bytes belong to the
/// caller. Keeps nothing from one input to the next.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace qmgr {

/// Inputs to begin with, one at least for each way through what is fuzzed.
std::vector<std::string> fuzz_seeds();

inline std::string_view fuzz_text(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

/// The pieces of `text` between line feeds; one more than there are line feeds.
inline std::vector<std::string_view> fuzz_lines(std::string_view text) {
    std::vector<std::string_view> lines;
    for (std::size_t end = text.find('\n'); end != text.npos; end = text.find('\n')) {
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    lines.push_back(text);
    return lines;
}

}  // namespace qmgr
