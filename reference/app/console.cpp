#include "reference/app/console.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>

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

std::size_t terminal_columns() {
    winsize size{};
    // 80: what terminals had before they could be asked.
    return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

// Not fmt::print: that throws when nobody can read what is written.
bool write(std::FILE* file, const std::string& text) {
    return std::fwrite(text.data(), 1, text.size(), file) == text.size() && std::fflush(file) == 0;
}

}  // namespace

ProcessConsole::ProcessConsole(bool quiet)
    : quiet_(quiet), is_terminal_(::isatty(STDERR_FILENO) == 1) {
    const sigset_t set = ending_signals();
    ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

ProcessConsole::~ProcessConsole() { clear_bar(); }

void ProcessConsole::show(const Progress& progress) {
    if (quiet_) return;
    bar_.take(progress);
    if (is_terminal_) {
        // One column less than there are: a full line would move the cursor to the next.
        write(stderr, fmt::format("\r{}\x1b[K", bar_.terminal_line(terminal_columns() - 1)));
        bar_is_shown_ = true;
    } else if (const auto line = bar_.plain_line()) {
        write(stderr, *line + "\n");
    }
}

void ProcessConsole::clear_bar() {
    if (bar_is_shown_) write(stderr, "\r\x1b[K");
    bar_is_shown_ = false;
}

void ProcessConsole::say(const std::string& line) {
    clear_bar();
    if (!write(stdout, line + "\n") && result_error_ == 0) result_error_ = errno;
}

void ProcessConsole::complain(const std::string& line) {
    clear_bar();
    std::string one_line = line;
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
