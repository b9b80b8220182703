#include "conformance/world/story.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conformance/world/simulated_rig.hpp"

namespace qmgr::world {
namespace {

using testing::HasSubstr;

conformance::Setting one_file() {
    conformance::Setting setting;
    setting.script.resources = {{"/a", 1000, 7, "Wed, 04 Sep 2024 02:15:41 GMT", {}}};
    return setting;
}

template <class T>
T value_of(const Reply& reply) {
    const T* found = std::get_if<T>(&reply.value);
    return found ? *found : T{};
}

void download(conformance::Rig& rig, const std::string& file, const char* last_digits) {
    const std::string prefix = "00000000-0000-0000-0000-0000000000";
    const GroupId group_id{*guid_from_text(prefix + "1" + last_digits)};
    const JobId job_id{*guid_from_text(prefix + "2" + last_digits)};
    const auto group = value_of<GroupHandle>(rig.call(call::CreateGroup{group_id}));
    const auto job = value_of<JobHandle>(rig.call(call::CreateJob{group, job_id}));
    rig.call(call::AddFiles{job, {{rig.url("/a"), rig.local(file), 0}}});
    rig.call(call::ResumeGroup{group});
    rig.let_pass(std::chrono::seconds(1));
    rig.call(call::GetGroupStatus{group});
}

/// The place of the first line from `from` on that has the text in it; the end if there is none.
std::size_t place_of(const std::vector<traces::TraceLine>& story, const std::string& text,
                     std::size_t from = 0) {
    while (from < story.size() && story[from].body.find(text) == std::string::npos) ++from;
    EXPECT_LT(from, story.size()) << text;
    return from;
}

TEST(Story, TellsWhatHappenedBetweenTheCallsInItsOrder) {
    SimulatedRig rig(one_file());
    download(rig, "x", "1");
    const auto story = rig.story();
    std::size_t place = 0;
    for (const char* next : {"\"resume_group\"", "Suspended→Queued", "\"did\":\"opened\"",
                             "\"reply\"", "\"method\":\"HEAD\"", "\"method\":\"GET\"",
                             "\"did\":\"published\"", "\"get_group_status\"", "GROUP_COMPLETE"})
        place = place_of(story, next, place);
    for (std::size_t i = 1; i < story.size(); ++i) EXPECT_LE(story[i - 1].at, story[i].at) << i;
}

TEST(Story, SaysHowAnExchangeEnded) {
    SimulatedRig rig(one_file());
    download(rig, "x", "1");
    const auto story = rig.story();
    EXPECT_THAT(story[place_of(story, "\"method\":\"GET\"")].body,
                HasSubstr("\"bytes\":1000,\"ending\":\"whole\",\"until\":"));
}

TEST(Story, KeepsTheRequestsOfScriptsThatAreNoLongerServed) {
    SimulatedRig rig(one_file());
    download(rig, "x", "1");
    rig.serve(one_file().script);
    download(rig, "y", "2");
    std::size_t gets = 0;
    for (const traces::TraceLine& line : rig.story())
        gets += line.body.find("\"method\":\"GET\"") != std::string::npos ? 1U : 0U;
    EXPECT_EQ(gets, 2U);
}

TEST(Story, IsTheTraceOfTheRecorderWithMoreLines) {
    SimulatedRig rig(one_file());
    download(rig, "x", "1");
    std::vector<traces::TraceLine> told;
    for (const traces::TraceLine& line : rig.story())
        if (line.kind == traces::Kind::In || line.kind == traces::Kind::Out) told.push_back(line);
    EXPECT_EQ(told, rig.lines());
}

}  // namespace
}  // namespace qmgr::world
