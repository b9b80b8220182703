// qmgr-conformance as a person calls it.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

namespace qmgr::conformance {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

struct Outcome {
    int status = -1;
    std::string text;  ///< of both outputs
};

Outcome outcome_of(const std::string& arguments, const std::string& environment = "") {
    const std::string program =
        std::filesystem::read_symlink("/proc/self/exe").parent_path().string() +
        "/qmgr-conformance";
    FILE* pipe = popen((environment + " '" + program + "' " + arguments + " 2>&1").c_str(), "r");
    Outcome outcome;
    std::array<char, 4096> part{};
    for (std::size_t count = 0; (count = fread(part.data(), 1, part.size(), pipe)) > 0;)
        outcome.text.append(part.data(), count);
    const int ended = pclose(pipe);
    outcome.status = WIFEXITED(ended) ? WEXITSTATUS(ended) : -1;
    return outcome;
}

class Program : public testing::Test {
  protected:
    void SetUp() override {
        const auto* test = testing::UnitTest::GetInstance()->current_test_info();
        folder_ = std::filesystem::path(testing::TempDir()) /
                  (std::string("qmgr-conformance-") + test->name());
        std::filesystem::remove_all(folder_);
        std::filesystem::create_directories(folder_);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::string path(const std::string& name) const { return (folder_ / name).string(); }
    std::string written(const std::string& name, const std::string& text) const {
        std::ofstream(path(name)) << text;
        return path(name);
    }
    std::string text_of(const std::string& name) const {
        std::ostringstream text;
        text << std::ifstream(path(name)).rdbuf();
        return text.str();
    }
    /// Says hello, refuses what it does not know, and answers every call with E_FAIL.
    std::string liar() const {
        return "--sut 'exec:sh " + written("liar.sh", R"sh(
read -r line
echo '{"hello":{"protocol":1,"name":"liar","version":"1","abilities":[]}}'
while read -r line; do
    id=${line#*'"id":'}
    id=${id%%,*}
    case $line in
        *nobody_ever*) echo "{\"id\":$id,\"unsupported\":\"what?\"}" ;;
        *) echo "{\"id\":$id,\"reply\":{\"hresult\":\"E_FAIL\"}}" ;;
    esac
done
)sh") + "' ";
    }
    json report(const std::string& name) const { return json::parse(text_of(name)); }

  private:
    std::filesystem::path folder_;
};

std::set<std::string> ids_in(const json& report) {
    std::set<std::string> ids;
    for (const json& one : report.at("cases")) ids.insert(one.at("id").get<std::string>());
    return ids;
}

/// What does not depend on the time a run took or on the order of its parts.
json essence(json report) {
    for (json& one : report["cases"]) one.erase("wall_us");
    std::sort(report["cases"].begin(), report["cases"].end(),
              [](const json& a, const json& b) { return a["id"] < b["id"]; });
    return report;
}

TEST_F(Program, RunsThreeShardsThatTogetherAreTheWhole) {
    ASSERT_EQ(outcome_of("run --sut simulated --json " + path("whole.json")).status, 0);
    std::set<std::string> together;
    std::size_t sum = 0;
    std::string parts;
    for (int i = 0; i < 3; ++i) {
        const std::string part = "part" + std::to_string(i) + ".json";
        // One part is asked for on the command line, two as GoogleTest's users do.
        const auto outcome =
            i == 0 ? outcome_of("run --sut simulated --shard 1/3 --json " + path(part))
                   : outcome_of("run --sut simulated --json " + path(part),
                                "GTEST_TOTAL_SHARDS=3 GTEST_SHARD_INDEX=" + std::to_string(i));
        ASSERT_EQ(outcome.status, 0) << outcome.text;
        const auto ids = ids_in(report(part));
        EXPECT_GT(ids.size(), 0U);
        sum += ids.size();
        together.insert(ids.begin(), ids.end());
        parts += " " + path(part);
    }
    EXPECT_EQ(sum, together.size()) << "the shards are not disjoint";
    EXPECT_EQ(together, ids_in(report("whole.json")));
    const auto merged = outcome_of("merge" + parts + " --json " + path("merged.json"));
    ASSERT_EQ(merged.status, 0) << merged.text;
    EXPECT_EQ(essence(report("merged.json")), essence(report("whole.json")));
}

TEST_F(Program, DoesNotMergeWithoutAShardNorPassWithoutACase) {
    const std::string run = "run --sut simulated --filter limits.administrator --json ";
    std::string statuses;
    for (const char* part : {"1", "2"})
        statuses += std::to_string(outcome_of(run + path(part) + " --shard " + part + "/2").status);
    EXPECT_TRUE(statuses == "01" || statuses == "10") << statuses;
    EXPECT_EQ(outcome_of("merge " + path("1") + " " + path("2")).status, 0);
    const auto alone = outcome_of("merge " + path("2"));
    EXPECT_EQ(alone.status, 2);
    EXPECT_EQ(alone.text, "qmgr-conformance: " + path("2") +
                              ": is one of 2 shards of simulated; expected 1/2 beside it\n");
}

TEST_F(Program, ListsWhatAShardWouldRun) {
    const auto list = outcome_of("list --shard 2/3");
    ASSERT_EQ(outcome_of("run --sut simulated --shard 2/3 --json " + path("r.json")).status, 0);
    std::set<std::string> ids;
    std::istringstream lines(list.text);
    for (std::string line; std::getline(lines, line);) ids.insert(line.substr(0, line.find(':')));
    EXPECT_EQ(ids, ids_in(report("r.json")));
}

TEST_F(Program, WritesJUnitXmlWithTheVerdictOfEachCase) {
    const auto outcome = outcome_of("run --sut simulated --filter 'limits.*' --junit " +
                                    path("new/j.xml") + " --json " + path("r.json"));
    ASSERT_EQ(outcome.status, 0) << outcome.text;
    const std::string xml = text_of("new/j.xml");
    for (const std::string& id : ids_in(report("r.json")))
        EXPECT_THAT(xml, HasSubstr("<testcase name=\"" + id + "\""));
    EXPECT_THAT(xml, HasSubstr("<property name=\"verdict\" value=\"pass\"/>"));
}

TEST_F(Program, WritesPagesAndLaysReportsSideBySide) {
    const std::string run = "run --filter '*limits.*' --sut ";
    ASSERT_EQ(
        outcome_of(run + "simulated --json " + path("s.json") + " --html " + path("s")).status, 0);
    EXPECT_THAT(text_of("s/index.html"), HasSubstr("cases/limits.administrator.html"));
    EXPECT_THAT(text_of("s/cases/limits.administrator.html"), HasSubstr("class=\"timeline\""));
    ASSERT_EQ(outcome_of(run + "loopback --json " + path("l.json")).status, 0);
    const auto merged = outcome_of("merge " + path("s.json") + " " + path("l.json") + " --html " +
                                   path("both") + " --markdown " + path("both.md"));
    EXPECT_EQ(merged.status, 0) << merged.text;
    EXPECT_THAT(text_of("both/index.html"), HasSubstr("loopback"));
    EXPECT_THAT(text_of("both.md"), HasSubstr("| area | simulated | loopback |"));
}

TEST_F(Program, PrintsTheOrderItDrew) {
    const std::string arguments = "run --sut simulated --filter 'restart.*' --json ";
    const auto outcome = outcome_of(arguments + path("r.json") + " --seed 7");
    EXPECT_EQ(outcome.status, 0);
    EXPECT_THAT(outcome.text, HasSubstr("order of the cases: --seed 7\n"));
    EXPECT_EQ(report("r.json").at("seed"), 7);
    ASSERT_EQ(outcome_of(arguments + path("plain.json")).status, 0);
    EXPECT_NE(report("r.json")["cases"][0]["id"], report("plain.json")["cases"][0]["id"]);
    EXPECT_EQ(ids_in(report("r.json")), ids_in(report("plain.json")));
}

TEST_F(Program, FailsOverAListOfDeviationsThatIsStale) {
    const std::string list = written("d.json", R"([
        {"pattern":"limits.*","reason":"it passes","until":"9999-12-31"},
        {"pattern":"restart.m*","reason":"it is past","until":"2020-01-01"}])");
    const auto outcome = outcome_of("run --sut simulated --filter 'limits.*' --deviations " + list);
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.text,
                HasSubstr("stale deviation: " + list + ": /0: \"limits.*\" lists limits."));
    EXPECT_THAT(outcome.text,
                HasSubstr(list + ": /1: \"restart.m*\" was known until 2020-01-01, which is past"));
}

TEST_F(Program, FailsOverAPatternThatMatchesNoCaseOfTheWholeSuite) {
    const std::string list =
        written("d.json", R"([{"pattern":"nothing","reason":"r","until":"9999-12-31"}])");
    const std::string run = "run --sut simulated --deviations " + list;
    EXPECT_THAT(outcome_of(run).text, HasSubstr("/0: \"nothing\" matches no case\n"));
    EXPECT_EQ(outcome_of(run).status, 1);
    EXPECT_THAT(outcome_of(run + " --shard 1/2").text,
                HasSubstr("/0: \"nothing\" matches no case\n"));
}

TEST_F(Program, FailsOnASystemThatDoesNotSpeakTheProtocol) {
    const auto outcome = outcome_of("run --sut exec:true");
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.text, StartsWith("fail exec: no answer to hello\n"));
}

TEST_F(Program, ReportsEveryCaseAsFailedOfASystemThatDoesNotSpeakTheProtocol) {
    // Not even a list of known deviations can say that this is as it should be.
    const std::string list =
        written("d.json", R"([{"pattern":"*","reason":"none","until":"9999-12-31"}])");
    const auto outcome =
        outcome_of("run --sut exec:true --filter 'limits.*' --deviations " + list + " --json " +
                   path("r.json") + " --junit " + path("j.xml") + " --html " + path("pages"));
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.text, Not(HasSubstr("fail exec/limits")));
    const json cases = report("r.json")["cases"];
    EXPECT_GT(cases.size(), 0U);
    for (const json& one : cases) {
        EXPECT_EQ(one["verdict"], "fail") << one["id"];
        EXPECT_EQ(one["detail"], "no answer to hello") << one["id"];
    }
    EXPECT_THAT(text_of("j.xml"), HasSubstr("failures=\"" + std::to_string(cases.size()) + "\""));
    EXPECT_THAT(text_of("pages/index.html"), HasSubstr("cases/limits.administrator.html"));
}

TEST_F(Program, LeavesNoFilesBehindWhereItRefusesToRun) {
    const auto outcome =
        outcome_of("run --sut nothing --json " + path("r.json") + " --junit " + path("j.xml"));
    EXPECT_EQ(outcome.status, 2);
    EXPECT_FALSE(std::filesystem::exists(path("r.json")));
    EXPECT_FALSE(std::filesystem::exists(path("j.xml")));
}

TEST_F(Program, FailsWhereItCannotPrintAndWritesTheReportsAllTheSame) {
    const std::string line =
        "qmgr-conformance: standard output: expected a place that takes what is printed\n";
    const std::string forms = " --json " + path("r.json") + " --html " + path("pages");
    const std::string good = "run --sut simulated --filter 'limits.*'";
    for (const std::string& arguments :
         {good + forms + " --junit " + path("j.xml"), "merge " + path("r.json") + forms,
          // What fails says more than fits into any buffer.
          "run " + liar() + "--filter 'group_lifecycle.new_*'" + forms, std::string("list"),
          std::string("mutants --list"), std::string("--help")}) {
        std::filesystem::remove_all(path("pages"));
        const auto outcome = outcome_of(arguments + " 2>&1 >/dev/full #");
        EXPECT_EQ(outcome.status, 1) << arguments;
        EXPECT_EQ(outcome.text, line) << arguments;
        if (arguments.ends_with(forms) || arguments.starts_with(good)) {
            EXPECT_GT(report("r.json")["cases"].size(), 0U) << arguments;
            EXPECT_THAT(text_of("pages/index.html"), HasSubstr("Conformance report")) << arguments;
        }
    }
    EXPECT_THAT(text_of("j.xml"), HasSubstr("limits.administrator"));
}

TEST_F(Program, LeavesNothingBehindWhenASignalEndsIt) {
    const std::string fifo = path("never");
    ASSERT_EQ(mkfifo(fifo.c_str(), S_IRUSR | S_IWUSR), 0);
    std::filesystem::create_directory(path("tmp"));
    for (const auto& [signal, status] :
         {std::pair<std::string, int>{"INT", 130}, {"TERM", 143}, {"HUP", 129}}) {
        for (const char* moment : {"hello", "create_group"}) {
            // Ends the runner, hears of no end itself, and waits for what nobody writes.
            const std::string hung = written("hung.sh", R"sh(
trap '' INT TERM HUP
echo $$ >"$1/pid"
while read -r line; do
    case $line in
        *$3*) kill -$2 $PPID; : <"$1/never" ;;
        *hello*) echo '{"hello":{"protocol":1,"name":"h","version":"1","abilities":[]}}' ;;
        *) echo '{"id":1,"unsupported":"what?"}' ;;
    esac
done
)sh");
            const auto outcome = outcome_of(
                "run --sut 'exec:sh " + hung + " " + path("") + " " + signal + " " + moment +
                    "' --filter group_lifecycle.new_is_suspended --json " + path("r.json"),
                "TMPDIR=" + path("tmp"));
            EXPECT_EQ(outcome.status, status) << signal << " at " << moment;
            EXPECT_THAT(outcome.text, HasSubstr("qmgr-conformance: ended by signal "));
            EXPECT_TRUE(std::filesystem::is_empty(path("tmp"))) << signal << " at " << moment;
            EXPECT_FALSE(std::filesystem::exists(path("r.json")));
            EXPECT_NE(kill(std::stoi(text_of("pid")), 0), 0) << signal << " at " << moment;
            const int release = open(fifo.c_str(), O_WRONLY | O_NONBLOCK);
            if (release >= 0) close(release);
        }
    }
}

TEST_F(Program, FailsOnAProcessThatClaimsVirtualTime) {
    const std::string dreamer = written("dreamer.sh", R"sh(
read -r line
echo '{"hello":{"protocol":1,"name":"dreamer","version":"1","abilities":["virtual_time"]}}'
read -r line
)sh");
    const auto outcome = outcome_of("run --sut 'exec:sh " + dreamer + "'");
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.text, HasSubstr("hello/abilities: expected no virtual_time"));
}

TEST_F(Program, SaysWithOneLineThatThereIsNoFolderForTheRig) {
    const auto outcome = outcome_of("run --sut loopback --filter 'limits.*'", "TMPDIR=/proc/no");
    EXPECT_EQ(outcome.status, 2);
    EXPECT_EQ(std::count(outcome.text.begin(), outcome.text.end(), '\n'), 1) << outcome.text;
}

TEST_F(Program, SkipsEveryCaseOfASystemThatLacksAProgramHere) {
    const std::string lame = written("lame.sh", R"sh(
read -r line
echo '{"hello":{"protocol":1,"name":"lame","version":"1","abilities":[],"missing":"no crutch"}}'
read -r line
)sh");
    const auto outcome =
        outcome_of("run --sut 'exec:sh " + lame + "' --filter 'limits.*' --json " + path("r.json"));
    EXPECT_EQ(outcome.status, 0);
    EXPECT_THAT(outcome.text, HasSubstr("skipped exec/limits.administrator"));
    EXPECT_THAT(outcome.text, HasSubstr("\n  no crutch\n"));
    EXPECT_EQ(report("r.json")["totals"]["skipped"], report("r.json")["cases"].size());
    const std::string trace =
        written("t.jsonl", R"({"trace":1,"title":"t","covers":[],"sut":"s"})");
    const auto replayed = outcome_of("replay --sut 'exec:sh " + lame + "' " + trace);
    EXPECT_EQ(replayed.status, 2);
    EXPECT_THAT(replayed.text, HasSubstr("--sut: nothing can be replayed here: no crutch\n"));
}

TEST_F(Program, PrintsWhatWasExpectedAndTheTraceOfACaseThatFails) {
    const auto outcome =
        outcome_of("run " + liar() + "--filter 'group_lifecycle.new_is_suspended'");
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.text, HasSubstr("fail exec/group_lifecycle.new_is_suspended"));
    EXPECT_THAT(outcome.text, HasSubstr(": expected S_OK, actual E_FAIL"));
    EXPECT_THAT(outcome.text, HasSubstr("[documented; "));
    EXPECT_THAT(outcome.text, HasSubstr("  trace:\n  {\"at\":"));
    EXPECT_THAT(outcome.text, HasSubstr("\"reply\":{\"hresult\":\"E_FAIL\"}"));
}

TEST_F(Program, ReportsACaseAsFailedWhoseRigThrows) {
    // The rig of a case finds no folder any more: the system removes it between greeting and cases.
    const std::string vandal = written("vandal.sh", R"sh(
read -r line
echo '{"hello":{"protocol":1,"name":"vandal","version":"1","abilities":[]}}'
read -r line
rm -rf "$TMPDIR"
echo '{"id":1,"unsupported":"what?"}'
read -r line
)sh");
    std::filesystem::create_directory(path("tmp"));
    const auto outcome =
        outcome_of("run --sut 'exec:sh " + vandal + "' --filter 'limits.*' --json " +
                       path("r.json") + " --junit " + path("j.xml"),
                   "TMPDIR=" + path("tmp"));
    EXPECT_EQ(outcome.status, 1) << outcome.text;
    EXPECT_THAT(outcome.text, HasSubstr("\n  the rig broke: "));
    const json cases = report("r.json")["cases"];
    EXPECT_GT(cases.size(), 0U);
    for (const json& one : cases) EXPECT_EQ(one["verdict"], "fail") << one["id"];
    EXPECT_THAT(text_of("j.xml"), HasSubstr("failures=\"" + std::to_string(cases.size()) + "\""));
}

TEST_F(Program, TakesNoCaseForAKnownDeviationThatTheSystemWasNotThereFor) {
    // It greets once; whoever comes after that meets nobody.
    const std::string moody = written("moody.sh", "mark=" + path("mark") + R"sh(
[ -e "$mark" ] && exit
: >"$mark"
read -r line
echo '{"hello":{"protocol":1,"name":"moody","version":"1","abilities":[]}}'
read -r line
echo '{"id":1,"unsupported":"what?"}'
)sh");
    const std::string list =
        written("d.json", R"([{"pattern":"*","reason":"none","until":"9999-12-31"}])");
    const auto outcome =
        outcome_of("run --sut 'exec:sh " + moody + "' --filter 'limits.*' --deviations " + list +
                   " --json " + path("r.json"));
    EXPECT_EQ(outcome.status, 1) << outcome.text;
    const json cases = report("r.json")["cases"];
    EXPECT_GT(cases.size(), 0U);
    for (const json& one : cases) {
        EXPECT_EQ(one["verdict"], "fail") << one["id"];
        EXPECT_EQ(one["detail"], "no answer to hello") << one["id"];
    }
}

TEST_F(Program, IsNotHeldUpByNotificationsWithoutEnd) {
    const std::string flood = written(
        "flood.sh", R"sh(
read -r line
echo '{"hello":{"protocol":1,"name":"flood","version":"1","abilities":["notify"]}}'
read -r line
case $line in
    *nobody_ever*) echo '{"id":1,"unsupported":"what?"}' ;;
esac
exec yes '{"notification":{"number":1,"group":1,"class_id":)sh"
                    R"sh("6f9619ff-8b86-d011-b42d-00c04fc964ff","status":["GROUP_COMPLETE"]}}'
)sh");
    const auto outcome =
        outcome_of("run --sut 'exec:sh " + flood + "' --filter group_lifecycle.new_is_suspended");
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.text, HasSubstr("fail exec/group_lifecycle.new_is_suspended"));
    EXPECT_THAT(outcome.text, HasSubstr("notifications without end"));
}

TEST_F(Program, DoesTheSameWhateverTheSurroundingsAskOfGoogleTest) {
    const std::string run = "run --sut simulated --filter 'limits.*:restart.*' --json ";
    ASSERT_EQ(outcome_of(run + path("plain.json")).status, 0);
    const auto outcome = outcome_of(
        run + path("r.json"),
        "GTEST_FILTER=-* GTEST_REPEAT=2 GTEST_SHUFFLE=1 GTEST_RANDOM_SEED=3 GTEST_FAIL_FAST=1 "
        "GTEST_BREAK_ON_FAILURE=1 GTEST_THROW_ON_FAILURE=1 GTEST_OUTPUT=xml:/proc/no/j.xml");
    EXPECT_EQ(outcome.status, 0) << outcome.text;
    json with = report("r.json");
    json without = report("plain.json");
    for (json* one : {&with, &without})
        for (json& entry : (*one)["cases"]) entry.erase("wall_us");
    EXPECT_EQ(with, without);
}

TEST_F(Program, FailsAsUsualWhateverTheSurroundingsAskOfGoogleTest) {
    const std::string run = "run " + liar() + "--filter 'group_lifecycle.new_*' --json ";
    ASSERT_EQ(outcome_of(run + path("plain.json")).status, 1);
    const json totals = report("plain.json")["totals"];
    for (const char* wish : {"GTEST_BREAK_ON_FAILURE=1", "GTEST_THROW_ON_FAILURE=1",
                             "GTEST_FAIL_FAST=1", "GTEST_CATCH_EXCEPTIONS=0"}) {
        const auto outcome = outcome_of(run + path("r.json"), wish);
        EXPECT_EQ(outcome.status, 1) << wish << outcome.text;
        EXPECT_EQ(report("r.json")["totals"], totals) << wish;
    }
}

TEST_F(Program, RefusesAnEmptyValueOfEveryOption) {
    for (const char* use : {"run --sut",
                            "run --filter",
                            "run --basis",
                            "run --shard",
                            "run --seed",
                            "run --patience",
                            "run --json",
                            "run --junit",
                            "run --html",
                            "run --traces",
                            "run --deviations",
                            "run --catalogue",
                            "list --filter",
                            "list --sut",
                            "merge x --json",
                            "merge x --markdown",
                            "mutants --filter",
                            "mutants --json",
                            "merge",
                            "replay"}) {
        const auto outcome = outcome_of(std::string(use) + " ''");
        EXPECT_EQ(outcome.status, 2) << use;
        EXPECT_THAT(outcome.text, HasSubstr(": expected a value that is not empty\n")) << use;
        EXPECT_EQ(std::count(outcome.text.begin(), outcome.text.end(), '\n'), 1) << use;
    }
}

TEST_F(Program, RefusesBadInputWithOneLine) {
    const std::string no_list = written("no_list.json", "{}");
    const std::string no_report = written("no_report.json", "{}");
    const std::vector<std::pair<std::string, std::string>> bad = {
        {"run --sut nothing", "--sut nothing: expected simulated, loopback or exec:COMMAND"},
        {"run --sut simulated --sut simulated", "--sut simulated: expected each rig once"},
        {"run --filter nothing", "--filter nothing: expected a pattern that names a case"},
        {"list --filter nothing", "--filter nothing: expected a pattern that names a case"},
        {"run --basis guessed", "--basis: expected documented, derived, observed or chosen"},
        {"run --shard 4/3", "--shard 4/3: expected i/n with i from 1 to n"},
        {"run --seed -1", "--seed -1: expected a whole number from 0 to 18446744073709551615"},
        {"run --seed 18446744073709551616", "--seed 18446744073709551616: expected a whole"},
        {"run --patience 0", "--patience 0: expected a whole number of seconds from 1 to 600"},
        {"run --patience 601", "--patience 601: expected a whole number of seconds"},
        {"run --seed 0x7", "--seed 0x7: expected a whole number"},
        {"run --catalogue nothing", "nothing: expected the catalogue of clauses"},
        {"run --deviations " + no_list, "expected one --sut beside it"},
        {"run --sut simulated --deviations " + no_list, no_list + ": expected a list of"},
        {"run --sut simulated --junit /proc/no/j.xml", "--junit /proc/no/j.xml: expected a file"},
        {"run --sut simulated --json /proc/no/r.json", "--json /proc/no/r.json: expected a file"},
        {"run --sut simulated --html /proc/no", "--html /proc/no: expected a folder"},
        {"run --sut simulated --traces /proc/no", "--traces /proc/no: expected a folder"},
        {"mutants --json /proc/no/m.json", "/proc/no/m.json: expected a file"},
        {"merge nothing.json", "nothing.json: expected a report that can be read"},
        {"merge " + no_report, no_report + ": /format: expected 2"},
        {"replay nothing", "nothing: expected a file that can be read"},
        {"", "A subcommand is required"},
    };
    for (const auto& [arguments, line] : bad) {
        const auto outcome = outcome_of(arguments);
        EXPECT_EQ(outcome.status, 2) << arguments;
        EXPECT_THAT(outcome.text, HasSubstr(line)) << arguments;
        EXPECT_EQ(std::count(outcome.text.begin(), outcome.text.end(), '\n'), 1) << arguments;
    }
    EXPECT_EQ(outcome_of("run --shard 1/3", "GTEST_TOTAL_SHARDS=2 GTEST_SHARD_INDEX=0").status, 2);
    EXPECT_EQ(outcome_of("run", "GTEST_TOTAL_SHARDS=2 GTEST_SHARD_INDEX=2").status, 2);
}

}  // namespace
}  // namespace qmgr::conformance
