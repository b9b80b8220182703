#include "fakeserver/body_steps.hpp"

#include <algorithm>
#include <cstring>
#include <variant>

#include "fakeserver/content.hpp"

namespace qmgr::inline v0::fakeserver {
namespace {

/// The part of a slice or literal that starts `skip` bytes into it and is `length` long.
BodyStep cut_step(const BodyStep& step, std::uint64_t skip, std::uint64_t length) {
    if (const auto* slice = std::get_if<Slice>(&step)) {
        return Slice{.seed = slice->seed, .offset = slice->offset + skip, .length = length};
    }
    return Literal{std::get<Literal>(step).bytes.substr(skip, length)};
}

}  // namespace

std::uint64_t step_length(const BodyStep& step) {
    if (const auto* slice = std::get_if<Slice>(&step)) {
        return slice->length;
    }
    const auto* literal = std::get_if<Literal>(&step);
    return literal != nullptr ? literal->bytes.size() : 0;
}

void copy_bytes(const BodyStep& step, std::uint64_t offset, std::span<std::byte> out) {
    if (const auto* slice = std::get_if<Slice>(&step)) {
        fill_content(slice->seed, slice->offset + offset, out);
    } else {
        std::memcpy(out.data(), std::get<Literal>(step).bytes.data() + offset, out.size());
    }
}

std::uint64_t body_length(const std::vector<BodyStep>& body) {
    std::uint64_t length = 0;
    for (const BodyStep& step : body) {
        length += step_length(step);
    }
    return length;
}

std::pair<std::vector<BodyStep>, std::vector<BodyStep>> split_body(
    const std::vector<BodyStep>& body, std::uint64_t at) {
    std::pair<std::vector<BodyStep>, std::vector<BodyStep>> parts;
    for (const BodyStep& step : body) {
        const std::uint64_t length = step_length(step);
        if (at == 0) {
            parts.second.push_back(step);
        } else if (length <= at) {
            parts.first.push_back(step);
        } else {
            parts.first.push_back(cut_step(step, 0, at));
            parts.second.push_back(cut_step(step, at, length - at));
        }
        at -= std::min(at, length);
    }
    return parts;
}

}  // namespace qmgr::inline v0::fakeserver
