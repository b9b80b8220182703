#include "fakeserver/server/plan_player.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>
#include <variant>

#include "fakeserver/body_steps.hpp"
#include "fakeserver/content.hpp"

namespace qmgr::inline v0::fakeserver {
namespace {

void copy_from(const BodyStep& step, std::uint64_t offset, std::span<std::byte> out) {
    if (const auto* slice = std::get_if<Slice>(&step)) {
        fill_content(slice->seed, slice->offset + offset, out);
    } else {
        std::memcpy(out.data(), std::get<Literal>(step).bytes.data() + offset, out.size());
    }
}

}  // namespace

PlanPlayer::PlanPlayer(const ResponsePlan& plan) {
    std::string head = head_bytes(plan);
    head_size_ = head.size();
    steps_.reserve(plan.body.size() + 1);
    steps_.emplace_back(Literal{std::move(head)});
    steps_.insert(steps_.end(), plan.body.begin(), plan.body.end());
}

std::size_t PlanPlayer::peek(std::span<std::byte> buffer) const {
    std::size_t filled = 0;
    std::uint64_t offset = offset_;
    for (std::size_t i = step_; i < steps_.size() && filled < buffer.size(); ++i) {
        if (std::holds_alternative<Wait>(steps_[i])) {
            break;
        }
        const std::uint64_t left = step_length(steps_[i]) - offset;
        const std::size_t count = std::min<std::uint64_t>(left, buffer.size() - filled);
        copy_from(steps_[i], offset, buffer.subspan(filled, count));
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
    const auto* wait = step_ < steps_.size() ? std::get_if<Wait>(&steps_[step_]) : nullptr;
    if (wait == nullptr) {
        return std::nullopt;
    }
    const std::uint64_t ms = wait->ms;
    ++step_;
    advance(0);
    return ms;
}

std::uint64_t PlanPlayer::body_bytes_after(std::uint64_t count) const {
    return sent_ + count - std::min(sent_ + count, head_size_);
}

}  // namespace qmgr::inline v0::fakeserver
