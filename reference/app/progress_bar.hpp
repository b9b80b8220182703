// What `qmgr get` and `qmgr resume` show while they wait: one line of text from a few numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "reference/contract/time.hpp"

namespace qmgr {

/// Where the transfer stands at one moment.
struct Progress {
    Instant at;
    std::uint64_t done_bytes = 0;
    std::uint64_t total_bytes = 0;  ///< 0: not known
    std::uint32_t percent = 0;      ///< 0..100
    bool overflowed = false;        ///< done_bytes is only a lower bound: the interface has 32 bits
    bool operator==(const Progress&) const = default;
};

/// Where one file stands. What is not on the disk yet does not count (queue_observer.hpp).
struct FileProgress {
    std::string local_name;
    std::uint64_t stored_bytes = 0;
    std::optional<std::uint64_t> size_bytes;  ///< none: not known
    bool delivered = false;
};
bool is_whole(const FileProgress& file);

/// A bar for each file, " 42% [########            ] 4.2 MB of 10.0 MB  name", none longer than
/// `columns`. At most `rows` of them: those that are fetched and what comes next.
std::vector<std::string> file_lines(const std::vector<FileProgress>& files, std::size_t columns,
                                    std::size_t rows);
/// What makes a terminal show `lines` in the place of the `shown` ones before them.
std::string redrawn(const std::vector<std::string>& lines, std::size_t shown);

/// "512 B", "4.2 MB": decimal units, one digit after the point.
std::string size_text(std::uint64_t bytes);
/// "0:05", "12:34", "3:25:45".
std::string time_text(Duration time);

/// Makes lines out of what it is told, in order of time. Rate and time left rest on the last five
/// seconds; when nothing came in all of them, the line says for how long.
class ProgressBar {
  public:
    /// Takes a further moment. Its time is not before the last one's.
    void take(const Progress& progress);

    /// One line for a terminal of so many columns, never longer:
    /// " 42% [########            ] 4.2 MB of 10.0 MB  1.3 MB/s  0:05 left".
    std::string terminal_line(std::size_t columns) const;

    /// For output that is kept: a line when another ten percent are passed or half a minute is over
    /// since the last one (or the start); nothing in between. " 42%  4.2 MB of 10.0 MB  1.3 MB/s
    /// 0:05 left".
    std::optional<std::string> plain_line();

  private:
    std::string numbers() const;

    std::deque<Progress> moments_;  // the last five seconds and the one before them
    Instant last_growth_;           // when bytes last came
    Instant printed_at_;            // the last plain line, or the start
    std::uint32_t printed_tens_ = 0;
};

}  // namespace qmgr
