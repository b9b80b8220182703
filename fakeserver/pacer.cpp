#include "fakeserver/pacer.hpp"

#include "fakeserver/draws.hpp"

namespace qmgr::inline v0::fakeserver {

Pacer::Pacer(const Pace& pace, std::uint64_t start)
    : pace_(pace), start_(start), slice_end_(start + pace.slices.front()) {}

std::uint64_t Pacer::room(std::uint64_t at) const {
    return at < start_ ? start_ - at : slice_end_ - at;
}

std::optional<std::uint64_t> Pacer::take_gap(std::uint64_t at) {
    if (room(at) != 0) {
        return std::nullopt;
    }
    ++slice_;
    slice_end_ += pace_.slices[slice_ % pace_.slices.size()];
    return draw_delay(pace_.gap, draw(pace_.key, slice_));
}

}  // namespace qmgr::inline v0::fakeserver
