// A real process whose journal cannot grow any more: the shell's file size limit stands for a full
// disk.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "conformance/loopback/pipe_system.hpp"

namespace qmgr::conformance {
namespace {

namespace fs = std::filesystem;

GroupId group_id(std::uint32_t number) {
    GroupId id;
    id.guid.bytes[0] = 1;
    id.guid.bytes[14] = static_cast<std::uint8_t>(number >> 8U);
    id.guid.bytes[15] = static_cast<std::uint8_t>(number & 0xFFU);
    return id;
}

TEST(FullDisk, EveryCallThatWasAnsweredOkIsThereAfterwardsAndTheRestWasRefused) {
    std::string folder = (fs::path(testing::TempDir()) / "qmgr-full-XXXXXX").string();
    ASSERT_NE(mkdtemp(folder.data()), nullptr);
    const std::string program = fs::read_symlink("/proc/self/exe").parent_path() / "qmgr";
    const std::string plain = "'" + program + "' stdio";
    // 400 blocks of 512 bytes hold a few dozen groups.
    const std::string limited = "sh -c \"trap '' XFSZ; ulimit -f 400; exec " + plain + "\"";
    const Caller caller{"u1", true};
    std::uint32_t created = 0;
    {
        PipeSystem system({limited, folder, {}});
        ASSERT_EQ(system.broken(), "");
        HResult code = HResult::Ok;
        for (std::uint32_t i = 0; i < 60'000 && code == HResult::Ok; ++i) {
            code = system.call(caller, call::CreateGroup{group_id(i)}).hresult;
            if (code == HResult::Ok) ++created;
        }
        EXPECT_EQ(code, HResult::QmServiceUnavailable);
        EXPECT_EQ(system.call(caller, call::EnumGroups{0}).hresult, HResult::QmServiceUnavailable);
    }
    EXPECT_GT(created, 0U);
    PipeSystem again({plain, folder, {}});
    for (std::uint32_t i = 0; i < created; ++i)
        EXPECT_EQ(again.call(caller, call::GetGroup{group_id(i)}).hresult, HResult::Ok) << i;
    EXPECT_EQ(again.call(caller, call::CreateGroup{group_id(60'001)}).hresult, HResult::Ok);
    fs::remove_all(folder);
}

}  // namespace
}  // namespace qmgr::conformance
