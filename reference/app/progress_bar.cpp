#include "reference/app/progress_bar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

namespace qmgr {
namespace {

constexpr Duration kRateSpan = std::chrono::seconds(5);
constexpr Duration kPlainInterval = std::chrono::seconds(30);
constexpr std::size_t kBarColumns = 20;

std::string bar(std::uint64_t percent) {
    const std::size_t filled = kBarColumns * percent / 100;
    return '[' + std::string(filled, '#') + std::string(kBarColumns - filled, ' ') + ']';
}

// At most so many characters of UTF-8; what would move the cursor becomes a question mark.
std::string cut(std::string line, std::size_t columns) {
    std::size_t length = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const auto byte = static_cast<unsigned char>(line[i]);
        if (byte < ' ' || byte == 0x7F) line[i] = '?';
        if ((byte & 0xC0U) != 0x80U && length++ == columns) return line.substr(0, i);
    }
    return line;
}

std::string line_of(const FileProgress& file) {
    const std::uint64_t size = file.size_bytes.value_or(0);
    // No file is so large that a hundredfold does not fit: 2^57 bytes are 144 PB.
    std::uint64_t percent = size == 0 ? 0 : std::min(file.stored_bytes, size) * 100 / size;
    if (is_whole(file)) percent = 100;
    std::string amount = size_text(file.stored_bytes);
    if (file.size_bytes) amount += " of " + size_text(size);
    return fmt::format("{:3}% {} {}  {}", percent, bar(percent), amount,
                       std::filesystem::path(file.local_name).filename().string());
}

}  // namespace

bool is_whole(const FileProgress& file) {
    return file.delivered || file.stored_bytes == file.size_bytes;
}

std::vector<std::string> file_lines(const std::vector<FileProgress>& files, std::size_t columns,
                                    std::size_t rows) {
    const auto fetched = std::ranges::find_if_not(files, is_whole);
    const std::size_t last_begin = files.size() > rows ? files.size() - rows : 0;
    std::size_t i = std::min(static_cast<std::size_t>(fetched - files.begin()), last_begin);
    std::vector<std::string> lines;
    for (; i < files.size() && lines.size() < rows; ++i)
        lines.push_back(cut(line_of(files[i]), columns));
    return lines;
}

std::string redrawn(const std::vector<std::string>& lines, std::size_t shown) {
    // To the first line, then each line and what is left of the old one; at last all below.
    std::string text = shown > 1 ? fmt::format("\r\x1b[{}A", shown - 1) : "\r";
    for (std::size_t i = 0; i < lines.size(); ++i)
        text += (i == 0 ? "" : "\n\r") + lines[i] + "\x1b[K";
    return lines.size() < shown ? text + "\x1b[J" : text;
}

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
    return cut(std::move(line), columns);
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
