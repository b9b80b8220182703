// For tests: the program as its users meet it, in a folder and with a queue of its own.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "reference/adapters/file_calls.hpp"
#include "reference/adapters/temporary_folder.hpp"
#include "reference/app/one_file_server.hpp"

namespace qmgr {

/// qmgr with these arguments, in this folder. `shell`: commands of a shell that starts it as "$@".
class Program {
  public:
    Program(std::vector<std::string> arguments, const std::string& folder,
            const std::string& shell = "");
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;
    ~Program();

    void write(const std::string& text) const;
    void end_input() { input_ = Descriptor(); }
    /// From now on nobody reads stderr.
    void close_errors() { errors_ = Descriptor(); }
    /// The next line of stdout or stderr, without its end.
    std::string line() const;
    std::string error_line() const;
    int pid() const { return pid_; }
    void send(int signal) const;
    /// Waits for the end of the program. 128 + number for one that a signal ended.
    int exit_status();
    /// What is left of stdout and of stderr, once the program has ended.
    std::string output() const;
    std::string errors() const;

  private:
    Descriptor input_;
    Descriptor output_;
    Descriptor errors_;
    pid_t pid_ = -1;
};

std::string content_of(const std::string& path);
std::vector<std::string> names_in(const std::string& folder);

/// A folder to be in, one for a queue that is not there yet, and a file's content.
class ProgramPlace {
  protected:
    ProgramPlace();

    /// `qmgr get` of a server that stops halfway, ended by that signal when it says so.
    void get_half(const OneFileServer& server, int signal, const std::string& path = "/file") const;

    TemporaryFolder folder_;
    const std::string root_;
    const std::string here_ = root_ + "/here";
    const std::string queue_ = root_ + "/state/queue";
    std::string content_;
};

}  // namespace qmgr
