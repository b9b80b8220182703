// The program as its users meet it: command line, exit status, what it prints and what it leaves.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "reference/adapters/file_calls.hpp"
#include "reference/adapters/temporary_folder.hpp"
#include "reference/app/one_file_server.hpp"

namespace qmgr {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

/// qmgr with these arguments, in this folder. `shell`: commands of a shell that starts it as "$@".
class Program {
  public:
    Program(std::vector<std::string> arguments, const std::string& folder,
            const std::string& shell = "") {
        std::array<int, 2> in{};
        std::array<int, 2> out{};
        std::array<int, 2> error{};
        if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0 ||
            ::pipe2(error.data(), O_CLOEXEC) != 0) {
            ADD_FAILURE() << "no pipes";
            return;
        }
        const Descriptor child_in(in[0]);
        const Descriptor child_out(out[1]);
        const Descriptor child_error(error[1]);
        input_ = Descriptor(in[1]);
        output_ = Descriptor(out[0]);
        errors_ = Descriptor(error[0]);
        arguments.insert(arguments.begin(), QMGR_PROGRAM);
        if (!shell.empty())
            arguments.insert(arguments.begin(), {"/bin/sh", "-c", shell, "the shell"});
        std::vector<char*> words;
        for (std::string& argument : arguments) words.push_back(argument.data());
        words.push_back(nullptr);
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_adddup2(&actions, child_in.number(), STDIN_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions, child_out.number(), STDOUT_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions, child_error.number(), STDERR_FILENO);
        ::posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
        ::posix_spawn(&pid_, words[0], &actions, nullptr, words.data(), environ);
        ::posix_spawn_file_actions_destroy(&actions);
    }
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;
    ~Program() {
        if (pid_ <= 0) return;
        send(SIGKILL);
        exit_status();
    }

    void write(const std::string& text) const {
        EXPECT_EQ(::write(input_.number(), text.data(), text.size()),
                  static_cast<ssize_t>(text.size()));
    }
    void end_input() { input_ = Descriptor(); }
    /// From now on nobody reads stderr.
    void close_errors() { errors_ = Descriptor(); }
    /// The next line of stdout or stderr, without its end.
    std::string line() const { return line_of(output_); }
    std::string error_line() const { return line_of(errors_); }
    void send(int signal) const { ::kill(pid_, signal); }
    /// Waits for the end of the program. 128 + number for one that a signal ended.
    int exit_status() {
        int status = -1;
        ::waitpid(pid_, &status, 0);
        pid_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    /// What is left of stdout and of stderr, once the program has ended.
    std::string output() const { return rest_of(output_); }
    std::string errors() const { return rest_of(errors_); }

  private:
    static std::string line_of(const Descriptor& descriptor) {
        std::string text;
        char c = 0;
        while (::read(descriptor.number(), &c, 1) == 1 && c != '\n') text += c;
        return text;
    }
    static std::string rest_of(const Descriptor& descriptor) {
        std::string text;
        std::array<char, 4096> buffer{};
        for (ssize_t got = 0;
             (got = ::read(descriptor.number(), buffer.data(), buffer.size())) > 0;)
            text.append(buffer.data(), static_cast<std::size_t>(got));
        return text;
    }

    Descriptor input_;
    Descriptor output_;
    Descriptor errors_;
    pid_t pid_ = -1;
};

std::string content_of(const std::string& path) {
    std::ostringstream content;
    content << std::ifstream(path, std::ios::binary).rdbuf();
    return content.str();
}

std::vector<std::string> names_in(const std::string& folder) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        names.push_back(entry.path().filename());
    return names;
}

class QmgrProgram : public testing::Test {
  protected:
    QmgrProgram() {
        std::filesystem::create_directory(here_);
        for (std::size_t i = 0; i < 100'000; ++i) content_ += static_cast<char>('a' + i * i % 23);
    }

    /// `qmgr get` of a server that stops halfway, ended by that signal when it says so.
    void get_half(const OneFileServer& server, int signal, const std::string& path = "/file") {
        Program getting({"get", server.url(path), "--queue", queue_}, here_);
        EXPECT_THAT(getting.error_line(), StartsWith(" 50%  50.0 kB of 100.0 kB"));
        getting.send(signal);
        if (signal == SIGKILL) {
            EXPECT_EQ(getting.exit_status(), 128 + SIGKILL);
            return;
        }
        EXPECT_EQ(getting.exit_status(), 130);
        EXPECT_EQ(getting.errors(),
                  "qmgr: suspended; go on with: qmgr resume --queue " + queue_ + "\n");
    }

    TemporaryFolder folder_;
    // As the program names it: TempDir() may have two slashes in a row or a link in it.
    const std::string root_ = std::filesystem::canonical(folder_.path(""));
    const std::string here_ = root_ + "/here";
    const std::string queue_ = root_ + "/state/queue";
    std::string content_;
};

TEST_F(QmgrProgram, GetFetchesAFileAndSaysWhereItIs) {
    const OneFileServer server(content_, OneFileServer::FirstBody::Whole);
    Program program({"get", server.url("/dir/file.bin?x=1"), "--queue", queue_}, here_);
    EXPECT_EQ(program.exit_status(), 0);
    EXPECT_EQ(program.output(), here_ + "/file.bin: 100000 bytes\n");
    EXPECT_THAT(program.errors(), StartsWith("100%  100.0 kB of 100.0 kB"));
    EXPECT_EQ(content_of(here_ + "/file.bin"), content_);
    EXPECT_THAT(names_in(here_), SizeIs(1));
}

TEST_F(QmgrProgram, TheFolderOfTheQueueIsForItsOwnerOnly) {
    const OneFileServer server("", OneFileServer::FirstBody::Whole);
    Program program({"get", server.url("/missing"), "--queue", queue_}, here_);
    program.exit_status();
    struct stat facts {};
    ASSERT_EQ(::stat(queue_.c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777U, 0700U);
}

TEST_F(QmgrProgram, GetWritesWhereItIsToldAndIsQuiet) {
    const OneFileServer server("ok", OneFileServer::FirstBody::Whole);
    Program program({"get", server.url("/"), "-o", "../other", "--queue", queue_, "--quiet"},
                    here_);
    EXPECT_EQ(program.exit_status(), 0);
    EXPECT_EQ(program.output(), root_ + "/other" + ": 2 bytes\n");
    EXPECT_EQ(program.errors(), "");
    EXPECT_EQ(content_of(root_ + "/other"), "ok");
}

TEST_F(QmgrProgram, GetLeavesNothingBehindWhenTheServerRefuses) {
    const OneFileServer server("", OneFileServer::FirstBody::Whole);
    Program program({"get", server.url("/missing"), "--queue", queue_}, here_);
    EXPECT_EQ(program.exit_status(), 1);
    EXPECT_EQ(program.output(), "");
    EXPECT_EQ(program.errors(), "qmgr: 0x80190194 (HTTP 404): " + server.url("/missing") +
                                    "; nothing is kept: mend that and get it again\n");
    EXPECT_THAT(names_in(here_), IsEmpty());
    Program resuming({"resume", "--queue", queue_}, here_);
    EXPECT_EQ(resuming.exit_status(), 0);
    EXPECT_EQ(resuming.output() + resuming.errors(), "");
}

TEST_F(QmgrProgram, ResumeGoesOnAfterAnInterruptionAndAfterAKill) {
    for (const int signal : {SIGINT, SIGTERM, SIGKILL}) {
        const OneFileServer server(content_, OneFileServer::FirstBody::StopsHalfway);
        get_half(server, signal);
        EXPECT_THAT(names_in(here_), ElementsAre(StartsWith("BIT")));
        Program resuming({"resume", "--queue", queue_, "--quiet"}, here_);
        EXPECT_EQ(resuming.exit_status(), 0);
        EXPECT_EQ(resuming.output(), here_ + "/file: 100000 bytes\n");
        EXPECT_EQ(resuming.errors(), "");
        EXPECT_EQ(content_of(here_ + "/file"), content_);
        EXPECT_THAT(names_in(here_), ElementsAre("file"));
        // One HEAD, the first GET and the one that goes on.
        EXPECT_THAT(server.requests(), SizeIs(3));
        std::filesystem::remove(here_ + "/file");
    }
}

TEST_F(QmgrProgram, ResumeShowsAllGroupsTogetherAndNamesEachOne) {
    const OneFileServer one(content_, OneFileServer::FirstBody::StopsHalfway);
    const OneFileServer other(content_, OneFileServer::FirstBody::StopsHalfway);
    get_half(one, SIGINT, "/one");
    get_half(other, SIGINT, "/other");
    Program resuming({"resume", "--queue", queue_}, here_);
    EXPECT_EQ(resuming.exit_status(), 0);
    EXPECT_EQ(resuming.output(), here_ + "/one: 100000 bytes\n" + here_ + "/other: 100000 bytes\n");
    EXPECT_THAT(resuming.errors(), HasSubstr("100%  200.0 kB of 200.0 kB"));
}

TEST_F(QmgrProgram, ResumeKeepsWhatFailsAndNamesIt) {
    const OneFileServer server(content_, OneFileServer::FirstBody::StopsHalfway);
    get_half(server, SIGINT);
    const std::string in_the_way = here_ + "/file/in the way";
    std::filesystem::create_directories(in_the_way);
    Program first({"resume", "--queue", queue_, "--quiet"}, here_);
    EXPECT_EQ(first.exit_status(), 1);
    EXPECT_EQ(first.output(), "");
    EXPECT_THAT(first.errors(), AllOf(StartsWith("qmgr: 0x"), HasSubstr(server.url("/file")),
                                      HasSubstr("; it stays in the queue, suspended\n")));
    std::filesystem::remove_all(here_ + "/file");
    Program second({"resume", "--queue", queue_, "--quiet"}, here_);
    EXPECT_EQ(second.exit_status(), 0);
    EXPECT_EQ(second.output(), here_ + "/file: 100000 bytes\n");
}

TEST_F(QmgrProgram, AQueueIsOpenInOneProcessOnly) {
    Program first({"stdio"}, here_);
    first.write(R"({"hello":{"protocol":1,"state":")" + queue_ + "\"}}\n");
    first.line();
    Program second({"stdio"}, here_);
    second.write(R"({"hello":{"protocol":1,"state":")" + queue_ + "\"}}\n");
    EXPECT_EQ(second.exit_status(), 3);
    EXPECT_EQ(second.output(),
              R"({"error":")" + queue_ + R"(: this queue is open in another process"})" + "\n");
    Program third({"resume", "--queue", queue_}, here_);
    EXPECT_EQ(third.exit_status(), 3);
    EXPECT_EQ(third.errors(), "qmgr: " + queue_ + ": this queue is open in another process\n");
}

TEST_F(QmgrProgram, GroupsAreThereAfterAKill) {
    const std::string hello = R"({"hello":{"protocol":1,"state":")" + queue_ + "\"}}\n";
    const std::string group = R"({"group_id":"6f9619ff-8b86-d011-b42d-00c04fc964ff"})";
    {
        Program program({"stdio"}, here_);
        program.write(hello + R"({"id":1,"as":{"user":"u1"},"call":{"create_group":)" + group +
                      "}}\n");
        program.line();
        EXPECT_EQ(program.line(), R"({"id":1,"reply":{"hresult":"S_OK","group":1}})");
        program.send(SIGKILL);
        EXPECT_EQ(program.exit_status(), 128 + SIGKILL);
    }
    Program program({"stdio"}, here_);
    program.write(hello + R"({"id":1,"as":{"user":"u1"},"call":{"get_group":)" + group + "}}\n");
    program.line();
    EXPECT_EQ(program.line(), R"({"id":1,"reply":{"hresult":"S_OK","group":1}})");
}

TEST_F(QmgrProgram, AFileThatIsNoJournalIsPutAside) {
    std::filesystem::create_directories(queue_);
    std::ofstream(queue_ + "/queue.db") << "these are a person's notes, and no journal at all";
    Program program({"resume", "--queue", queue_}, here_);
    EXPECT_EQ(program.exit_status(), 0);
    EXPECT_THAT(program.errors(), AllOf(StartsWith("qmgr: "), HasSubstr(queue_ + "/queue.db")));
}

TEST_F(QmgrProgram, ExitsWith2AndOneLineForAWrongCommandLine) {
    const std::vector<std::vector<std::string>> wrong{{},
                                                      {"dance"},
                                                      {"get"},
                                                      {"get", "http://server.test/"},
                                                      {"get", "http://server.test"},
                                                      {"get", "http://server.test/..?x"},
                                                      {"get", "http://server.test/f", "-o", "."},
                                                      {"resume", "now"},
                                                      {"stdio", "--quiet"}};
    for (const std::vector<std::string>& arguments : wrong) {
        Program program(arguments, here_);
        EXPECT_EQ(program.exit_status(), 2);
        EXPECT_EQ(program.output(), "");
        const std::string errors = program.errors();
        EXPECT_THAT(errors, StartsWith("qmgr: "));
        EXPECT_EQ(errors.find('\n'), errors.size() - 1);
    }
}

TEST_F(QmgrProgram, ProgressThatCannotBeWrittenEndsNothing) {
    const std::string said = here_ + "/file: 100000 bytes\n";
    for (const std::string shell : {"exec \"$@\" 2>&-", "exec \"$@\" 2>/dev/full"}) {
        const OneFileServer server(content_, OneFileServer::FirstBody::Whole);
        Program program({"get", server.url("/file"), "--queue", queue_}, here_, shell);
        EXPECT_EQ(program.exit_status(), 0) << shell;
        EXPECT_EQ(program.output(), said);
        EXPECT_EQ(content_of(here_ + "/file"), content_);
    }
    const OneFileServer server(content_, OneFileServer::FirstBody::Whole);
    Program program({"get", server.url("/file"), "--queue", queue_}, here_, "read go; exec \"$@\"");
    program.close_errors();
    program.write("go\n");
    EXPECT_EQ(program.exit_status(), 0);
    EXPECT_EQ(program.output(), said);
}

TEST_F(QmgrProgram, AResultThatCannotBeWrittenIsAFailureOfOneLine) {
    const std::string start = "qmgr: the result cannot be written to stdout: ";
    for (const auto& [shell, why] :
         {std::pair("exec \"$@\" >/dev/full", "No space left on device\n"),
          std::pair("exec \"$@\" >&-", "Bad file descriptor\n")}) {
        const OneFileServer server(content_, OneFileServer::FirstBody::Whole);
        Program program({"get", server.url("/file"), "--queue", queue_, "--quiet"}, here_, shell);
        EXPECT_EQ(program.exit_status(), 1);
        EXPECT_EQ(program.errors(), start + why);
        EXPECT_EQ(content_of(here_ + "/file"), content_);
    }
}

TEST_F(QmgrProgram, GetOfWhatNoQueueTakesIsWrongUseAndLeavesNothingInTheQueue) {
    const std::vector<std::vector<std::string>> wrong{
        {"get", "ftp://server.test/file"},
        {"get", "", "-o", "file"},
        {"get", "ftp://server.test/two\nlines", "-o", "file"},
        {"get", "http://server.test/file", "-o", "f*"}};
    for (std::vector<std::string> arguments : wrong) {
        arguments.insert(arguments.end(), {"--queue", queue_});
        Program program(arguments, here_);
        EXPECT_EQ(program.exit_status(), 2);
        EXPECT_EQ(program.output(), "");
        const std::string errors = program.errors();
        EXPECT_THAT(errors, AllOf(StartsWith("qmgr: cannot fetch "), EndsWith(": E_INVALIDARG\n")));
        EXPECT_EQ(errors.find('\n'), errors.size() - 1);
    }
    EXPECT_THAT(names_in(here_), IsEmpty());
    Program resuming({"resume", "--queue", queue_}, here_);
    EXPECT_EQ(resuming.exit_status(), 0);
    EXPECT_EQ(resuming.output() + resuming.errors(), "");
}

TEST_F(QmgrProgram, InAFolderThatIsGoneRelativePathsAreWrongUse) {
    const std::string shell = "rmdir \"$PWD\"; exec \"$@\"";
    const std::string why =
        ": expected a path from the root, since the working folder is unknown: "
        "No such file or directory\n";
    Program getting({"get", "http://server.test/file", "--queue", queue_}, here_, shell);
    EXPECT_EQ(getting.exit_status(), 2);
    EXPECT_EQ(getting.errors(), "qmgr: file" + why);
    std::filesystem::create_directory(here_);
    Program resuming({"resume", "--queue", "queue"}, here_, shell);
    EXPECT_EQ(resuming.exit_status(), 2);
    EXPECT_EQ(resuming.errors(), "qmgr: queue" + why);
    std::filesystem::create_directory(here_);
    Program whole({"resume", "--queue", queue_}, here_, shell);
    EXPECT_EQ(whole.exit_status(), 0);
}

TEST_F(QmgrProgram, StdioServesUntilItsInputEnds) {
    Program program({"stdio"}, here_);
    program.write(R"({"hello":{"protocol":1,"state":")" + queue_ + "\"}}\n");
    EXPECT_THAT(program.line(),
                AllOf(StartsWith(R"({"hello":{"protocol":1,"name":"qmgr reference",)"),
                      HasSubstr("\"users\"")));
    program.write(R"({"id":5,"as":{"user":"u1"},"call":{"get_count":{"enumerator":9}}})"
                  "\n");
    EXPECT_EQ(program.line(), R"({"id":5,"reply":{"hresult":"RPC_E_DISCONNECTED"}})");
    program.end_input();
    EXPECT_EQ(program.exit_status(), 0);
    EXPECT_EQ(program.output() + program.errors(), "");
}

}  // namespace
}  // namespace qmgr
