// QMGR_CHECK: for what can only be false if this program has a bug. It is on in every build,
// prints expression, note and place to stderr, and aborts. Trouble in the world and wrong input
// never come here (docs/decisions/0009).
#pragma once

#include <string_view>

namespace qmgr::inline v0 {

/// Prints one line and calls std::abort(). Never returns.
[[noreturn]] void check_failed(std::string_view expression, std::string_view note,
                               std::string_view file, int line);

}  // namespace qmgr::inline v0

/// QMGR_CHECK(condition, note): `note` is anything a std::string_view can be made from; it is
/// evaluated only when the condition is false.
#define QMGR_CHECK(condition, note) \
    ((condition) ? void(0) : ::qmgr::check_failed(#condition, (note), __FILE__, __LINE__))
