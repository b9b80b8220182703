// A process of its own, with limits, for what may stop the program, take all memory or never end:
// a mutant. What it found out so far is in memory that both processes see, so it is known however
// the process ends.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace qmgr::mutants {

/// For the rest of this process: no more memory than 4 GiB, no core file, standard error goes
/// nowhere.
void confine_process();
/// From now on so much processor time, rounded up by less than three seconds; then the process is
/// ended.
void limit_processor(unsigned seconds);

/// How a confined process came to its end. `wait_status` is what waitpid() gave.
enum class Ending { ByItself, Crash, Endless };
Ending ending_of(int wait_status);

/// Where a confined process writes. Each text replaces the one before it; of one that the end of
/// the process cuts short nothing is left.
class Slate {
  public:
    explicit Slate(char* page) : page_(page) {}
    /// At most kSlateBytes; what is longer is cut.
    void write(std::string_view text);

  private:
    char* page_;
};
inline constexpr std::size_t kSlateBytes = 64U << 10U;  // arbitrary; a page of text

struct Confined {
    Ending ending = Ending::ByItself;
    std::string slate;  ///< what was written last, or empty
};

/// Does `work(i, slate)` for each i below `count`, each in a confined process of its own that may
/// use so much processor time, at most `processes` of them at a time; `done(i, result)` is called
/// here, in the order in which they end. REQUIRES: no other thread runs, and the caller has no
/// other child processes.
void confine_each(std::size_t count, unsigned processes, unsigned processor_seconds,
                  const std::function<void(std::size_t, Slate&)>& work,
                  const std::function<void(std::size_t, const Confined&)>& done);

}  // namespace qmgr::mutants
