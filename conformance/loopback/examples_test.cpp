// The programs of docs/examples against a real server, as a newcomer runs them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pwd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/loopback/child_process.hpp"
#include "conformance/loopback/loopback_rig.hpp"
#include "fakeserver/server/fault_server.hpp"

namespace qmgr::conformance {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr std::uint64_t kSize = 3'000'000;
// Only a broken program needs so long for an answer; a loaded machine does not.
constexpr std::chrono::minutes kPatience(1);
// With the GUIDs of survive_a_restart.cpp; the handles are the first two of a queue.
constexpr std::string_view kCreateGroup =
    R"({"create_group":{"group_id":"5d1c0f0e-2b7e-4b55-8f0a-0c6a4d9e7a01"}})";
constexpr std::string_view kCreateJob =
    R"({"create_job":{"group":1,"job_id":"5d1c0f0e-2b7e-4b55-8f0a-0c6a4d9e7a02"}})";

fakeserver::Script one_file() {
    fakeserver::Script script;
    script.resources = {
        {.path = "/file", .size = kSize, .last_modified = "Tue, 02 Jan 2001 03:04:05 GMT"}};
    return script;
}

class ExamplesTest : public testing::Test {
  protected:
    ExamplesTest() {
        std::string name = (fs::path(testing::TempDir()) / "qmgr-examples-XXXXXX").string();
        EXPECT_NE(mkdtemp(name.data()), nullptr);
        folder = name;
    }
    ~ExamplesTest() override { fs::remove_all(folder); }

    std::string command(const std::string& program, const std::string& url) const {
        const fs::path programs = fs::read_symlink("/proc/self/exe").parent_path();
        return "'" + (programs / program).string() + "' '" + url + "' '" + file().string() + "' '" +
               (folder / "queue").string() + "'";
    }
    // Runs an example for a URL; what it printed is in `output` then.
    int run(const std::string& program, const std::string& url) {
        std::FILE* const pipe = popen((command(program, url) + " 2>&1").c_str(), "r");
        output.clear();
        char buffer[256];
        while (std::fgets(buffer, sizeof buffer, pipe) != nullptr) output += buffer;
        const int status = pclose(pipe);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
    fs::path file() const { return folder / "file"; }
    // Until the part beside the file holds so many bytes.
    bool wait_for_bytes(std::uint64_t count) const {
        for (int look = 0; look < 60'000; ++look) {
            for (const auto& entry : fs::directory_iterator(folder))
                if (entry.is_regular_file() && entry.file_size() >= count) return true;
            pass_real_time(Duration(2));
        }
        return false;
    }
    // Leaves behind what an earlier run had made of its group when it was killed.
    void leave_behind(const std::vector<std::string>& calls) const {
        const passwd* const user = getpwuid(getuid());
        ASSERT_NE(user, nullptr);
        ChildProcess queue(
            "'" + (fs::read_symlink("/proc/self/exe").parent_path() / "qmgr").string() + "' stdio");
        queue.write_line(
            R"({"hello":{"protocol":1,"state":")" + (folder / "queue").string() + R"("}})",
            kPatience);
        std::string answer = queue.read_line(kPatience).value_or("nothing");
        EXPECT_THAT(answer, HasSubstr("abilities"));
        for (const std::string& call : calls) {
            queue.write_line(R"({"id":1,"as":{"user":")" + std::string(user->pw_name) +
                                 R"("},"call":)" + call + "}",
                             kPatience);
            answer = queue.read_line(kPatience).value_or("nothing");
            EXPECT_THAT(answer, HasSubstr("S_OK"));
        }
        queue.kill();
    }

    fakeserver::FaultServer server{one_file()};
    fs::path folder;
    std::string output;
};

TEST_F(ExamplesTest, ADownloadWithProgressEndsWithTheFile) {
    EXPECT_EQ(run("download_with_progress", server.url("/file")), 0) << output;
    EXPECT_THAT(output, HasSubstr(" %\n"));
    EXPECT_THAT(output, HasSubstr("is there\n"));
    EXPECT_EQ(fs::file_size(file()), kSize);
    // It left nothing in the queue, so the same line works again.
    EXPECT_EQ(run("download_with_progress", server.url("/file")), 0) << output;
}

TEST_F(ExamplesTest, ADownloadWithProgressSaysWhatWentWrong) {
    EXPECT_EQ(run("download_with_progress", server.url("/missing")), 1);
    EXPECT_THAT(output, HasSubstr("failed: 0x80190194, HTTP status 404\n"));
    EXPECT_EQ(run("download_with_progress", "ftp://server/file"), 1);
    EXPECT_THAT(output, HasSubstr("cannot be started: E_INVALIDARG\n"));
    EXPECT_EQ(run("download_with_progress", server.url("/file")), 0) << output;
}

TEST_F(ExamplesTest, ADownloadSurvivesTheRestartThatTheProgramMakes) {
    EXPECT_EQ(run("survive_a_restart", server.url("/file")), 0) << output;
    EXPECT_EQ(output, "new download\ncomplete\n");
    EXPECT_EQ(fs::file_size(file()), kSize);
}

TEST_F(ExamplesTest, ADownloadGoesOnInTheNextLifeOfTheProgram) {
    // Two lives of the queue get four fifths of the file at most, so no run of the program ends.
    fakeserver::Script silent = one_file();
    fakeserver::FaultRule rule;
    rule.name = "silent";
    rule.match.method = "GET";
    rule.faults = {{.effect = fakeserver::Effect::Stall, .at = {.byte = kSize / 5 * 2}}};
    silent.rules.push_back(rule);
    server.set_script(silent);
    {
        ChildProcess first(command("survive_a_restart", server.url("/file")));
        ASSERT_TRUE(wait_for_bytes(kSize / 5 * 2));
        first.kill();
    }
    EXPECT_FALSE(fs::exists(file()));
    server.set_script(one_file());
    EXPECT_EQ(run("survive_a_restart", server.url("/file")), 0) << output;
    EXPECT_EQ(output, "going on\ncomplete\n");
    EXPECT_EQ(fs::file_size(file()), kSize);
}

TEST_F(ExamplesTest, ADownloadThatWasKilledWhileItWasMadeIsMadeWhole) {
    leave_behind({std::string(kCreateGroup)});
    EXPECT_EQ(run("survive_a_restart", server.url("/file")), 0) << output;
    EXPECT_EQ(output, "going on\ncomplete\n");
    EXPECT_EQ(fs::file_size(file()), kSize);

    fs::remove(file());
    leave_behind({std::string(kCreateGroup), std::string(kCreateJob),
                  R"({"add_files":{"job":2,"files":[{"remote_name":")" + server.url("/file") +
                      R"(","local_name":")" + file().string() + R"("}]}})"});
    EXPECT_EQ(run("survive_a_restart", server.url("/file")), 0) << output;
    EXPECT_EQ(output, "going on\ncomplete\n");
    EXPECT_EQ(fs::file_size(file()), kSize);
}

TEST_F(ExamplesTest, ADownloadThatFailedIsTriedAgainInTheNextRun) {
    server.set_script({});
    EXPECT_EQ(run("survive_a_restart", server.url("/file")), 1);
    EXPECT_EQ(output, "new download\nin error\n");
    server.set_script(one_file());
    EXPECT_EQ(run("survive_a_restart", server.url("/file")), 0);
    EXPECT_EQ(output, "going on\ncomplete\n");
}

}  // namespace
}  // namespace qmgr::conformance
