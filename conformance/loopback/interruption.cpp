#include "conformance/loopback/interruption.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace qmgr::inline v0::conformance {
namespace {

volatile sig_atomic_t came = 0;
// A signal makes the first end readable, so none is missed between a look and a wait.
std::array<int, 2> wake = {-1, -1};

void note(int signal) {
    const int error = errno;
    came = signal;
    const char byte = 0;
    [[maybe_unused]] const ssize_t written = write(wake[1], &byte, 1);
    errno = error;
}

}  // namespace

void heed_signals() {
    if (pipe2(wake.data(), O_CLOEXEC | O_NONBLOCK) != 0)
        throw std::system_error(errno, std::generic_category(), "no pipe for signals");
    struct sigaction action {};
    action.sa_handler = note;
    action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaction(signal, &action, nullptr);
}

int heeded_signal() { return came; }

bool wait_for(int file, short events, std::chrono::milliseconds limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    for (;;) {
        if (came != 0) throw Interrupted{came};
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
        std::array<pollfd, 2> files = {pollfd{file, events, 0}, pollfd{wake[0], POLLIN, 0}};
        const int ready =
            poll(files.data(), files.size(), static_cast<int>(std::max<long>(left.count(), 0)));
        if (came != 0) throw Interrupted{came};
        if (files[0].revents != 0) return true;
        if (ready == 0 || (ready < 0 && errno != EINTR)) return false;
    }
}

}  // namespace qmgr::inline v0::conformance
