// Ten thousand groups in a real process: made by an administrator, who is exempt from all limits
// (LIM-03), listed, half of them cancelled, the process killed and started again.
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "conformance/loopback/pipe_system.hpp"

namespace qmgr::conformance {
namespace {

constexpr std::uint32_t kGroups = 10'000;
const Caller kAdministrator{"admin", true};

Guid guid_of(std::uint32_t kind, std::uint32_t number) {
    Guid guid;
    guid.bytes = {0x5e, 0xed, static_cast<std::uint8_t>(kind)};
    for (std::size_t i = 0; i < 4; ++i)
        guid.bytes[12 + i] = static_cast<std::uint8_t>(number >> (24 - 8 * i) & 0xFFU);
    return guid;
}
GroupId group_id(std::uint32_t number) { return {guid_of(1, number)}; }
JobId job_id(std::uint32_t number) { return {guid_of(2, number)}; }

template <class Value>
Value value_of(const Reply& reply) {
    EXPECT_EQ(reply.hresult, HResult::Ok);
    const Value* value = std::get_if<Value>(&reply.value);
    return value ? *value : Value{};
}

std::vector<Guid> listed(PipeSystem& system, const Caller& caller) {
    const auto list = value_of<EnumeratorHandle>(system.call(caller, call::EnumGroups{}));
    const auto count = value_of<value::Count>(system.call(caller, call::GetCount{list})).number;
    return value_of<value::Fetched>(system.call(caller, call::Next{list, count})).ids;
}

class ManyGroupsTest : public testing::Test {
  protected:
    ManyGroupsTest() { EXPECT_NE(mkdtemp(folder.data()), nullptr); }
    ~ManyGroupsTest() override { std::filesystem::remove_all(folder); }

    std::string folder = (std::filesystem::path(testing::TempDir()) / "qmgr-many-XXXXXX").string();
};

TEST_F(ManyGroupsTest, AreListedCancelledAndFoundAgainByAProcessThatWasKilled) {
    const std::string program =
        std::filesystem::read_symlink("/proc/self/exe").parent_path() / "qmgr";
    PipeSystem system({"'" + program + "' stdio", folder + "/state", Policy{}});
    std::vector<GroupHandle> groups;
    for (std::uint32_t n = 0; n < kGroups; ++n) {
        groups.push_back(
            value_of<GroupHandle>(system.call(kAdministrator, call::CreateGroup{group_id(n)})));
        ASSERT_EQ(system.call(kAdministrator, call::CreateJob{groups.back(), job_id(n)}).hresult,
                  HResult::Ok)
            << n << ": " << system.broken();
    }
    ASSERT_EQ(listed(system, kAdministrator).size(), kGroups);
    for (std::uint32_t n = 0; n < kGroups; n += 2)
        ASSERT_EQ(system.call(kAdministrator, call::CancelGroup{groups[n]}).hresult, HResult::Ok);
    const std::vector<Guid> left = listed(system, kAdministrator);
    ASSERT_EQ(left.size(), kGroups / 2);

    system.restart();
    EXPECT_EQ(listed(system, kAdministrator), left);
    EXPECT_TRUE(listed(system, {"u1", false}).empty());
    for (std::uint32_t n = 0; n < kGroups; n += 100) {
        EXPECT_EQ(system.call(kAdministrator, call::GetGroup{group_id(n)}).hresult,
                  HResult::QmItemNotFound);
        const auto group =
            value_of<GroupHandle>(system.call(kAdministrator, call::GetGroup{group_id(n + 1)}));
        EXPECT_EQ(system.call(kAdministrator, call::GetJob{group, job_id(n + 1)}).hresult,
                  HResult::Ok);
    }
}

}  // namespace
}  // namespace qmgr::conformance
