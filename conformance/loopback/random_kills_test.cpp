// `qmgr stdio` killed with SIGKILL at random moments, RANDOM_KILLS times, while it downloads from a
// server that misbehaves: a real process, a real disk, a real journal. Every group ends with the
// right bytes, every event is delivered until it was answered S_OK, and nothing is left over.
//
// The moments are drawn from a seed that is printed; --gtest_random_seed=N gives another one. What
// a machine does in between is its own affair, so a seed repeats the draws and not the run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <random>
#include <span>

#include "conformance/loopback/killer.hpp"
#include "conformance/loopback/loopback_rig.hpp"
#include "conformance/loopback/pipe_system.hpp"
#include "fakeserver/content.hpp"
#include "fakeserver/server/fault_server.hpp"

namespace qmgr::conformance {
namespace {

namespace fs = std::filesystem;

const Caller kUser{"u1", true};
const ClassId kCallback{{{9}}};
// Of a life: a group of three files is some sixty calls and requests, so that most lives are
// shorter.
constexpr std::uint64_t kMostEvents = 40;
// Longer than a sync interval of the policy below, so that no moment between two events is spared.
constexpr std::uint64_t kMostLaterMs = 30;
// Far more than a group takes, however often its process dies.
constexpr int kMostLooks = 20'000;

struct Source {
    std::string path;
    std::uint64_t size = 0;
    std::uint64_t seed = 0;
};
const std::vector<Source> kSources = {
    {"/small", 1'000, 1}, {"/empty", 0, 2}, {"/medium", 300'001, 3}, {"/large", 2'500'000, 4}};

fakeserver::FaultRule sometimes(const std::string& name, std::uint64_t out_of,
                                const fakeserver::Fault& fault) {
    fakeserver::FaultRule rule;
    rule.name = name;
    rule.match.method = "GET";
    rule.chance = fakeserver::Chance{1, out_of};
    rule.faults = {fault};
    return rule;
}

// Only what passes by itself: every group has to end.
fakeserver::Script misbehaving(std::uint64_t seed) {
    using fakeserver::Effect;
    fakeserver::Script script;
    script.title = "random kills";
    script.why = "A server under load behind a bad line, and a machine that loses power.";
    for (const Source& one : kSources)
        script.resources.push_back(
            {one.path, one.size, one.seed, "Wed, 04 Sep 2024 02:15:41 GMT", {}});
    script.rules = {
        sometimes("reset", 5, {.effect = Effect::Reset, .at = {.byte = 100'000}}),
        sometimes("close", 5, {.effect = Effect::Close, .at = {.byte = 700}}),
        sometimes("busy", 6, {.effect = Effect::RespondStatus, .status = 503}),
        sometimes("late", 4, {.effect = Effect::Delay, .delay = {.ms = 20}}),
        sometimes("slow", 2, {.effect = Effect::Bandwidth, .bytes_per_second = 20'000'000})};
    for (fakeserver::FaultRule& rule : script.rules) rule.seed = seed;
    return script;
}

bool is_content(const fs::path& path, const Source& source) {
    std::ifstream file(path, std::ios::binary);
    std::vector<char> bytes(source.size + 1);
    file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    const auto count = static_cast<std::size_t>(file.gcount());
    const std::span<const char> part(bytes.data(), count);
    return count == source.size && fakeserver::is_content(source.seed, 0, std::as_bytes(part));
}

// 0 when nobody has written it yet.
pid_t number_in(const std::string& path) {
    pid_t number = 0;
    std::ifstream file(path);
    std::string line;
    if (std::getline(file, line) && !file.eof()) number = std::stoi(line);
    return number;
}

class RandomKills : public testing::Test {
  protected:
    RandomKills()
        : seed_(static_cast<std::uint64_t>(GTEST_FLAG_GET(random_seed))),
          chance_(seed_),
          server_(misbehaving(seed_), options()) {
        fs::create_directory(downloads());
        policy_.retry_delay = Duration(20);
        policy_.sync_interval = Duration(20);
        policy_.sync_bytes = 200'000;
    }
    ~RandomKills() override {
        killer_.disarm();
        system_.reset();
        server_.stop();
    }

    fakeserver::FaultServer::Options options() {
        fakeserver::FaultServer::Options options;
        options.on_answered = [this](const fakeserver::ServedRequest&) { killer_.note_event(); };
        return options;
    }

    std::string downloads() const { return folder_.path() + "/d"; }
    std::string state() const { return folder_.path() + "/state"; }
    std::string program() const {
        return "'" + std::string(fs::read_symlink("/proc/self/exe").parent_path() / "qmgr") + "'";
    }
    std::uint64_t draw(std::uint64_t below) { return chance_() % below; }

    /// A process, with an end before it unless there were enough of those; one in eight ends while
    /// it begins. The shell that becomes it writes down its number.
    void start_process() {
        system_.reset();
        const std::string pid_file = folder_.path() + "/pid";
        fs::remove(pid_file);
        if (kills_ < RANDOM_KILLS) {
            const std::uint64_t events = draw(8) == 0 ? 0 : 1 + draw(kMostEvents);
            const Duration after(static_cast<std::int64_t>(draw(kMostLaterMs)));
            killer_.arm([pid_file] { return number_in(pid_file); }, events, after);
        }
        const std::string command =
            "sh -c \"echo \\$\\$ >'" + pid_file + "' && exec " + program() + " stdio\"";
        system_ = std::make_unique<PipeSystem>(PipeSystem::Options{command, state(), policy_});
        if (!lives()) return;
        system_->register_callback(kCallback);
        if (has_group_) get_handles();
    }

    /// True when the process still lives; else another one was started over the same state, and
    /// what the last call did is not known.
    bool lives() {
        if (system_->broken().empty()) return true;
        const bool killed = killer_.disarm();
        EXPECT_TRUE(killed) << "it ended by itself: " << system_->broken();
        if (!killed) {
            failed_ = true;
            return false;
        }
        ++kills_;
        start_process();
        return false;
    }

    Reply ask(const Call& call) {
        killer_.note_event();
        return system_->call(kUser, call);
    }

    /// Goes on until `attempt` is answered by a process that lives.
    template <class Attempt>
    void insist(Attempt attempt) {
        for (int tries = 0; tries < RANDOM_KILLS + 2 && !failed_; ++tries) {
            const Reply reply = attempt(tries > 0);
            if (!lives()) continue;
            EXPECT_EQ(reply.hresult, HResult::Ok) << name(reply.hresult);
            failed_ = reply.hresult != HResult::Ok;
            return;
        }
    }

    void get_handles() {
        const Reply group = ask(call::GetGroup{group_id_});
        if (const auto* handle = std::get_if<GroupHandle>(&group.value)) {
            group_ = *handle;
            const Reply job = ask(call::GetJob{group_, job_id_});
            if (const auto* found = std::get_if<JobHandle>(&job.value)) job_ = *found;
        }
        group_is_there_ = group.hresult != HResult::QmItemNotFound;
        lives();
    }

    void create(std::uint64_t number);
    void add(const std::vector<FileSetInfo>& files);
    void listen_and_resume();
    void cancel();
    void wait_for_the_end(std::uint64_t leave_after_bytes);
    void take_deliveries();
    void expect_files(const std::vector<std::pair<std::string, Source>>& wanted, bool all);
    void tell_one_group(std::uint64_t number);
    void expect_an_empty_queue();

    TemporaryFolder folder_;
    Policy policy_;
    std::uint64_t seed_;
    std::mt19937_64 chance_;
    Killer killer_;
    fakeserver::FaultServer server_;
    std::unique_ptr<PipeSystem> system_;
    std::uint64_t kills_ = 0;
    bool failed_ = false;
    bool has_group_ = false;       ///< CreateGroup was asked for
    bool group_is_there_ = false;  ///< as the last get_handles() found
    GroupId group_id_;
    JobId job_id_;
    GroupHandle group_;
    JobHandle job_;
    std::uint64_t deliveries_ = 0;  ///< of the end of the group at hand, answered S_OK
};

void RandomKills::create(std::uint64_t number) {
    group_id_.guid.bytes = {1};
    group_id_.guid.bytes[14] = static_cast<std::uint8_t>(number >> 8U);
    group_id_.guid.bytes[15] = static_cast<std::uint8_t>(number & 0xFFU);
    job_id_.guid = group_id_.guid;
    job_id_.guid.bytes[1] = 1;
    has_group_ = true;
    insist([&](bool again) {
        Reply reply = ask(call::CreateGroup{group_id_});
        if (again && reply.hresult == HResult::InvalidArgument)
            reply = ask(call::GetGroup{group_id_});
        if (const auto* handle = std::get_if<GroupHandle>(&reply.value)) group_ = *handle;
        return reply;
    });
    insist([&](bool again) {
        Reply reply = ask(call::CreateJob{group_, job_id_});
        if (again && reply.hresult == HResult::NotImplemented)
            reply = ask(call::GetJob{group_, job_id_});
        if (const auto* handle = std::get_if<JobHandle>(&reply.value)) job_ = *handle;
        return reply;
    });
}

void RandomKills::add(const std::vector<FileSetInfo>& files) {
    insist([&](bool again) {
        const Reply reply = again ? ask(call::GetFileCount{job_}) : Reply{};
        const auto* count = std::get_if<value::Count>(&reply.value);
        if (count != nullptr && count->number != 0) {
            EXPECT_EQ(count->number, files.size());  // all or nothing (JOB1-ADD-4)
            return reply;
        }
        return ask(call::AddFiles{job_, files});
    });
}

void RandomKills::listen_and_resume() {
    const auto set = [&](GroupProperty property, const PropertyValue& value) {
        insist([&](bool) { return ask(call::SetProp{group_, property, value}); });
    };
    set(GroupProperty::NotifyClsid, {VariantType::Bstr, 0, "{" + to_text(kCallback.guid) + "}"});
    set(GroupProperty::NotifyFlags, {VariantType::I4, NotifyFlag::group_done, {}});
    if (draw(2) == 0) insist([&](bool) { return ask(call::SwitchGroupToForeground{group_}); });
    insist([&](bool) { return ask(call::ResumeGroup{group_}); });
}

void RandomKills::take_deliveries() {
    for (const Notification& one : system_->take_notifications()) {
        // It may be of the group before, which ended while it was being cancelled.
        const Reply id = ask(call::GetGroupId{one.group});
        if (!system_->broken().empty()) return;
        if (id.value != ReplyValue(group_id_)) continue;
        EXPECT_EQ(one.status.without(GroupFlag::Foreground).bits, 0x140U);  // complete
        killer_.note_event();
        // What is not answered S_OK comes again. An S_OK may count although the process died before
        // it said so, and then it does not.
        const bool taken = draw(4) != 0;
        if (taken) ++deliveries_;
        system_->answer(one.number, taken ? HResult::Ok : HResult::Failed);
    }
}

// Until the end of the group was told, or so many bytes are stored.
void RandomKills::wait_for_the_end(std::uint64_t leave_after_bytes) {
    for (int look = 0; look < kMostLooks && !failed_; ++look) {
        take_deliveries();
        if (deliveries_ > 0) return;
        const Reply reply = ask(call::GetGroupProgress{group_, ProgressFlag::SizeDone});
        if (!lives()) continue;
        const auto* progress = std::get_if<value::Progress>(&reply.value);
        if (progress != nullptr && progress->amount >= leave_after_bytes) return;
        pass_real_time(Duration(3));
    }
    EXPECT_TRUE(failed_) << "no news of the end";
    failed_ = true;
}

void RandomKills::cancel() {
    insist([&](bool again) {
        if (again && !group_is_there_) return Reply{};
        Reply reply = ask(call::CancelGroup{group_});
        // The one that nobody heard the answer of is still being finished.
        if (again && reply.hresult == HResult::QmInvalidState) reply.hresult = HResult::Ok;
        return reply;
    });
    has_group_ = false;
}

// Under their names stand whole files; after the group was cancelled there are no parts.
void RandomKills::expect_files(const std::vector<std::pair<std::string, Source>>& wanted,
                               bool all) {
    std::set<std::string> names;
    // Parts of a cancel that a kill interrupted go soon after the next start.
    for (int look = 0; look < kMostLooks; ++look) {
        names.clear();
        ask(call::GetGroup{group_id_});  // a process that died in between is noticed by a call
        lives();
        for (const auto& entry : fs::directory_iterator(downloads()))
            names.insert(entry.path().filename());
        if (names.empty() || !names.begin()->starts_with("BIT")) break;
        pass_real_time(Duration(3));
    }
    for (const auto& [name, source] : wanted) {
        const bool there = names.erase(name) != 0;
        EXPECT_TRUE(there || !all) << name << " is missing";
        if (!there) continue;
        EXPECT_TRUE(is_content(downloads() + "/" + name, source)) << name;
        fs::remove(downloads() + "/" + name);
    }
    EXPECT_THAT(names, testing::IsEmpty()) << "left over";
    failed_ = failed_ || HasFailure();
}

void RandomKills::tell_one_group(std::uint64_t number) {
    std::vector<FileSetInfo> files;
    std::vector<std::pair<std::string, Source>> wanted;
    std::uint64_t bytes = 0;
    for (std::uint64_t i = 0; i < 1 + draw(3); ++i) {
        const Source& source = kSources[draw(kSources.size())];
        const std::string local = std::to_string(number) + "-" + std::to_string(i);
        files.push_back({server_.url(source.path), downloads() + "/" + local, 0});
        wanted.emplace_back(local, source);
        bytes += source.size;
    }
    const bool to_the_end = draw(4) != 0;
    const std::uint64_t kills_before = kills_;
    deliveries_ = 0;
    create(number);
    add(files);
    listen_and_resume();
    wait_for_the_end(to_the_end ? UINT64_MAX : draw(bytes + 1));
    // NOTIFY-9: again only if the answer was lost.
    EXPECT_LE(deliveries_, 1 + kills_ - kills_before);
    cancel();
    expect_files(wanted, to_the_end);
}

// What a process that ends by itself leaves: a journal without rows and nothing beside it.
void RandomKills::expect_an_empty_queue() {
    system_.reset();
    const std::string hello =
        to_line({{"hello", {{"protocol", 1}, {"state", state()}, {"policy", to_json(policy_)}}}});
    std::ofstream(folder_.path() + "/hello") << hello << "\n";
    const std::string command = program() + " stdio <'" + folder_.path() + "/hello' >/dev/null";
    EXPECT_EQ(std::system(command.c_str()), 0);
    for (const auto& entry : fs::directory_iterator(state())) {
        const std::string name = entry.path().filename();
        EXPECT_FALSE(name.ends_with("-wal") || name.ends_with("-journal") ||
                     name.find("unreadable") != std::string::npos)
            << name;
    }
    sqlite3* journal = nullptr;
    ASSERT_EQ(
        sqlite3_open_v2((state() + "/queue.db").c_str(), &journal, SQLITE_OPEN_READONLY, nullptr),
        SQLITE_OK);
    const auto number = [&](const char* query) {
        sqlite3_stmt* statement = nullptr;
        EXPECT_EQ(sqlite3_prepare_v2(journal, query, -1, &statement, nullptr), SQLITE_OK);
        EXPECT_EQ(sqlite3_step(statement), SQLITE_ROW);
        const int value = sqlite3_column_int(statement, 0);
        sqlite3_finalize(statement);
        return value;
    };
    EXPECT_EQ(number("SELECT count(*) FROM groups"), 0);
    EXPECT_EQ(number("SELECT count(*) FROM files"), 0);
    EXPECT_EQ(number("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"),
              0);
    sqlite3_close(journal);
}

TEST_F(RandomKills, LoseNoByteAndNoNewsAndLeaveNothingBehind) {
    std::cout << "seed " << seed_ << " (--gtest_random_seed=" << seed_ << ")" << std::endl;
    start_process();
    std::uint64_t groups = 0;
    // One more group after the last kill: it ends as if nothing had been.
    for (bool last = false; !last && !failed_ && groups < 0xFFFF;) {
        last = kills_ >= RANDOM_KILLS;
        tell_one_group(++groups);
    }
    killer_.disarm();
    std::cout << kills_ << " kills, " << groups << " groups, " << server_.requests().size()
              << " requests" << std::endl;
    EXPECT_GE(kills_, std::uint64_t{RANDOM_KILLS});
    expect_an_empty_queue();
}

}  // namespace
}  // namespace qmgr::conformance
