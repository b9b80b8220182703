#include "conformance/loopback/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "conformance/loopback/interruption.hpp"

extern char** environ;

namespace qmgr::inline v0::conformance {
namespace {

std::chrono::milliseconds left_until(std::chrono::steady_clock::time_point end) {
    return std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
}

}  // namespace

ChildProcess::ChildProcess(const std::string& command) {
    // Sockets rather than pipes: a child that has ended is then an error of send(), not a signal.
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, in.data()) != 0) return;
    if (pipe2(out.data(), O_CLOEXEC) != 0) {
        close(in[0]);
        close(in[1]);
        return;
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[1], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    std::string shell = "sh";
    std::string option = "-c";
    std::string script = "exec " + command;  // so that the child is the command, not the shell
    std::array<char*, 4> arguments = {shell.data(), option.data(), script.data(), nullptr};
    if (posix_spawn(&pid_, "/bin/sh", &actions, nullptr, arguments.data(), environ) != 0) pid_ = -1;
    posix_spawn_file_actions_destroy(&actions);
    close(in[1]);
    close(out[1]);
    to_child_ = in[0];
    from_child_ = out[0];
}

ChildProcess::~ChildProcess() { ChildProcess::kill(); }

bool ChildProcess::write_line(const std::string& line, std::chrono::milliseconds limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    const std::string text = line + "\n";
    std::size_t sent = 0;
    while (sent < text.size()) {
        if (!wait_for(to_child_, POLLOUT, left_until(end))) return false;
        const ssize_t count =
            send(to_child_, text.data() + sent, text.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (count <= 0) return false;
        sent += static_cast<std::size_t>(count);
    }
    return true;
}

std::optional<std::string> ChildProcess::read_line(std::chrono::milliseconds limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    std::size_t searched = 0;
    for (;;) {
        const std::size_t newline = buffer_.find('\n', searched);
        if (newline != std::string::npos) {
            std::string line = buffer_.substr(0, newline);
            buffer_.erase(0, newline + 1);
            return line;
        }
        if (buffer_.size() > kLongestLine) return std::nullopt;
        searched = buffer_.size();
        if (!wait_for(from_child_, POLLIN, left_until(end))) return std::nullopt;
        std::array<char, 65536> bytes{};
        const ssize_t count = read(from_child_, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return std::nullopt;
        buffer_.append(bytes.data(), static_cast<std::size_t>(count));
    }
}

// The pipes last of all: a child that saw their end could begin an orderly end of its own.
void ChildProcess::kill() {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
        }
        pid_ = -1;
    }
    close_pipes();
}

void ChildProcess::close_pipes() {
    if (to_child_ >= 0) close(std::exchange(to_child_, -1));
    if (from_child_ >= 0) close(std::exchange(from_child_, -1));
    buffer_.clear();
}

}  // namespace qmgr::inline v0::conformance
