#include "reference/app/console.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>

#include "reference/contract/url_mask.hpp"

namespace qmgr {
namespace {

// What ends the program when somebody wants it to.
sigset_t ending_signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    return set;
}

winsize terminal_size() {
    winsize size{};
    ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size);
    // 80 and 24: what terminals had before they could be asked.
    if (size.ws_col == 0) size.ws_col = 80;
    if (size.ws_row == 0) size.ws_row = 24;
    size.ws_row = std::max<unsigned short>(size.ws_row, 3);  // room for one file and the group
    return size;
}

Json progress_event(const Progress& progress, const std::vector<FileProgress>& files) {
    Json event = {{"event", "progress"},
                  {"percent", progress.percent},
                  {"done_bytes", progress.done_bytes},
                  {"total_bytes", nullptr},
                  {"files", Json::array()}};
    if (progress.total_bytes != 0) event["total_bytes"] = progress.total_bytes;
    for (const FileProgress& file : files) {
        Json one = {{"local_name", file.local_name},
                    {"stored_bytes", file.stored_bytes},
                    {"size_bytes", nullptr},
                    {"delivered", file.delivered}};
        if (file.size_bytes) one["size_bytes"] = *file.size_bytes;
        event["files"].push_back(std::move(one));
    }
    return event;
}

// Not fmt::print: that throws when nobody can read what is written.
bool write(std::FILE* file, const std::string& text) {
    return std::fwrite(text.data(), 1, text.size(), file) == text.size() && std::fflush(file) == 0;
}

}  // namespace

ProcessConsole::ProcessConsole(Mode mode)
    : mode_(mode), is_terminal_(::isatty(STDERR_FILENO) == 1) {
    const sigset_t set = ending_signals();
    ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

ProcessConsole::~ProcessConsole() { clear_bars(); }

void ProcessConsole::show(const Progress& progress, const std::vector<FileProgress>& files) {
    if (mode_.quiet) return;
    if (mode_.json) {
        const Json event = progress_event(progress, files);
        if (const std::string text = to_line(event); text != last_progress_) {
            write_event(event);
            last_progress_ = text;
        }
        return;
    }
    bar_.take(progress);
    if (is_terminal_) {
        draw(files);
    } else if (const auto line = bar_.plain_line()) {
        write(stderr, *line + "\n");
    }
}

void ProcessConsole::draw(const std::vector<FileProgress>& files) {
    const winsize size = terminal_size();
    // One column less than there are: a full line would move the cursor to the next.
    const std::size_t columns = size.ws_col - 1U;
    std::vector<std::string> lines;
    // The bar of a single file is that of its group.
    if (files.size() > 1) lines = file_lines(files, columns, size.ws_row - 2U);
    lines.push_back(bar_.terminal_line(columns));
    write(stderr, redrawn(lines, lines_shown_));
    lines_shown_ = lines.size();
}

void ProcessConsole::clear_bars() {
    if (lines_shown_ > 0) write(stderr, redrawn({}, lines_shown_));
    lines_shown_ = 0;
}

void ProcessConsole::write_result(const std::string& line) {
    if (!write(stdout, line + "\n") && result_error_ == 0) result_error_ = errno;
}

void ProcessConsole::write_event(const Json& event) { write_result(to_line(event)); }

void ProcessConsole::say(const std::string& line, const Json& event) {
    clear_bars();
    if (mode_.json)
        write_event(event);
    else if (!line.empty())
        write_result(line);
}

void ProcessConsole::remark(const std::string& line, const Json& event) {
    clear_bars();
    if (mode_.json)
        write_event(event);
    else
        write(stderr, line + "\n");
}

void ProcessConsole::complain(const std::string& line, const Json& event) {
    clear_bars();
    if (mode_.json) write_event(event);
    std::string one_line = masked_in_text(line);
    std::ranges::replace(one_line, '\n', ' ');
    write(stderr, "qmgr: " + one_line + "\n");
}

bool ProcessConsole::wait(Duration time) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
    const timespec limit{seconds.count(), std::chrono::nanoseconds(time - seconds).count()};
    const sigset_t set = ending_signals();
    return ::sigtimedwait(&set, nullptr, &limit) > 0;
}

}  // namespace qmgr
