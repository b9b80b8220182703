// Hostile does what it says, each thing at least once, and what it says is all it does.
#include "conformance/world/hostile.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "conformance/rig/requirements.hpp"

namespace qmgr::world {
namespace {

using enum Unpleasantness;

const Caller kClient{"u1"};
const ClassId kClass{*guid_from_text("5f0a3e1c-94a1-4f43-8a55-1f6b0a7e2c01")};

GroupId group_id(std::uint8_t number) {
    Guid guid;
    guid.bytes[15] = number;
    return {guid};
}

Options a_server() {
    Options options;
    const std::string date = "Tue, 02 Jan 2001 03:04:05 GMT";
    options.script.resources = {
        {.path = "/small", .size = 1'000, .seed = 1, .last_modified = date},
        {.path = "/large", .size = 3'000'000'000, .seed = 2, .last_modified = date}};
    return options;
}

/// Replies without the numbers that tell only how much others have asked.
Reply without_numbers(Reply reply) {
    if (std::holds_alternative<GroupHandle>(reply.value)) reply.value = GroupHandle{};
    if (std::holds_alternative<JobHandle>(reply.value)) reply.value = JobHandle{};
    if (std::holds_alternative<EnumeratorHandle>(reply.value)) reply.value = EnumeratorHandle{};
    return reply;
}

/// A client that makes every kind of call with two groups, looks again and again, and takes
/// everything as it comes.
class Story {
  public:
    explicit Story(Hostile& hostile) : hostile_(hostile) {}

    void play() {
        hostile_.register_callback(kClass);
        ask(call::EnumGroups{});
        begin(first_, group_id(1), {"/small", "/large"});
        begin(second_, group_id(2), {"/small"});
        for (int look = 1; look <= 40; ++look) {
            hostile_.run_for(Duration(200));
            ask(call::GetGroupStatus{first_.group});
            ask(call::GetJobStatus{first_.job});
            ask(call::GetGroupProgress{first_.group, ProgressFlag::SizeDone});
            // Several at once, and the first ones are not taken: they come again.
            if (look % 20 == 0) listen(look == 20 ? HResult::Failed : HResult::Ok);
        }
        hostile_.run_for(std::chrono::minutes(30));
        listen(HResult::Ok);
        read(first_);
        ask(call::GetGroup{group_id(1)});
        for (const Own& own : {first_, second_}) {
            ask(call::SuspendGroup{own.group});
            ask(call::CancelGroup{own.group});
        }
        hostile_.run_for(std::chrono::hours(2));
        listen(HResult::Ok);
    }

    const std::vector<Reply>& replies() const { return replies_; }
    const std::vector<Notification>& told() const { return told_; }

  private:
    struct Own {
        GroupHandle group;
        JobHandle job;
    };

    Reply ask(const Call& call) {
        Reply reply = hostile_.call(kClient, call);
        replies_.push_back(without_numbers(reply));
        return reply;
    }
    template <class Handle>
    Handle handle(const Call& call) {
        const Reply reply = ask(call);
        const auto* given = std::get_if<Handle>(&reply.value);
        return given != nullptr ? *given : Handle{};
    }

    void begin(Own& own, GroupId id, const std::vector<std::string>& paths) {
        own.group = handle<GroupHandle>(call::CreateGroup{id});
        own.job = handle<JobHandle>(call::CreateJob{own.group, {id.guid}});
        std::vector<FileSetInfo> files;
        for (const std::string& path : paths)
            files.push_back({"http://server.test" + path, "/dl" + path + to_text(id.guid), 0});
        ask(call::AddFiles{own.job, files});
        const auto set = [&](GroupProperty property, PropertyValue value) {
            ask(call::SetProp{own.group, property, std::move(value)});
        };
        set(GroupProperty::NotifyClsid, {VariantType::Bstr, 0, "{" + to_text(kClass.guid) + "}"});
        set(GroupProperty::NotifyFlags, {VariantType::I4, NotifyFlag::group_done, {}});
        set(GroupProperty::DisplayName, {VariantType::Bstr, 0, std::string(257, 'n')});
        ask(call::GetGroupStatus{own.group});
        ask(call::ResumeGroup{own.group});
    }

    void read(const Own& own) {
        ask(call::GetProp{own.group, GroupProperty::NotifyFlags});
        ask(call::GetJob{own.group, {group_id(1).guid}});
        ask(call::GetSize{own.group});
        ask(call::GetGroupId{own.group});
        ask(call::GetJobId{own.job});
        ask(call::GetFile{own.job, 0});
        ask(call::GetFileCount{own.job});
        ask(call::GetJobProgress{own.job, ProgressFlag::PercentDone});
        ask(call::SwitchGroupToForeground{own.group});
        const auto list = handle<EnumeratorHandle>(call::EnumJobs{own.group, 0});
        ask(call::Next{list, 1});
        ask(call::Reset{list});
        ask(call::Skip{list, 1});
        ask(call::GetCount{list});
        ask(call::Clone{list});
        ask(call::Release{list});
    }

    void listen(HResult answer) {
        replies_.push_back({});  // a mark: what was told before, what after
        for (Notification& one : hostile_.take_notifications()) {
            ask(call::GetGroupId{one.group});
            hostile_.answer(one.number, answer);
            told_.push_back(one);
            replies_.push_back({HResult::Ok, value::GroupState{one.status}});
        }
    }

    Hostile& hostile_;
    Own first_;
    Own second_;
    std::vector<Reply> replies_;
    std::vector<Notification> told_;
};

struct Played {
    std::vector<Call> calls;
    std::vector<Reply> replies;
    std::vector<bool> job_told;  ///< of each notification
    std::vector<Happened> happened;
    std::vector<Act> unfired;
    bool operator==(const Played& other) const {
        return replies == other.replies && job_told == other.job_told;
    }
};

Played play(const std::vector<Act>& acts) {
    World world(a_server());
    world.disk().make_directory("/dl");
    Hostile hostile(world, acts);
    Story story(hostile);
    story.play();
    Played played{hostile.calls(), story.replies(), {}, hostile.happened(), hostile.unfired()};
    for (const Notification& one : story.told()) played.job_told.push_back(one.job.has_value());
    return played;
}

std::string clauses_of(Unpleasantness what) {
    return std::string(unpleasantnesses()[static_cast<std::size_t>(what)].clauses);
}

/// What has to be there for it.
std::vector<Act> with_what_it_needs(Unpleasantness what) {
    switch (what) {
        case ResumedByAnother:
        case LeanStatus:
        case Win32Codes:
            return {{DiskFull, 40}, {what, 40}};
        case FileChanged:
        case PowerFailed:
            return {{what, 40}};
        default:
            return {{what}};
    }
}

TEST(Hostile, NamesClausesOfTheCatalogueForEachUnpleasantness) {
    const auto catalogue = conformance::Catalogue::from_file("conformance/requirements.json");
    std::set<std::string_view> names;
    for (const UnpleasantnessRow& row : unpleasantnesses()) {
        EXPECT_TRUE(names.insert(row.name).second) << row.name;
        std::string clauses(row.clauses);
        ASSERT_FALSE(clauses.empty()) << row.name;
        for (std::size_t begin = 0; begin < clauses.size();) {
            const std::size_t end = std::min(clauses.find(' ', begin), clauses.size());
            EXPECT_FALSE(catalogue.find(clauses.substr(begin, end - begin)).empty())
                << row.name << ": " << clauses.substr(begin, end - begin);
            begin = end + 1;
        }
    }
}

TEST(Hostile, PassesEverythingOnAsItIsWithoutAPlan) {
    const Played played = play({});
    EXPECT_TRUE(played.happened.empty());
    // The plain story: everything is accepted, both groups end, each is told twice.
    EXPECT_EQ(std::count_if(played.replies.begin(), played.replies.end(),
                            [](const Reply& reply) { return failed(reply.hresult); }),
              2)
        << "only the two names that are too long are refused";
    EXPECT_EQ(played.job_told.size(), 4U);
}

TEST(Hostile, DoesEachUnpleasantnessAndTheClientFeelsIt) {
    const Played plain = play({});
    for (const UnpleasantnessRow& row : unpleasantnesses()) {
        SCOPED_TRACE(row.name);
        const Played played = play(with_what_it_needs(row.what));
        EXPECT_TRUE(played.unfired.empty()) << "armed, and never happened";
        EXPECT_FALSE(played == plain) << "it happened, and made no difference";
        const bool listed = std::any_of(played.happened.begin(), played.happened.end(),
                                        [&](const Happened& one) { return one.what == row.what; });
        EXPECT_TRUE(listed);
        for (const Happened& one : played.happened)
            EXPECT_NE(to_text(one).find(clauses_of(one.what)), std::string::npos);
    }
}

TEST(Hostile, AnswersEachCallWithEachOfItsLegalFailures) {
    const Played plain = play({});
    std::set<std::pair<std::size_t, Unpleasantness>> meant;
    std::set<std::pair<std::size_t, Unpleasantness>> met;
    for (const OneFailure& one : one_failure_each(plain.calls)) {
        const std::size_t kind = plain.calls[one.act.at_call - 1].index();
        const std::pair what(kind, one.failure.by);
        meant.insert(what);
        if (met.contains(what)) continue;
        const Played played = play({one.act});
        if (played.happened.empty() || played.happened.front().call != one.act.at_call) continue;
        EXPECT_EQ(played.happened.front().answered, one.failure.code)
            << to_text(played.happened.front());
        met.insert(what);
    }
    EXPECT_EQ(met, meant) << "kinds of call, by their place in the variant";
}

}  // namespace
}  // namespace qmgr::world
