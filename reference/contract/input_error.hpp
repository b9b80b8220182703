// The one exception of the project: what a person or a program handed in cannot be read. Thrown
// while reading scripts, traces, catalogues, protocol lines and command lines; caught in main or at
// the session's edge (docs/decisions/0009).
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace qmgr::inline v0 {

/// what() is one line: place, then what was expected there. Control characters, which a path or a
/// key may have, are written as \xNN.
class InputError : public std::runtime_error {
  public:
    InputError(const std::string& where, const std::string& what)
        : std::runtime_error(one_line(where + ": " + what)) {}

  private:
    static std::string one_line(std::string_view text) {
        constexpr std::string_view digits = "0123456789ABCDEF";
        std::string line;
        for (const char c : text) {
            const auto byte = static_cast<unsigned char>(c);
            if (byte >= 0x20 && byte != 0x7F)
                line += c;
            else
                line.append("\\x").append({digits[byte >> 4U], digits[byte & 0xFU]});
        }
        return line;
    }
};

}  // namespace qmgr::inline v0
