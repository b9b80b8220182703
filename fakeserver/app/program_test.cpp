// The program as its users meet it: command line, exit status, one line a message.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "fakeserver/effect_table.hpp"
#include "fakeserver/fault_list.hpp"
#include "fakeserver/server/fault_server.hpp"
#include "fakeserver/server/raw_client.hpp"
#include "fakeserver/server/socket.hpp"
#include "fakeserver/server/tls_client.hpp"

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
        EXPECT_EQ(announced.size(), 4U);
        const RawClient client(port);
        client.send("GET /file HTTP/1.1\r\n\r\n");
        EXPECT_THAT(client.read(12).bytes, "HTTP/1.1 503");
        program.send(signal);
        EXPECT_EQ(program.exit_status(), 0);
    }
}

std::string ask(std::uint16_t port, const std::string& what, const std::string& lines) {
    const RawClient client(port);
    client.send(what + " HTTP/1.1\r\nConnection: close\r\n" + lines + "\r\n");
    return client.read_to_end().bytes;
}

std::uint16_t port_of(const std::string& url) {
    return static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
}

/// A name for a file that is not there yet; the file is removed at the end.
class NewFile {
  public:
    explicit NewFile(const std::string& name)
        : path(testing::TempDir() + std::to_string(::getpid()) + name) {}
    NewFile(const NewFile&) = delete;
    NewFile& operator=(const NewFile&) = delete;
    ~NewFile() { std::filesystem::remove(path); }

    std::string text() const {
        std::ifstream file(path);
        return {std::istreambuf_iterator<char>(file), {}};
    }

    const std::string path;
};

TEST(FakeserverProgram, OpensAControlDoorForItsToken) {
    Program program({"serve", "--script", kScript, "--host", "0.0.0.0"});
    program.line();  // the warning
    const auto announced = nlohmann::json::parse(program.line());
    const std::string door = announced.at("control");
    EXPECT_THAT(door, StartsWith("http://127.0.0.1:"));
    ask(announced.at("port"), "GET /file", "");
    EXPECT_THAT(ask(port_of(door), "GET /hits", ""), StartsWith("HTTP/1.1 401 "));
    const std::string token = announced.at("token");
    EXPECT_THAT(ask(port_of(door), "GET /hits", "Authorization: Bearer " + token + "\r\n"),
                testing::EndsWith("\r\n\r\n[{\"rule\":\"busy\",\"hits\":1}]\n"));
}

TEST(FakeserverProgram, OpensNoControlDoorIfItIsToldSo) {
    Program program({"serve", "--script", kScript, "--no-control"});
    const auto announced = nlohmann::json::parse(program.line());
    EXPECT_EQ(announced.size(), 2U);
}

TEST(FakeserverProgram, ServesThroughTlsAndWritesItsAuthority) {
    const NewFile authority("authority.pem");
    Program program({"serve", "--script", kScript, "--tls", "--authority", authority.path});
    const auto announced = nlohmann::json::parse(program.line());
    EXPECT_THAT(announced.at("url").get<std::string>(), StartsWith("https://127.0.0.1:"));
    EXPECT_EQ(announced.at("authority"), authority.path);
    const TlsClient client(announced.at("port"), authority.text(), "127.0.0.1");
    EXPECT_EQ(client.verdict(), 0);
    client.send("GET /file HTTP/1.1\r\n\r\n");
    EXPECT_THAT(client.read(12).bytes, "HTTP/1.1 503");
}

TEST(FakeserverProgram, KeepsAJournal) {
    const NewFile journal("journal.jsonl");
    Program program({"serve", "--script", kScript, "--journal", journal.path});
    const auto announced = nlohmann::json::parse(program.line());
    ask(announced.at("port"), "GET /one", "");
    ask(announced.at("port"), "GET /two", "");
    // Both answers have ended, and the program runs.
    const std::string text = journal.text();
    EXPECT_THAT(text, HasSubstr("\"path\":\"/one\""));
    EXPECT_THAT(text, testing::EndsWith("}\n"));
    EXPECT_EQ(std::ranges::count(text, '\n'), 2);
}

TEST(FakeserverProgram, ExitsWith2AndOneLineForAFileThatCannotBeWritten) {
    const std::vector<std::vector<std::string>> wrong{
        {"serve", "--script", kScript, "--journal", "/no/such/file"},
        {"serve", "--script", kScript, "--tls", "--authority", "/no/such/file"}};
    for (const std::vector<std::string>& arguments : wrong) {
        Program program(arguments);
        EXPECT_EQ(program.line(), "qmgr-fakeserver: /no/such/file: No such file or directory");
        EXPECT_EQ(program.line(), "");
        EXPECT_EQ(program.exit_status(), 2);
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

TEST(FakeserverProgram, ListsEveryFaultForPeopleAndForPrograms) {
    Program for_people({"faults"});
    EXPECT_EQ(for_people.line() + "\n",
              faults_markdown().substr(0, faults_markdown().find('\n') + 1));
    Program for_programs({"faults", "--json"});
    std::string text;
    for (std::string line = for_programs.line(); !line.empty(); line = for_programs.line()) {
        text += line;
    }
    const auto list = nlohmann::json::parse(text);
    EXPECT_EQ(list.size(), effect_table().size());
    EXPECT_TRUE(list.at(0).contains("example"));
    EXPECT_EQ(for_programs.exit_status(), 0);
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
        {},
        {"serve"},
        {"check"},
        {"dance"},
        {"serve", "--script", kScript, "--port", "65536"},
        {"serve", "--script", kScript, "--authority", "file"}};
    for (const std::vector<std::string>& arguments : wrong) {
        Program program(arguments);
        EXPECT_THAT(program.line(), StartsWith("qmgr-fakeserver: "));
        EXPECT_EQ(program.line(), "");
        EXPECT_EQ(program.exit_status(), 2);
    }
}

}  // namespace
}  // namespace qmgr::fakeserver
