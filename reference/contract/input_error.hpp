// The one exception of the project: what a person or a program handed in cannot be read. Thrown
// while reading scripts, traces, catalogues, protocol lines and command lines; caught in main or at
// the session's edge (docs/decisions/0009).
#pragma once

#include <stdexcept>
#include <string>

namespace qmgr {

/// what() is one line: place, then what was expected there.
class InputError : public std::runtime_error {
  public:
    InputError(const std::string& where, const std::string& what)
        : std::runtime_error(where + ": " + what) {}
};

}  // namespace qmgr
