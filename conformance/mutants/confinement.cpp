#include "conformance/mutants/confinement.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <map>

#include "reference/contract/check.hpp"

namespace qmgr::mutants {
namespace {

// Something endless that collects what it meets must not take the machine's memory with it.
constexpr rlim_t kMemoryBytes = 4ULL << 30U;

// A sanitizer keeps far more addresses for itself than it uses.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#elif defined(__has_feature)
constexpr bool kSanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool kSanitized = false;
#endif

struct Child {
    std::size_t index = 0;
    char* page = nullptr;
};

// The page begins with the length, which is written last: a text that was cut short by the end of
// the process is not read.
char* new_page() {
    void* page = ::mmap(nullptr, sizeof(std::size_t) + kSlateBytes, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    QMGR_CHECK(page != MAP_FAILED, "a page for a process");
    return static_cast<char*>(page);
}

std::string read_and_drop(char* page) {
    std::size_t length = 0;
    std::memcpy(&length, page, sizeof length);
    std::string text(page + sizeof length, length);
    ::munmap(page, sizeof(std::size_t) + kSlateBytes);
    return text;
}

}  // namespace

void confine_process() {
    const rlimit memory{kMemoryBytes, kMemoryBytes};
    const rlimit none{0, 0};
    if (!kSanitized) ::setrlimit(RLIMIT_AS, &memory);
    ::setrlimit(RLIMIT_CORE, &none);
    const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    ::dup2(nowhere, STDERR_FILENO);
}

void limit_processor(unsigned seconds) {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto so_far = static_cast<rlim_t>(used.ru_utime.tv_sec + used.ru_stime.tv_sec);
    // Both are rounded down, by up to a second each.
    const rlimit processor{so_far + 2 + seconds, RLIM_INFINITY};
    ::setrlimit(RLIMIT_CPU, &processor);
}

Ending ending_of(int wait_status) {
    if (WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == 0) return Ending::ByItself;
    const bool endless = WIFSIGNALED(wait_status) &&
                         (WTERMSIG(wait_status) == SIGXCPU || WTERMSIG(wait_status) == SIGKILL);
    return endless ? Ending::Endless : Ending::Crash;
}

void Slate::write(std::string_view text) {
    const std::size_t none = 0;
    const std::size_t length = std::min(text.size(), kSlateBytes);
    std::memcpy(page_, &none, sizeof none);
    std::memcpy(page_ + sizeof length, text.data(), length);
    std::memcpy(page_, &length, sizeof length);
}

void confine_each(std::size_t count, unsigned processes, unsigned processor_seconds,
                  const std::function<void(std::size_t, Slate&)>& work,
                  const std::function<void(std::size_t, const Confined&)>& done) {
    std::map<pid_t, Child> running;
    std::size_t started = 0;
    while (started < count || !running.empty()) {
        while (running.size() < processes && started < count) {
            const Child child{started++, new_page()};
            std::fflush(nullptr);
            const pid_t process = ::fork();
            QMGR_CHECK(process >= 0, "a process");
            if (process == 0) {
                confine_process();
                limit_processor(processor_seconds);
                Slate slate(child.page);
                work(child.index, slate);
                ::_exit(0);
            }
            running[process] = child;
        }
        int status = 0;
        const pid_t ended = ::waitpid(-1, &status, 0);
        if (ended < 0 && errno == EINTR) continue;
        const auto found = running.find(ended);
        if (found == running.end()) continue;
        const Child child = found->second;
        running.erase(found);
        done(child.index, {ending_of(status), read_and_drop(child.page)});
    }
}

}  // namespace qmgr::mutants
