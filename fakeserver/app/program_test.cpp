// The program as its users meet it: command line, exit status, one line a message.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "fakeserver/server/fault_server.hpp"
#include "fakeserver/server/raw_client.hpp"
#include "fakeserver/server/socket.hpp"

namespace qmgr::fakeserver {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kScript = "fakeserver/scripts/busy-once.json";

/// The program with these arguments; its output and its errors come through one pipe.
class Program {
  public:
    explicit Program(std::vector<std::string> arguments) {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
            return;
        }
        output_ = Descriptor(ends[0]);
        const Descriptor input(ends[1]);
        arguments.insert(arguments.begin(), QMGR_FAKESERVER_PROGRAM);
        std::vector<char*> words;
        for (std::string& argument : arguments) {
            words.push_back(argument.data());
        }
        words.push_back(nullptr);
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_adddup2(&actions, input.get(), STDOUT_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions, input.get(), STDERR_FILENO);
        ::posix_spawn(&pid_, words[0], &actions, nullptr, words.data(), environ);
        ::posix_spawn_file_actions_destroy(&actions);
    }
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;
    ~Program() {
        if (pid_ > 0) {
            send(SIGKILL);
            exit_status();
        }
    }

    /// The next line, without its end; at the end of the output what is left.
    std::string line() const {
        std::string text;
        char c = 0;
        while (::read(output_.get(), &c, 1) == 1 && c != '\n') {
            text += c;
        }
        return text;
    }
    void send(int signal) const { ::kill(pid_, signal); }
    /// Waits for the end of the program.
    int exit_status() {
        int status = -1;
        ::waitpid(pid_, &status, 0);
        pid_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

  private:
    Descriptor output_;
    pid_t pid_ = -1;
};

TEST(FakeserverProgram, ServesUntilItIsAskedToEnd) {
    for (const int signal : {SIGTERM, SIGINT}) {
        Program program({"serve", "--script", kScript});
        const auto announced = nlohmann::json::parse(program.line());
        const auto port = announced.at("port").get<std::uint16_t>();
        EXPECT_EQ(announced.at("url"), "http://127.0.0.1:" + std::to_string(port));
        EXPECT_EQ(announced.size(), 2U);
        const RawClient client(port);
        client.send("GET /file HTTP/1.1\r\n\r\n");
        EXPECT_THAT(client.read(12).bytes, "HTTP/1.1 503");
        program.send(signal);
        EXPECT_EQ(program.exit_status(), 0);
    }
}

TEST(FakeserverProgram, WarnsWhenItListensForOthers) {
    Program program({"serve", "--script", kScript, "--host", "0.0.0.0"});
    EXPECT_THAT(program.line(), HasSubstr("warning: 0.0.0.0 is not a loopback address"));
}

TEST(FakeserverProgram, ExitsWith3WhenThePortIsTaken) {
    const FaultServer server(Script{});
    const std::string port = std::to_string(server.port());
    Program program({"serve", "--script", kScript, "--port", port});
    EXPECT_EQ(program.line(),
              "qmgr-fakeserver: port " + port + " of 127.0.0.1: Address already in use");
    EXPECT_EQ(program.line(), "");
    EXPECT_EQ(program.exit_status(), 3);
}

TEST(FakeserverProgram, ChecksAScript) {
    Program program({"check", kScript});
    EXPECT_EQ(program.line(),
              "fakeserver/scripts/busy-once.json: \"503 once, then fine\", resources 1, rules 1");
    EXPECT_EQ(program.exit_status(), 0);
}

TEST(FakeserverProgram, ExitsWith2AndOneLineForAFileThatIsNoScript) {
    for (const char* verb : {"check", "serve"}) {
        Program program(
            verb == std::string("check")
                ? std::vector<std::string>{"check", "fakeserver/content.hpp"}
                : std::vector<std::string>{"serve", "--script", "fakeserver/content.hpp"});
        EXPECT_THAT(program.line(),
                    StartsWith("qmgr-fakeserver: fakeserver/content.hpp: line 1, column 1: "
                               "expected JSON"));
        EXPECT_EQ(program.line(), "");
        EXPECT_EQ(program.exit_status(), 2);
    }
}

TEST(FakeserverProgram, ExitsWith2AndOneLineForAFileThatCannotBeRead) {
    for (const std::string path : {"fakeserver/scripts", "no/such/file", "/proc/self/mem"}) {
        Program program({"check", path});
        EXPECT_EQ(program.line(), "qmgr-fakeserver: " + path +
                                      ": expected a file that can be read and is not empty");
        EXPECT_EQ(program.line(), "");
        EXPECT_EQ(program.exit_status(), 2);
    }
}

TEST(FakeserverProgram, ExitsWith2AndOneLineForAWrongCommandLine) {
    const std::vector<std::vector<std::string>> wrong{
        {}, {"serve"}, {"check"}, {"dance"}, {"serve", "--script", kScript, "--port", "65536"}};
    for (const std::vector<std::string>& arguments : wrong) {
        Program program(arguments);
        EXPECT_THAT(program.line(), StartsWith("qmgr-fakeserver: "));
        EXPECT_EQ(program.line(), "");
        EXPECT_EQ(program.exit_status(), 2);
    }
}

}  // namespace
}  // namespace qmgr::fakeserver
