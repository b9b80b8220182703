// What the program says to people and to programs, held against docs/command.md.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "reference/app/program_run.hpp"
#include "reference/contract/json.hpp"

namespace qmgr {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream input(text);
    for (std::string line; std::getline(input, line);) lines.push_back(line);
    return lines;
}

// The kind of a value; of an object the kinds of its fields, of a list that of its first element.
std::string shape_of(const Json& value) {
    if (value.is_array()) return "[" + (value.empty() ? "" : shape_of(value.front())) + "]";
    if (!value.is_object()) return value.is_number() ? "number" : value.type_name();
    std::string shape = "{";
    for (const auto& [key, inner] : value.items()) shape += key + ":" + shape_of(inner) + " ";
    return shape + "}";
}

// True when `value` has the shape of `example`, or null where the page shows that field as null in
// another example.
bool has_shape(const Json& value, const std::vector<Json>& examples) {
    for (const auto& [key, inner] : value.items()) {
        bool shown = false;
        for (const Json& example : examples) {
            if (!example.contains(key) || example.size() != value.size()) return false;
            const Json& other = example.at(key);
            const bool empty_list = inner.is_array() && inner.empty() && other.is_array();
            shown = shown || empty_list || shape_of(other) == shape_of(inner);
        }
        if (!shown) return false;
    }
    return true;
}

std::vector<Json> examples_of(const std::string& event) {
    std::vector<Json> examples;
    for (const std::string& line : lines_of(content_of("docs/command.md")))
        if (line.starts_with("{\"event\":\"" + event + "\""))
            examples.push_back(parse_json(line, line));
    return examples;
}

/// Checks every line against the page and returns the names of the events.
std::vector<std::string> events_as_on_the_page(const std::string& output) {
    std::vector<std::string> names;
    for (const std::string& line : lines_of(output)) {
        const Json event = parse_json(line, line);
        names.push_back(event.at("event").get<std::string>());
        const auto examples = examples_of(names.back());
        EXPECT_FALSE(examples.empty()) << line;
        EXPECT_TRUE(has_shape(event, examples)) << line;
    }
    return names;
}

std::string with_password(std::string url) { return url.insert(url.find("127."), "user:secret@"); }

/// Reads events until one has that text in it.
void wait_for(const Program& program, const std::string& text) {
    for (std::string line = program.line(); line.find(text) == line.npos; line = program.line())
        ASSERT_NE(line, "") << "the program ended";
}

class CommandTest : public testing::Test, protected ProgramPlace {};

TEST_F(CommandTest, GetFetchesSeveralFilesIntoAFolder) {
    const OneFileServer server(content_, OneFileServer::FirstBody::Whole);
    std::filesystem::create_directory(here_ + "/there");
    Program program({"get", server.url("/one"), server.url("/other?x"), "-d", "there", "--queue",
                     queue_, "--foreground"},
                    here_);
    EXPECT_EQ(program.exit_status(), 0) << program.errors();
    EXPECT_EQ(program.output(),
              here_ + "/there/one: 100000 bytes\n" + here_ + "/there/other: 100000 bytes\n");
    EXPECT_THAT(program.errors(), HasSubstr("100%  200.0 kB of 200.0 kB"));
    EXPECT_EQ(content_of(here_ + "/there/one"), content_);
    EXPECT_EQ(content_of(here_ + "/there/other"), content_);
}

TEST_F(CommandTest, OneFileOfSeveralThatNoQueueTakesIsNamedAndNothingIsFetched) {
    const OneFileServer server("ok", OneFileServer::FirstBody::Whole);
    Program program({"get", server.url("/one"), "ftp://server.test/other", "--queue", queue_},
                    here_);
    EXPECT_EQ(program.exit_status(), 2);
    EXPECT_EQ(program.errors(),
              "qmgr: cannot fetch ftp://server.test/other to " + here_ + "/other: E_INVALIDARG\n");
    EXPECT_THAT(server.requests(), IsEmpty());
    Program listing({"list", "--queue", queue_}, here_);
    EXPECT_EQ(listing.exit_status(), 0);
    EXPECT_EQ(listing.output(), "");
}

TEST_F(CommandTest, WhenOneOfSeveralFilesFailsOnlyTheWholeOnesStay) {
    const OneFileServer server("ok", OneFileServer::FirstBody::Whole);
    Program program({"get", server.url("/one"), server.url("/missing"), server.url("/after"),
                     "--queue", queue_, "--quiet"},
                    here_);
    EXPECT_EQ(program.exit_status(), 1);
    EXPECT_EQ(program.output(), here_ + "/one: 2 bytes\n");
    EXPECT_EQ(program.errors(), "qmgr: 0x80190194 (HTTP 404): " + server.url("/one") +
                                    " and 2 more; only whole files are kept: mend that and get "
                                    "the others again\n");
    EXPECT_THAT(names_in(here_), ElementsAre("one"));
}

TEST_F(CommandTest, GetTellsProgramsWhatHappens) {
    const OneFileServer server(content_, OneFileServer::FirstBody::Whole);
    Program program(
        {"get", server.url("/one"), server.url("/other"), "--queue", queue_, "--json", "--why"},
        here_);
    EXPECT_EQ(program.exit_status(), 0);
    EXPECT_EQ(program.errors(), "");
    const auto events = events_as_on_the_page(program.output());
    EXPECT_EQ(events.front(), "start");
    EXPECT_EQ(events.back(), "end");
    EXPECT_THAT(events, AllOf(Contains("progress"), Contains("why"), Contains("delivered")));
}

TEST_F(CommandTest, ProgramsAreToldWhatFailed) {
    const OneFileServer server("", OneFileServer::FirstBody::Whole);
    Program failing({"get", server.url("/missing"), "--queue", queue_, "--json", "--quiet"}, here_);
    EXPECT_EQ(failing.exit_status(), 1);
    EXPECT_THAT(failing.errors(), StartsWith("qmgr: 0x80190194"));
    EXPECT_THAT(events_as_on_the_page(failing.output()), ElementsAre("start", "failed", "end"));
    Program refused({"get", "ftp://server.test/f", "--queue", queue_, "--json"}, here_);
    EXPECT_EQ(refused.exit_status(), 2);
    EXPECT_THAT(events_as_on_the_page(refused.output()), ElementsAre("refused", "end"));
}

TEST_F(CommandTest, WhyTellsEachTransitionWithItsRule) {
    const OneFileServer server(content_, OneFileServer::FirstBody::Whole);
    Program program({"get", server.url("/file"), "--queue", queue_, "--why", "--quiet"}, here_);
    EXPECT_EQ(program.exit_status(), 0);
    const auto lines = lines_of(program.errors());
    for (const std::string& line : lines)
        EXPECT_THAT(line, MatchesRegex(" +[0-9]+\\.[0-9]{3} s  [A-Z][A-Za-z]+ -> [A-Z][A-Za-z]+  "
                                       "[A-Z]-[0-9]+  [A-Z0-9-]+[a-z]*"));
    EXPECT_THAT(lines, AllOf(Contains(HasSubstr("Suspended -> Queued  J-14  GROUP-RESUME-1")),
                             Contains(HasSubstr("Publishing -> Complete  "))));
}

TEST_F(CommandTest, ListShowsAQueueThatNobodyHasOpen) {
    const OneFileServer server(content_, OneFileServer::FirstBody::StopsHalfway);
    {
        Program getting({"get", server.url("/file"), "--queue", queue_, "--json"}, here_);
        wait_for(getting, "\"stored_bytes\":50000");
        getting.send(SIGINT);
        EXPECT_EQ(getting.exit_status(), 130);
    }
    Program program({"list", "--queue", queue_}, here_);
    EXPECT_EQ(program.exit_status(), 0);
    const auto lines = lines_of(program.output());
    ASSERT_THAT(lines, SizeIs(2));
    EXPECT_THAT(lines[0], MatchesRegex("[0-9a-f-]{36}  suspended   50%  50.0 kB of 100.0 kB  file  "
                                       "\\(of .+\\)"));
    EXPECT_EQ(lines[1],
              "    " + server.url("/file") + " -> " + here_ + "/file  50.0 kB of 100.0 kB");
    EXPECT_EQ(program.errors(), "");
}

TEST_F(CommandTest, ListShowsAQueueThatIsOpenElsewhereAndSaysWhere) {
    const OneFileServer server(content_, OneFileServer::FirstBody::StopsHalfway);
    Program getting({"get", server.url("/file"), "--queue", queue_, "--json"}, here_);
    wait_for(getting, "\"stored_bytes\":50000");
    Program listing({"list", "--queue", queue_}, here_);
    EXPECT_EQ(listing.exit_status(), 0);
    const auto lines = lines_of(listing.output());
    ASSERT_THAT(lines, SizeIs(3));
    EXPECT_EQ(lines[0], queue_ + ": open in process " + std::to_string(getting.pid()) + " (qmgr)");
    EXPECT_THAT(lines[1], HasSubstr("  queued   50%  50.0 kB of 100.0 kB  file  "));
    Program json({"list", "--queue", queue_, "--json"}, here_);
    EXPECT_EQ(json.exit_status(), 0);
    const std::string output = json.output();
    EXPECT_THAT(events_as_on_the_page(output), ElementsAre("queue", "group", "end"));
    EXPECT_THAT(output, HasSubstr("\"pid\":" + std::to_string(getting.pid())));
    Program busy({"cancel", "--all", "--queue", queue_, "--json"}, here_);
    EXPECT_EQ(busy.exit_status(), 3);
    EXPECT_THAT(events_as_on_the_page(busy.output()), ElementsAre("busy", "end"));
    // It was not disturbed.
    getting.send(SIGINT);
    EXPECT_EQ(getting.exit_status(), 130);
}

TEST_F(CommandTest, ListSaysWhenThereIsNoQueueAndWhenItCannotBeRead) {
    Program none({"list", "--queue", queue_}, here_);
    EXPECT_EQ(none.exit_status(), 0);
    EXPECT_EQ(none.output(), queue_ + ": there is no queue\n");
    EXPECT_FALSE(std::filesystem::exists(queue_));
    std::filesystem::create_directories(queue_);
    std::ofstream(queue_ + "/queue.db") << "a letter";
    Program foreign({"list", "--queue", queue_, "--json"}, here_);
    EXPECT_EQ(foreign.exit_status(), 1);
    EXPECT_THAT(events_as_on_the_page(foreign.output()), ElementsAre("unreadable", "end"));
    EXPECT_THAT(foreign.errors(), StartsWith("qmgr: " + queue_ + "/queue.db: is no journal ("));
    EXPECT_EQ(content_of(queue_ + "/queue.db"), "a letter");
}

/// The GUIDs of the groups in the queue, in order of creation.
std::vector<std::string> groups_in(const std::string& queue) {
    Program listing({"list", "--queue", queue, "--json"}, "/");
    listing.exit_status();
    std::vector<std::string> groups;
    for (const std::string& line : lines_of(listing.output()))
        if (const Json event = parse_json(line, line); event.at("event") == "group")
            groups.push_back(event.at("group").get<std::string>());
    return groups;
}

TEST_F(CommandTest, ResumeAndCancelTakeTheGroupsTheyAreGiven) {
    const OneFileServer one(content_, OneFileServer::FirstBody::StopsHalfway);
    const OneFileServer other(content_, OneFileServer::FirstBody::StopsHalfway);
    get_half(one, SIGINT, "/one");
    get_half(other, SIGINT, "/other");
    const auto groups = groups_in(queue_);
    ASSERT_THAT(groups, SizeIs(2));
    Program resuming({"resume", groups[1], "--queue", queue_, "--quiet"}, here_);
    EXPECT_EQ(resuming.exit_status(), 0);
    EXPECT_EQ(resuming.output(), here_ + "/other: 100000 bytes\n");
    EXPECT_THAT(groups_in(queue_), ElementsAre(groups[0]));
    Program cancelling({"cancel", groups[1], groups[0], "--queue", queue_}, here_);
    EXPECT_EQ(cancelling.exit_status(), 1);
    EXPECT_EQ(cancelling.output(), groups[0] + ": cancelled\n");
    EXPECT_THAT(cancelling.errors(), StartsWith("qmgr: " + groups[1] + ": QM_E_ITEM_NOT_FOUND"));
    EXPECT_THAT(groups_in(queue_), IsEmpty());
    EXPECT_THAT(names_in(here_), ElementsAre("other"));
    Program missing({"resume", groups[1], "--queue", queue_}, here_);
    EXPECT_EQ(missing.exit_status(), 1);
    EXPECT_EQ(missing.errors(), "qmgr: " + groups[1] + ": QM_E_ITEM_NOT_FOUND\n");
}

TEST_F(CommandTest, CancelTakesAllAndLeavesNoPart) {
    const OneFileServer one(content_, OneFileServer::FirstBody::StopsHalfway);
    const OneFileServer other(content_, OneFileServer::FirstBody::StopsHalfway);
    get_half(one, SIGINT, "/one");
    get_half(other, SIGINT, "/other");
    Program cancelling({"cancel", "--all", "--queue", queue_, "--json"}, here_);
    EXPECT_EQ(cancelling.exit_status(), 0);
    EXPECT_THAT(events_as_on_the_page(cancelling.output()),
                ElementsAre("cancelled", "cancelled", "end"));
    EXPECT_THAT(names_in(here_), IsEmpty());
}

TEST_F(CommandTest, AnInterruptedGetTellsProgramsHowToGoOn) {
    const OneFileServer server(content_, OneFileServer::FirstBody::StopsHalfway);
    Program getting({"get", server.url("/file"), "--queue", queue_, "--json"}, here_);
    wait_for(getting, "\"percent\":50");
    getting.send(SIGINT);
    EXPECT_EQ(getting.exit_status(), 130);
    EXPECT_THAT(events_as_on_the_page(getting.output()), ElementsAre("suspended", "end"));
}

TEST_F(CommandTest, APasswordIsKeptInTheJournalAndShownNowhere) {
    const OneFileServer server(content_, OneFileServer::FirstBody::StopsHalfway);
    std::string shown;
    Program getting({"get", with_password(server.url("/file")), "--queue", queue_}, here_);
    shown += getting.error_line();
    std::string kept;
    for (const std::string& name : names_in(queue_)) {
        struct stat facts {};
        ASSERT_EQ(::stat((queue_ + "/" + name).c_str(), &facts), 0);
        EXPECT_EQ(facts.st_mode & 0777U, 0600U) << name;
        kept += content_of(queue_ + "/" + name);
    }
    EXPECT_THAT(kept, HasSubstr("user:secret@"));
    getting.send(SIGINT);
    getting.exit_status();
    shown += getting.output() + getting.errors();
    const std::vector<std::vector<std::string>> commands = {
        {"list", "--queue", queue_},
        {"list", "--queue", queue_, "--json"},
        {"get", with_password(server.url("/missing")), "--queue", queue_, "--json", "--why"},
        {"get", with_password(server.url("/*")), "--queue", queue_},
        {"get", with_password(server.url("/")), "--queue", queue_},
        {"get", "http://user:sec/secret@server.test/f", "--queue", queue_},
        {"get", "http://user:sec/secret@server.test", "--queue", queue_},
        {"get", "user:secret@server.test", "--queue", queue_},
        {"list", "http://user:sec'secret@server.test/surplus"},
        {"list", with_password(server.url("/surplus"))},
        {"resume", "--queue", queue_, "--json"}};
    for (const std::vector<std::string>& command : commands) {
        Program program(command, here_);
        program.exit_status();
        shown += program.output() + program.errors();
    }
    EXPECT_THAT(shown, AllOf(HasSubstr("user:***@"), Not(HasSubstr("secret"))));
    EXPECT_EQ(content_of(here_ + "/file"), content_);
}

TEST_F(CommandTest, ATerminalGetsABarForEachFileAndOneForAll) {
    int terminal = -1;
    int other_side = -1;
    const winsize size{10, 100, 0, 0};
    ASSERT_EQ(::openpty(&terminal, &other_side, nullptr, nullptr, &size), 0);
    const Descriptor screen(terminal);
    const std::string name = ::ttyname(other_side);
    const Descriptor kept_open(other_side);
    const OneFileServer server(content_, OneFileServer::FirstBody::StopsHalfway);
    Program program({"get", server.url("/one"), server.url("/other"), "--queue", queue_}, here_,
                    "exec \"$@\" 2>" + name);
    std::string shown;
    const std::string bar = " 50% [##########          ] 50.0 kB of 100.0 kB  one";
    std::array<char, 4096> buffer{};
    while (shown.find(bar) == shown.npos) {
        const ssize_t got = ::read(screen.number(), buffer.data(), buffer.size());
        ASSERT_GT(got, 0) << shown;
        shown.append(buffer.data(), static_cast<std::size_t>(got));
    }
    EXPECT_THAT(shown, HasSubstr("  0% [                    ] 0 B  other"));
    EXPECT_THAT(shown, HasSubstr("\x1b[2A"));
    program.send(SIGINT);
    EXPECT_EQ(program.exit_status(), 130);
}

TEST_F(CommandTest, ThePageHasTheExitStatusesOfTheHelp) {
    Program program({"--help"}, here_);
    EXPECT_EQ(program.exit_status(), 0);
    const std::string page = content_of("docs/command.md");
    const std::string help = program.output();
    const auto lines = lines_of(help.substr(help.find("Exit status:")));
    EXPECT_THAT(lines, SizeIs(testing::Ge(6U)));
    for (const std::string& line : lines) {
        if (!line.starts_with("  ")) continue;
        const std::string number = line.substr(2, line.find(' ', 2) - 2);
        const std::string text = line.substr(line.find_first_not_of(' ', 2 + number.size()));
        EXPECT_THAT(page, HasSubstr("| " + number + " | " + text + " |"));
    }
}

TEST_F(CommandTest, TheHelpOfVerbsThatSuspendNothingHasExitStatusesOfTheirOwn) {
    for (const std::string verb : {"probe", "stdio"}) {
        Program program({verb, "--help"}, here_);
        EXPECT_EQ(program.exit_status(), 0);
        EXPECT_THAT(program.output(), AllOf(HasSubstr("Exit status:"), Not(HasSubstr("130")),
                                            Not(HasSubstr("in error"))));
    }
}

TEST_F(CommandTest, ThePageNamesEveryVerbAndOption) {
    const std::string page = content_of("docs/command.md");
    for (const std::string verb : {"get", "list", "resume", "cancel"}) {
        EXPECT_THAT(page, HasSubstr("`qmgr " + verb));
        Program program({verb, "--help"}, here_);
        program.exit_status();
        std::istringstream words(program.output());
        for (std::string word; words >> word;)
            EXPECT_TRUE(!word.starts_with("--") || page.find(word) != page.npos) << word;
    }
}

}  // namespace
}  // namespace qmgr
