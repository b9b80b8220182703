// The person in front of the program: what is shown, what is said, and when they want it to end.
#pragma once

#include <cstddef>
#include <string>

#include "reference/app/progress_bar.hpp"
#include "reference/contract/time.hpp"

namespace qmgr {

class Console {
  public:
    Console() = default;
    Console(const Console&) = delete;
    Console& operator=(const Console&) = delete;
    virtual ~Console() = default;

    /// How far it is. Called often; most of it may never be seen.
    virtual void show(const Progress& progress) = 0;
    /// A result: one line without its end.
    virtual void say(const std::string& line) = 0;
    /// What went wrong, or what to do next: one line without its end.
    virtual void complain(const std::string& line) = 0;
    /// Lets so much time pass. True, and at once, when the program is asked to end.
    virtual bool wait(Duration time) = 0;
};

/// Results go to stdout, everything else to stderr: progress as one line that changes when stderr
/// is a terminal, else as a few lines that stay.
class ProcessConsole final : public Console {
  public:
    /// SIGINT and SIGTERM ask the program to end; they are blocked in the calling thread from now
    /// on, so this comes before any other thread starts. `quiet`: no progress.
    explicit ProcessConsole(bool quiet);
    ~ProcessConsole() override;

    /// What cannot be shown is not shown: progress never ends the program.
    void show(const Progress& progress) override;
    void say(const std::string& line) override;
    void complain(const std::string& line) override;
    bool wait(Duration time) override;

    /// Why the first result that could not be written was not; 0: all were.
    int result_error() const { return result_error_; }

  private:
    void clear_bar();

    const bool quiet_;
    const bool is_terminal_;
    bool bar_is_shown_ = false;
    int result_error_ = 0;
    ProgressBar bar_;
};

}  // namespace qmgr
