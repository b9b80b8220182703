// The person or program in front of the program: what is shown, what is said, and when they want it
// to end.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "reference/app/progress_bar.hpp"
#include "reference/contract/json.hpp"
#include "reference/contract/time.hpp"

namespace qmgr {

class Console {
  public:
    Console() = default;
    Console(const Console&) = delete;
    Console& operator=(const Console&) = delete;
    virtual ~Console() = default;

    /// How far it is, all together and each file. Called often; most of it may never be seen.
    virtual void show(const Progress& progress, const std::vector<FileProgress>& files) = 0;
    /// A result: one line without its end for people (empty: nothing), and the same for programs.
    virtual void say(const std::string& line, const Json& event) = 0;
    /// Something by the way, in the same two forms.
    virtual void remark(const std::string& line, const Json& event) = 0;
    /// What went wrong, or what to do next. Passwords in URLs are masked.
    virtual void complain(const std::string& line, const Json& event) = 0;
    /// Lets so much time pass. True, and at once, when the program is asked to end.
    virtual bool wait(Duration time) = 0;
};

/// For people: results go to stdout, everything else to stderr, progress as lines that change when
/// stderr is a terminal, else as a few lines that stay. For programs (`json`): every event goes to
/// stdout as one line, and complaints to stderr as well; docs/command.md lists the events.
class ProcessConsole final : public Console {
  public:
    struct Mode {
        bool quiet = false;  ///< no progress
        bool json = false;
    };

    /// SIGINT and SIGTERM ask the program to end; they are blocked in the calling thread from now
    /// on, so this comes before any other thread starts.
    explicit ProcessConsole(Mode mode);
    ~ProcessConsole() override;

    /// What cannot be shown is not shown: progress never ends the program.
    void show(const Progress& progress, const std::vector<FileProgress>& files) override;
    void say(const std::string& line, const Json& event) override;
    void remark(const std::string& line, const Json& event) override;
    void complain(const std::string& line, const Json& event) override;
    bool wait(Duration time) override;

    /// Why the first result that could not be written was not; 0: all were.
    int result_error() const { return result_error_; }

  private:
    void draw(const std::vector<FileProgress>& files);
    void clear_bars();
    void write_result(const std::string& line);
    void write_event(const Json& event);

    const Mode mode_;
    const bool is_terminal_;
    std::size_t lines_shown_ = 0;
    int result_error_ = 0;
    ProgressBar bar_;
    std::string last_progress_;  // the event that was written last
};

}  // namespace qmgr
