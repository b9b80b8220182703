// The pieces of the COM adapter that call nothing, tested where the rest of the project is.
#include "conformance/adapters/com/mapping.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "conformance/adapters/com/message.hpp"
#include "conformance/adapters/com/paths.hpp"
#include "conformance/adapters/com/table.hpp"

namespace qmgr::com_adapter {
namespace {

constexpr const char* kGuid = "6f9619ff-8b86-d011-b42d-00c04fc964ff";

using Words = std::vector<std::string>;

TEST(ComMappingTest, TwoCodesOfBitsAreCodesOfTheQueueManager) {
    EXPECT_EQ(code_name(as_group_code(0x80200001)), "QM_E_ITEM_NOT_FOUND");
    EXPECT_EQ(code_name(as_group_code(0x80200002)), "QM_E_INVALID_STATE");
    EXPECT_EQ(code_name(as_group_code(0x80200003)), "BG_E_EMPTY");
    EXPECT_EQ(code_name(as_group_code(0x80190194)), "0x80190194");
}

TEST(ComMappingTest, CodesComeBackFromTheirNames) {
    for (const Code code : {Code{0}, Code{1}, Code{0x80004005}, Code{0x80190194}})
        EXPECT_EQ(code_from_name(code_name(code)), code);
    EXPECT_EQ(code_from_name("E_COFFEE"), std::nullopt);
    EXPECT_EQ(code_from_name("0x8019019g"), std::nullopt);
}

TEST(ComMappingTest, AnHttpStatusIsInCodesOfItsFamilyOnly) {
    EXPECT_EQ(http_status(0x80190194), 404U);
    EXPECT_EQ(http_status(0x80200011), 0U);
}

TEST(ComMappingTest, ATransientErrorIsNoErrorOfTheGroup) {
    EXPECT_EQ(group_flags(JobState::TransientError, false), Words{"GROUP_INCOMPLETE"});
    EXPECT_EQ(group_flags(JobState::Error, true),
              (Words{"GROUP_INCOMPLETE", "GROUP_SUSPENDED", "GROUP_ERROR", "GROUP_FOREGROUND"}));
    EXPECT_EQ(group_flags(JobState::Transferred, false),
              group_flags(JobState::Acknowledged, false));
    EXPECT_EQ(group_flags(JobState::Cancelled, true), Words{});
}

TEST(ComMappingTest, PercentIsRoundedDownAndAHundredOnlyAtTheEnd) {
    EXPECT_EQ(percent_done(999, 1000, JobState::Transferring), 99U);
    EXPECT_EQ(percent_done(5, kUnknownSize, JobState::Transferring), 0U);
    EXPECT_EQ(percent_done(0, 0, JobState::Suspended), 0U);
    EXPECT_EQ(percent_done(0, 0, JobState::Acknowledged), 100U);
}

TEST(ComMappingTest, NumbersAbove32BitsAreCutAsTheirClausesSay) {
    EXPECT_EQ(size_of(0x100000000), 0U);
    EXPECT_EQ(size_of(0xFFFFFFFF), 0xFFFFFFFFU);
    EXPECT_EQ(size_done(0x100000000), 0xFFFFFFFFU);
}

TEST(ComMappingTest, NotifyFlagsGoThereAndBack) {
    EXPECT_EQ(to_bits_notify(0), 2U);
    for (const std::uint32_t flags : {0U, 4U, 0x40U, 0x44U})
        EXPECT_EQ(from_bits_notify(to_bits_notify(flags).value_or(99)), flags);
    EXPECT_EQ(to_bits_notify(1), std::nullopt);
}

TEST(ComMappingTest, AMillisecondOfPolicyIsNotNever) {
    EXPECT_EQ(seconds_of(0), 0U);
    EXPECT_EQ(seconds_of(1), 1U);
    EXPECT_EQ(seconds_of(60'000), 60U);
}

TEST(ComPathsTest, APathGoesThereAndBack) {
    const SharedFolder drive = shared_folder("/mnt/c=C:");
    EXPECT_EQ(to_windows(drive, "/mnt/c/Temp/a b"), "C:\\Temp\\a b");
    EXPECT_EQ(to_unix(drive, "C:\\Temp\\a b"), "/mnt/c/Temp/a b");
    EXPECT_EQ(to_windows(SharedFolder(), "/tmp/a"), "Z:\\tmp\\a");
}

TEST(ComPathsTest, WhatIsNotBelowTheSharedFolderStays) {
    EXPECT_EQ(to_windows(shared_folder("/mnt/c=C:"), "/tmp/a"), "/tmp/a");
    EXPECT_EQ(to_windows(SharedFolder(), "relative"), "relative");
}

TEST(ComPathsTest, AnOptionWithoutTwoNamesIsRefused) {
    for (const char* text : {"", "=", "/=", "=C:", "/mnt/c"})
        EXPECT_EQ(shared_folder(text).unix_name, "") << text;
}

// Reads one argument after the other; what was expected of the first bad one, or "".
template <class Read>
std::string complaint(const std::string& method, const char* body, Read read) {
    const Json json = Json::parse(body);
    try {
        read(Arguments(method, json, "/call"));
        return "";
    } catch (const BadMessage& bad) {
        return bad.place + ": " + bad.expected;
    }
}

TEST(ComMessageTest, WrongFieldsAreNamed) {
    const auto guid = [](const Arguments& read) { read.guid("group_id"); };
    const auto number = [](const Arguments& read) { read.number("flags"); };
    EXPECT_EQ(complaint("get_group", R"({"group_id":"x"})", guid),
              "/call/get_group/group_id: a GUID as 8-4-4-4-12 hex digits");
    EXPECT_EQ(complaint("enum_groups", R"({"flags":4294967296})", number),
              "/call/enum_groups/flags: a whole number from 0 to 4294967295");
    EXPECT_EQ(complaint("enum_groups", R"({"flags":0,"flag":1})", number),
              "/call/enum_groups: no field \"flag\"");
    EXPECT_EQ(complaint("enum_groups", "{}", number), "/call/enum_groups/flags: this field");
}

TEST(ComMessageTest, ACallThatNobodyKnowsIsUnsupported) {
    EXPECT_THROW(Arguments("make_coffee", Json::object(), "/call"), Unsupported);
}

TEST(ComMessageTest, ValuesAreReadByNameOrNumber) {
    const Json body = Json::parse(
        R"({"group":1,"property":"GROUPPROP_DISPLAYNAME","value":{"type":"VT_BSTR","text":"a"}})");
    const Arguments named("set_prop", body, "/call");
    EXPECT_EQ(named.property("property"), 11U);
    EXPECT_EQ(named.value("value").type, kText);
    EXPECT_EQ(to_json(named.value("value")), body.at("value"));
}

TEST(ComTableTest, WhatWasPutIsThereForTheNextProcess) {
    const auto file = std::filesystem::path(testing::TempDir()) / "groups.json";
    std::filesystem::remove(file);
    Group group;
    group.bits_id = "b";
    group.group_id = kGuid;
    group.job_id = "j";
    Table first(file.string());
    EXPECT_FALSE(first.was_there());
    first.put(group);
    EXPECT_EQ(first.next_number(), 1U);

    Table second(file.string());
    EXPECT_TRUE(second.was_there());
    EXPECT_EQ(second.of_group(kGuid).value_or(Group{}).bits_id, "b");
    EXPECT_TRUE(second.has_job("j"));
    EXPECT_EQ(second.next_number(), 2U);
}

TEST(ComTableTest, ACancelledGroupIsFoundOnlyWhenNoOtherHasItsGuid) {
    const auto file = std::filesystem::path(testing::TempDir()) / "cancelled.json";
    std::filesystem::remove(file);
    Table table(file.string());
    Group group;
    group.bits_id = "a";
    group.group_id = kGuid;
    group.cancelled = true;
    table.put(group);
    EXPECT_EQ(table.of_group(kGuid).value_or(Group{}).bits_id, "a");
    group.bits_id = "b";
    group.cancelled = false;
    table.put(group);
    EXPECT_EQ(table.of_group(kGuid).value_or(Group{}).bits_id, "b");
}

}  // namespace
}  // namespace qmgr::com_adapter
