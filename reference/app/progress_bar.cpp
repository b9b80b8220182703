#include "reference/app/progress_bar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace qmgr {
namespace {

constexpr Duration kRateSpan = std::chrono::seconds(5);
constexpr Duration kPlainInterval = std::chrono::seconds(30);
constexpr std::size_t kBarColumns = 20;

std::string bar(std::uint32_t percent) {
    const std::size_t filled = kBarColumns * percent / 100;
    return '[' + std::string(filled, '#') + std::string(kBarColumns - filled, ' ') + ']';
}

}  // namespace

std::string size_text(std::uint64_t bytes) {
    constexpr std::array<const char*, 4> units = {"kB", "MB", "GB", "TB"};
    if (bytes < 1000) return fmt::format("{} B", bytes);
    double amount = static_cast<double>(bytes) / 1000;
    std::size_t unit = 0;
    // 999.95 would be written as 1000.0.
    for (; amount >= 999.95 && unit + 1 < units.size(); ++unit) amount /= 1000;
    return fmt::format("{:.1f} {}", amount, units[unit]);
}

std::string time_text(Duration time) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time).count();
    if (seconds < 3600) return fmt::format("{}:{:02}", seconds / 60, seconds % 60);
    return fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

void ProgressBar::take(const Progress& progress) {
    if (moments_.empty()) printed_at_ = progress.at;
    if (moments_.empty() || progress.done_bytes != moments_.back().done_bytes)
        last_growth_ = progress.at;
    moments_.push_back(progress);
    while (moments_.size() > 2 && moments_[1].at <= progress.at - kRateSpan) moments_.pop_front();
}

std::string ProgressBar::numbers() const {
    const Progress& first = moments_.front();
    const Progress& now = moments_.back();
    std::string text = size_text(now.done_bytes);
    if (now.overflowed) return "more than " + text;
    if (now.total_bytes != 0) text += " of " + size_text(now.total_bytes);
    if (now.at - last_growth_ >= kRateSpan)
        return text + "  waiting " + time_text(now.at - last_growth_);
    const auto span_ms = static_cast<std::uint64_t>((now.at - first.at).count());
    if (span_ms == 0 || now.done_bytes <= first.done_bytes) return text;
    const std::uint64_t rate = std::max<std::uint64_t>(
        1, (now.done_bytes - first.done_bytes) * 1000 / span_ms);  // bytes per second
    text += "  " + size_text(rate) + "/s";
    if (now.total_bytes > now.done_bytes) {
        const std::uint64_t left_s = (now.total_bytes - now.done_bytes + rate - 1) / rate;
        text += "  " + time_text(std::chrono::seconds(left_s)) + " left";
    }
    return text;
}

std::string ProgressBar::terminal_line(std::size_t columns) const {
    if (moments_.empty()) return {};
    const std::uint32_t percent = moments_.back().percent;
    std::string line = fmt::format("{:3}% {} {}", percent, bar(percent), numbers());
    line.resize(std::min(line.size(), columns));
    return line;
}

std::optional<std::string> ProgressBar::plain_line() {
    if (moments_.empty()) return std::nullopt;
    const Progress& now = moments_.back();
    if (now.percent / 10 == printed_tens_ && now.at - printed_at_ < kPlainInterval)
        return std::nullopt;
    printed_tens_ = now.percent / 10;
    printed_at_ = now.at;
    return fmt::format("{:3}%  {}", now.percent, numbers());
}

}  // namespace qmgr
