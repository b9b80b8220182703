// The programs of docs/examples against a real server, as a newcomer runs them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "fakeserver/server/fault_server.hpp"

namespace qmgr::conformance {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr std::uint64_t kSize = 3'000'000;

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

    // Runs an example for a URL; what it printed is in `output` then.
    int run(const std::string& program, const std::string& url) {
        const fs::path programs = fs::read_symlink("/proc/self/exe").parent_path();
        const std::string command = "'" + (programs / program).string() + "' '" + url + "' '" +
                                    file().string() + "' '" + (folder / "queue").string() +
                                    "' 2>&1";
        std::FILE* const pipe = popen(command.c_str(), "r");
        output.clear();
        char buffer[256];
        while (std::fgets(buffer, sizeof buffer, pipe) != nullptr) output += buffer;
        const int status = pclose(pipe);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
    fs::path file() const { return folder / "file"; }

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

TEST_F(ExamplesTest, ADownloadGoesOnInTheNextLifeOfTheProgram) {
    EXPECT_EQ(run("survive_a_restart", server.url("/file")), 0) << output;
    EXPECT_EQ(output, "new download\ncomplete\n");
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
