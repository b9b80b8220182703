// Arithmetic on the steps of a body. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "fakeserver/responder.hpp"

namespace qmgr::inline v0::fakeserver {

/// Bytes that this step sends; 0 for a wait.
std::uint64_t step_length(const BodyStep& step);

/// Fills `out` with the bytes of `step`, which is no wait, from its byte `offset` on. They exist.
void copy_bytes(const BodyStep& step, std::uint64_t offset, std::span<std::byte> out);

/// Bytes that are sent when all of `body` is played.
std::uint64_t body_length(const std::vector<BodyStep>& body);

/// The steps before and after body byte `at`; a wait that stands exactly there goes to the second.
std::pair<std::vector<BodyStep>, std::vector<BodyStep>> split_body(
    const std::vector<BodyStep>& body, std::uint64_t at);

}  // namespace qmgr::inline v0::fakeserver
