// The program as its users meet it: command line, exit status, what it prints and what it leaves.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <utility>

#include "reference/app/program_run.hpp"

namespace qmgr {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

class QmgrProgram : public testing::Test, protected ProgramPlace {};

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
    EXPECT_EQ(third.errors(), "qmgr: " + queue_ + ": this queue is open in process " +
                                  std::to_string(first.pid()) + " (qmgr)\n");
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
    const std::vector<std::vector<std::string>> wrong{
        {},
        {"dance"},
        {"get"},
        {"get", "http://server.test/"},
        {"get", "http://server.test"},
        {"get", "http://server.test/..?x"},
        {"get", "http://server.test/f", "-o", "."},
        {"resume", "now"},
        {"resume", "now", "--quiet"},
        {"cancel"},
        {"cancel", "now"},
        {"cancel", "--all", "now"},
        {"list", "now"},
        {"get", "http://h/a", "http://g/a"},
        {"get", "http://h/a", "http://h/b", "-o", "c"},
        {"get", "http://h/a", "-o", "c", "-d", "."},
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
