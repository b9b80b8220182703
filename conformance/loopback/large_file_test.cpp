// A file of 5 GiB through a real process: right at both ends and everywhere looked at, with little
// memory. The server makes the bytes up, and the disk has to hold them.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <span>
#include <string>

#include "conformance/loopback/child_process.hpp"
#include "conformance/loopback/loopback_rig.hpp"
#include "fakeserver/content.hpp"
#include "fakeserver/server/fault_server.hpp"

namespace qmgr::conformance {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kGiB = 1ULL << 30U;
constexpr std::uint64_t kSize = 5 * kGiB;
constexpr std::uint64_t kSeed = 5;
constexpr std::uint64_t kMostMemoryKiB = 64ULL << 10U;

// VmHWM of that process, or of its only child, which the shell has started.
std::uint64_t peak_memory_kib(pid_t pid) {
    const std::string process = "/proc/" + std::to_string(pid);
    std::string child;
    std::ifstream(process + "/task/" + std::to_string(pid) + "/children") >> child;
    std::ifstream status((child.empty() ? process : "/proc/" + child) + "/status");
    for (std::string word; status >> word;) {
        if (word != "VmHWM:") continue;
        std::uint64_t kib = 0;
        status >> kib;
        return kib;
    }
    return 0;
}

bool is_content_in_places(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::vector<char> bytes(1U << 20U);
    for (std::uint64_t at = 0; at < kSize; at += kGiB / 4 - 4096) {
        const std::uint64_t count = std::min<std::uint64_t>(bytes.size(), kSize - at);
        file.seekg(static_cast<std::streamoff>(at));
        file.read(bytes.data(), static_cast<std::streamsize>(count));
        const std::span<const char> part(bytes.data(), static_cast<std::size_t>(file.gcount()));
        if (part.size() != count || !fakeserver::is_content(kSeed, at, std::as_bytes(part)))
            return false;
    }
    return true;
}

TEST(LargeFile, OfFiveGibibytesComesInFewMebibytesOfMemory) {
    std::string folder = (fs::path(testing::TempDir()) / "qmgr-large-XXXXXX").string();
    ASSERT_NE(mkdtemp(folder.data()), nullptr);
    if (fs::space(folder).available < kSize + kGiB) {
        fs::remove_all(folder);
        GTEST_SKIP() << "six gibibytes of free disk are needed";
    }
    fakeserver::Script script;
    script.title = "large";
    script.why = "A system image.";
    script.resources = {{"/large", kSize, kSeed, "Wed, 04 Sep 2024 02:15:41 GMT", {}}};
    fakeserver::FaultServer server(script);
    const std::string program = fs::read_symlink("/proc/self/exe").parent_path() / "qmgr";
    std::uint64_t peak_kib = 0;
    {
        ChildProcess child("'" + program + "' get " + server.url("/large") + " -o '" + folder +
                           "/large' --queue '" + folder + "/q' --quiet");
        const auto over = [&] { return fs::exists(folder + "/large"); };
        while (!over()) {
            const std::uint64_t now_kib = peak_memory_kib(child.pid());
            if (now_kib == 0) {  // the program has ended
                ASSERT_TRUE(over());
                break;
            }
            peak_kib = std::max(peak_kib, now_kib);
            pass_real_time(Duration(20));
        }
    }
    EXPECT_EQ(fs::file_size(folder + "/large"), kSize);
    EXPECT_TRUE(is_content_in_places(folder + "/large"));
    EXPECT_LT(peak_kib, kMostMemoryKiB);
    RecordProperty("peak_kib", static_cast<int>(peak_kib));
    std::cout << "peak memory: " << peak_kib << " KiB" << std::endl;
    fs::remove_all(folder);
}

}  // namespace
}  // namespace qmgr::conformance
