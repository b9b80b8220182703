// A plan as a client sees it that reads HTTP/1.1 by the letter and keeps what is useful of a lie:
// the head, the content without its chunk lines, and how it ends. The simulated network hands it to
// the engine, because there are no bytes there to be read. Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "fakeserver/responder.hpp"

namespace qmgr::inline v0::fakeserver {

struct ClientView {
    /// How far it comes.
    enum class End : std::uint8_t {
        Whole,      ///< all that the head promised
        Cut,        ///< the connection ended before that
        Silence,    ///< nothing more comes, and the connection stays
        Malformed,  ///< what came cannot be read
    };
    std::uint64_t head_wait_ms = 0;  ///< silence before the head is whole, or before it ends early
    std::uint64_t longest_head_wait_ms = 0;  ///< the longest of it without a byte
    End head = End::Whole;
    std::vector<BodyStep> content{};  ///< with its waits; for a head that is Whole
    End end = End::Whole;             ///< of the content
    bool reusable = false;            ///< the connection carries another request after it
};

/// What a client sees that asked with `method`.
ClientView view_of(const ResponsePlan& plan, const std::string& method);

}  // namespace qmgr::inline v0::fakeserver
