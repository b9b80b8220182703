// `qmgr get` killed with SIGKILL three times and finished by `qmgr resume`: the right bytes, with
// one GET from zero in the file's whole life. KILL_TEST_MIB is the size of the file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <span>

#include "conformance/loopback/child_process.hpp"
#include "conformance/loopback/loopback_rig.hpp"
#include "fakeserver/content.hpp"
#include "fakeserver/server/fault_server.hpp"

namespace qmgr::conformance {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMiB = 1024 * 1024;
constexpr std::uint64_t kSize = std::uint64_t{KILL_TEST_MIB} * kMiB + 12'345;
constexpr std::uint64_t kSeed = 77;
constexpr std::uint64_t kKills = 3;

// The server falls silent once in each quarter but the last, so that a kill lands in the middle.
fakeserver::Script silent_three_times() {
    fakeserver::Script script;
    script.title = "killed three times";
    script.why = "A client that dies in the middle of a long download, again and again.";
    script.resources = {{"/big", kSize, kSeed, "Wed, 04 Sep 2024 02:15:41 GMT", {}}};
    for (std::uint64_t i = 0; i < kKills; ++i) {
        fakeserver::FaultRule rule;
        rule.name = "stall " + std::to_string(i + 1);
        rule.match.method = "GET";
        rule.faults = {{.effect = fakeserver::Effect::Stall, .at = {.byte = kSize / 4}}};
        rule.times = 1;
        script.rules.push_back(rule);
    }
    return script;
}

bool is_content(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::vector<char> bytes(kMiB);
    std::uint64_t offset = 0;
    while (file.read(bytes.data(), static_cast<std::streamsize>(bytes.size())) ||
           file.gcount() > 0) {
        const std::span<const char> part(bytes.data(), static_cast<std::size_t>(file.gcount()));
        if (!fakeserver::is_content(kSeed, offset, std::as_bytes(part))) return false;
        offset += part.size();
    }
    return offset == kSize;
}

std::uint64_t largest_file(const fs::path& folder) {
    std::uint64_t largest = 0;
    for (const auto& entry : fs::directory_iterator(folder))
        largest = std::max<std::uint64_t>(largest, entry.file_size());
    return largest;
}

// Until the part holds so many bytes and the service has had time to make them durable.
bool wait_for_bytes(const fs::path& folder, std::uint64_t count) {
    for (int look = 0; look < 60'000; ++look) {
        if (largest_file(folder) >= count) {
            pass_real_time(Duration(600));  // more than twice Policy::sync_interval
            return true;
        }
        pass_real_time(Duration(2));
    }
    return false;
}

TEST(Kill, ADownloadKilledThreeTimesEndsWithTheRightBytesAndOneGetFromZero) {
    std::string folder = (fs::path(testing::TempDir()) / "qmgr-kill-XXXXXX").string();
    ASSERT_NE(mkdtemp(folder.data()), nullptr);
    fs::create_directory(folder + "/d");
    fakeserver::FaultServer server(silent_three_times());
    const std::string program = fs::read_symlink("/proc/self/exe").parent_path() / "qmgr";
    const std::string queue = " --queue '" + folder + "/q' --quiet";
    std::string command =
        "'" + program + "' get " + server.url("/big") + " -o '" + folder + "/d/big'" + queue;
    for (std::uint64_t kill = 1; kill <= kKills; ++kill) {
        ChildProcess child(command);
        ASSERT_TRUE(wait_for_bytes(folder + "/d", kill * (kSize / 4))) << "kill " << kill;
        child.kill();
        command = "'" + program + "' resume" + queue;
    }
    EXPECT_EQ(std::system(command.c_str()), 0);
    EXPECT_TRUE(is_content(folder + "/d/big"));
    EXPECT_EQ(std::distance(fs::directory_iterator(folder + "/d"), fs::directory_iterator()), 1);
    std::uint64_t from_zero = 0;
    for (const auto& served : server.requests())
        if (served.request.method == "GET" &&
            !fakeserver::find_header(served.request.headers, "range"))
            ++from_zero;
    EXPECT_EQ(from_zero, 1U);
    for (const auto& rule : server.hits()) EXPECT_EQ(rule.hits, 1U) << rule.rule;
    fs::remove_all(folder);
}

}  // namespace
}  // namespace qmgr::conformance
