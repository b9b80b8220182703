// `qmgr probe` as its users meet it: command line, exit status and what it prints.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "reference/adapters/counting_origin.hpp"
#include "reference/app/one_file_server.hpp"

namespace qmgr {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

struct Ran {
    int exit_status = -1;
    std::string said;  ///< on stdout and stderr
};

/// `qmgr probe` with these arguments, as a shell takes them.
Ran probe(const std::string& arguments) {
    ::setenv("no_proxy", "*", 1);
    const std::string line = std::string(QMGR_PROGRAM) + " probe " + arguments + " 2>&1";
    FILE* const pipe = ::popen(line.c_str(), "r");
    Ran ran;
    std::array<char, 4096> piece{};
    while (const std::size_t count = std::fread(piece.data(), 1, piece.size(), pipe))
        ran.said.append(piece.data(), count);
    ran.exit_status = WEXITSTATUS(::pclose(pipe));
    return ran;
}

TEST(ProbeProgram, ExitsWith0AndSaysSoWhereBitsCanDownload) {
    const CountingOrigin origin(100'000);
    const Ran ran = probe(origin.url("/file"));
    EXPECT_EQ(ran.exit_status, 0);
    EXPECT_THAT(ran.said, AllOf(StartsWith(origin.url("/file") + "\n\nLOOK "),
                                HasSubstr("background: BITS can download this file")));
}

TEST(ProbeProgram, ExitsWith1AndTheCodeWhereItCannot) {
    const OneFileServer server("content", OneFileServer::FirstBody::Whole);
    const Ran ran = probe(server.url("/missing") + " --json");
    EXPECT_EQ(ran.exit_status, 1);
    EXPECT_THAT(ran.said, AllOf(StartsWith("{\n  \"probe\": 1,"), HasSubstr("\"0x80190194\"")));
}

TEST(ProbeProgram, ExitsWith2AndOneLineForAWrongCommandLine) {
    for (const char* wrong : {"", "ftp://server.test/f", "http://server.test/f more",
                              "--through nowhere", "http://u:secret@server.test:x/f"}) {
        const Ran ran = probe(wrong);
        EXPECT_EQ(ran.exit_status, 2) << wrong;
        EXPECT_THAT(ran.said, StartsWith("qmgr: ")) << wrong;
        EXPECT_EQ(ran.said.find('\n'), ran.said.size() - 1) << wrong;
        EXPECT_EQ(ran.said.find("secret"), std::string::npos);
    }
}

TEST(ProbeProgram, ExitsWith1WhenNobodyTakesWhatItSays) {
    const CountingOrigin origin(100);
    const Ran ran = probe(origin.url("/file") + " >/dev/full");
    EXPECT_EQ(ran.exit_status, 1);
}

}  // namespace
}  // namespace qmgr
