// The pieces of the COM adapter that call nothing, tested where the rest of the project is.
#include "conformance/adapters/com/mapping.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "conformance/adapters/com/lines.hpp"
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
    for (const std::uint32_t exact : {29U, 57U, 58U})
        EXPECT_EQ(percent_done(exact, 100, JobState::Transferring), exact);
    EXPECT_EQ(percent_done(kUnknownSize / 2, kUnknownSize - 1, JobState::Transferring), 50U);
    EXPECT_EQ(percent_done(kUnknownSize - 1, 7, JobState::Transferring), 100U);
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

// What `read` says of a line.
template <class Read>
std::string error_of(const char* line, Read read) {
    try {
        read(Json::parse(line));
        return "";
    } catch (const BadMessage& bad) {
        return error_text(3, bad);
    }
}

TEST(ComLinesTest, AnErrorNamesTheLineAndThePlaceIfThereIsOne) {
    EXPECT_EQ(error_text(1, {"", "a JSON object"}), "stdin:1: expected a JSON object");
    EXPECT_EQ(error_text(2, {"/as", "this field"}), "stdin:2: /as: expected this field");
}

TEST(ComLinesTest, AMessageHasOneKindAndNoFieldThatThePageDoesNotHave) {
    EXPECT_EQ(kind_of(Json::parse(R"({"id":1,"as":{},"call":{}})")), "call");
    EXPECT_EQ(error_of(R"({"id":1,"cal":{}})", kind_of),
              "stdin:3: expected one of hello, call, surroundings, register, answer");
    EXPECT_EQ(error_of(R"({"hello":{},"id":1})", kind_of), "stdin:3: expected no field \"id\"");
}

TEST(ComLinesTest, ACallerHasAUserAndPerhapsAdministratorsRights) {
    EXPECT_EQ(error_of(R"({"as":{"user":"u1","administrator":true}})", require_caller), "");
    EXPECT_EQ(error_of(R"({"id":1})", require_caller), "stdin:3: /as: expected this field");
    EXPECT_EQ(error_of(R"({"as":{"user":"u1","adminstrator":true}})", require_caller),
              "stdin:3: /as: expected no field \"adminstrator\"");
    EXPECT_EQ(error_of(R"({"as":{"user":"u1","administrator":1}})", require_caller),
              "stdin:3: /as/administrator: expected true or false");
}

TEST(ComLinesTest, AnAnswerHasANumberAndACode) {
    const Answer answer = answer_of(Json::parse(R"({"number":7,"hresult":"E_FAIL"})"));
    EXPECT_EQ(answer.number, 7U);
    EXPECT_EQ(answer.code, kFailed);
    EXPECT_EQ(error_of(R"({"number":7,"hresult":"S_OK","again":true})", answer_of),
              "stdin:3: /answer: expected no field \"again\"");
    EXPECT_EQ(error_of(R"({"number":7,"hresult":"FINE"})", answer_of),
              "stdin:3: /answer/hresult: expected the name of an HRESULT or 0x and 8 digits");
}

TEST(ComLinesTest, AClassIsAGuidInBraces) {
    EXPECT_EQ(class_of({{"clsid", "{" + std::string(kGuid) + "}"}}), kGuid);
    EXPECT_EQ(error_of(R"({"clsid":"6f9619ff-8b86-d011-b42d-00c04fc964ff"})", class_of),
              "stdin:3: /register/clsid: expected a GUID in braces");
}

TEST(ComLinesTest, HelloIsTranslatedAndItsPolicyIsAnObject) {
    const auto read = [](const Json& hello) { return settings_of(hello, SharedFolder()); };
    const Settings settings = read(Json::parse(
        R"({"protocol":1,"state":"/tmp/s","policy":{"retry_delay_ms":1500,"wire":"bits_7_8"}})"));
    EXPECT_EQ(settings.state_folder, "Z:\\tmp\\s");
    EXPECT_EQ(settings.retry_delay_s, 2U);
    EXPECT_FALSE(settings.has_no_progress_timeout);
    EXPECT_EQ(error_of(R"({"protocol":1,"state":"/tmp/s","policy":[]})", read),
              "stdin:3: /hello/policy: expected an object");
    EXPECT_EQ(error_of(R"({"protocol":2,"state":"/tmp/s"})", read),
              "stdin:3: /hello/protocol: expected 1");
}

TEST(ComMessageTest, TypesWhoseValueMayBeAPointerAreNoIntegers) {
    EXPECT_TRUE(is_integer(kInteger));
    EXPECT_TRUE(is_integer(21));  // VT_UI8
    // VT_EMPTY, VT_R8, VT_BSTR, VT_DISPATCH, VT_VARIANT, VT_DECIMAL, VT_LPSTR, VT_BYREF | VT_I4
    for (const int type : {0, 5, 8, 9, 12, 14, 30, 0x4003})
        EXPECT_FALSE(is_integer(static_cast<std::uint16_t>(type))) << type;
}

TEST(ComMessageTest, AReplyHasTheCodeThatIsAnswered) {
    EXPECT_EQ(reply(0x80200001), Json({{"hresult", "0x80200001"}}));
    EXPECT_EQ(reply(as_group_code(0x80200001)), Json({{"hresult", "QM_E_ITEM_NOT_FOUND"}}));
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

std::string fresh_file(const std::string& name) {
    const auto file = std::filesystem::path(testing::TempDir()) / ("com_table_" + name);
    std::filesystem::remove(file);
    return file.string();
}

TEST(ComTableTest, WhatWasPutIsThereForTheNextProcess) {
    const std::string file = fresh_file("groups.json");
    Group group;
    group.bits_id = "b";
    group.group_id = kGuid;
    group.job_id = "j";
    Table first(file);
    EXPECT_FALSE(first.was_there());
    first.put(group);
    first.change("b", [](Group& changed) { changed.hinted = true; });
    EXPECT_EQ(first.delivery("b", &Group::error_number), 1U);

    Table second(file);
    EXPECT_TRUE(second.was_there());
    EXPECT_EQ(second.of_group(kGuid).value_or(Group{}).bits_id, "b");
    EXPECT_TRUE(second.has_job("j"));
    EXPECT_TRUE(second.of_bits("b").value_or(Group{}).hinted);
    EXPECT_EQ(second.delivery("b", &Group::error_number), 1U);
    EXPECT_EQ(second.delivery("b", &Group::completion_number), 2U);
}

TEST(ComTableTest, NoChangeOfTwoThreadsIsLost) {
    Table table(fresh_file("threads.json"));
    Group group;
    group.bits_id = "b";
    table.put(group);
    constexpr std::uint64_t kTimes = 200;
    const auto count = [&](std::uint64_t Group::*kind) {
        for (std::uint64_t i = 0; i < kTimes; ++i)
            table.change("b", [&](Group& changed) { ++(changed.*kind); });
    };
    std::thread other(count, &Group::error_number);
    count(&Group::completion_number);
    other.join();
    EXPECT_EQ(table.of_bits("b").value_or(Group{}).error_number, kTimes);
    EXPECT_EQ(table.of_bits("b").value_or(Group{}).completion_number, kTimes);
}

TEST(ComTableTest, AChangeOfNoGroupOrOneThatThrowsChangesNothing) {
    Table table(fresh_file("nothing.json"));
    Group group;
    group.bits_id = "b";
    table.put(group);
    table.change("a", [](Group& changed) { changed.complete = true; });
    const auto refuse = [](Group& changed) {
        changed.complete = true;
        throw Unsupported{"no"};
    };
    EXPECT_THROW(table.change("b", refuse), Unsupported);
    EXPECT_FALSE(table.keeps_complete());
}

// While this object lives, no file of this process takes more than ten bytes.
class FullDisk {
  public:
    FullDisk() : before_(std::signal(SIGXFSZ, SIG_IGN)) {
        getrlimit(RLIMIT_FSIZE, &limit_);
        const rlimit ten = {10, limit_.rlim_max};
        setrlimit(RLIMIT_FSIZE, &ten);
    }
    ~FullDisk() {
        setrlimit(RLIMIT_FSIZE, &limit_);
        static_cast<void>(std::signal(SIGXFSZ, before_));
    }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;

  private:
    rlimit limit_{};
    void (*before_)(int);
};

TEST(ComTableTest, AFileThatCannotBeWrittenIsToldAndLeavesTheOldOneWhole) {
    const std::string file = fresh_file("full.json");
    Table first(file);
    Group group;
    group.bits_id = "a";
    first.put(group);
    group.bits_id = "b";
    {
        const FullDisk full;
        EXPECT_THROW(first.put(group), NotWritten);
    }
    EXPECT_TRUE(first.of_bits("b"));

    Table second(file);
    EXPECT_TRUE(second.of_bits("a"));
    EXPECT_FALSE(second.of_bits("b"));
}

TEST(ComTableTest, AFileThatNoTableWroteIsAnEmptyTable) {
    const std::string file = fresh_file("strange.json");
    for (const char* text :
         {"", "[]", "{}", R"({"groups":[1],"last_number":5})",
          R"({"groups":[{"bits_id":7}],"last_number":5})", R"({"groups":[],"last_number":"x"})"}) {
        std::ofstream(file) << text;
        Table table(file);
        EXPECT_TRUE(table.was_there()) << text;
        EXPECT_EQ(table.delivery("b", &Group::error_number), 1U) << text;
    }
}

TEST(ComTableTest, ACancelledGroupIsFoundOnlyWhenNoOtherHasItsGuid) {
    Table table(fresh_file("cancelled.json"));
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
