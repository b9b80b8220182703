#include "fakeserver/server/plan_player.hpp"

#include <algorithm>
#include <variant>

#include "fakeserver/body_steps.hpp"
#include "fakeserver/wire.hpp"

namespace qmgr::inline v0::fakeserver {

PlanPlayer::PlanPlayer(const ResponsePlan& plan)
    : steps_(wire_steps(plan)), head_size_(head_size(plan)), total_(body_length(steps_)) {
    if (plan.pace) {
        pacer_.emplace(*plan.pace, wire_offset(plan, plan.pace->from));
    }
    advance(0);
}

std::size_t PlanPlayer::peek(std::span<std::byte> buffer) const {
    const std::uint64_t room = pacer_ ? pacer_->room(sent_) : buffer.size();
    const std::size_t most = std::min<std::uint64_t>(room, buffer.size());
    std::size_t filled = 0;
    std::uint64_t offset = offset_;
    for (std::size_t i = step_; i < steps_.size() && filled < most; ++i) {
        if (std::holds_alternative<Wait>(steps_[i])) {
            break;
        }
        const std::uint64_t left = step_length(steps_[i]) - offset;
        const std::size_t count = std::min<std::uint64_t>(left, most - filled);
        copy_bytes(steps_[i], offset, buffer.subspan(filled, count));
        filled += count;
        offset = 0;
    }
    return filled;
}

void PlanPlayer::advance(std::uint64_t count) {
    sent_ += count;
    offset_ += count;
    while (step_ < steps_.size() && !std::holds_alternative<Wait>(steps_[step_]) &&
           offset_ >= step_length(steps_[step_])) {
        offset_ -= step_length(steps_[step_]);
        ++step_;
    }
}

std::optional<std::uint64_t> PlanPlayer::take_wait() {
    if (const auto* wait = step_ < steps_.size() ? std::get_if<Wait>(&steps_[step_]) : nullptr) {
        const std::uint64_t ms = wait->ms;
        ++step_;
        advance(0);
        return ms;
    }
    return pacer_ && sent_ < total_ ? pacer_->take_gap(sent_) : std::nullopt;
}

std::uint64_t PlanPlayer::body_bytes_after(std::uint64_t count) const {
    return sent_ + count - std::min(sent_ + count, head_size_);
}

}  // namespace qmgr::inline v0::fakeserver
