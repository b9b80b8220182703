#include "reference/service/service_under_test.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

#include "reference/app/still_queue.hpp"

namespace qmgr {
namespace {

const Caller kCaller{"u1", false};

GroupId group_id(std::uint8_t number) {
    GroupId id;
    id.guid.bytes.back() = number;
    return id;
}

TEST(ServiceUnderTestTest, SaysOfItselfWhatItWasGiven) {
    StillJournal journal;
    StillQueue queue(journal);
    EXPECT_EQ(queue.service().describe(), (Description{"still queue", "1", {"users"}}));
}

TEST(ServiceUnderTestTest, AnswersEveryOneOfManyThreads) {
    constexpr std::uint8_t kThreads = 8;
    StillJournal journal;
    StillQueue queue(journal);
    std::vector<Reply> replies(kThreads);
    std::vector<std::thread> threads;
    for (std::uint8_t i = 0; i < kThreads; ++i)
        threads.emplace_back([&, i] {
            const auto number = static_cast<std::uint8_t>(i + 1);
            replies[i] = queue.service().call(kCaller, call::CreateGroup{group_id(number)});
        });
    for (std::thread& thread : threads) thread.join();
    std::set<GroupHandle> handles;
    for (const Reply& reply : replies) {
        EXPECT_EQ(reply.hresult, HResult::Ok);
        handles.insert(std::get<GroupHandle>(reply.value));
    }
    EXPECT_EQ(handles.size(), kThreads);
}

TEST(ServiceUnderTestTest, AnswersEveryCallOnceAlsoWhenItIsStopped) {
    constexpr int kCalls = 1000;
    StillJournal journal;
    std::vector<int> answers(kCalls, 0);
    {
        StillQueue queue(journal);
        for (int i = 0; i < kCalls; ++i)
            queue.service().submit(kCaller, call::EnumGroups{}, [&, i](const Reply& reply) {
                EXPECT_THAT(reply.hresult,
                            testing::AnyOf(HResult::Ok, HResult::QmServiceUnavailable));
                ++answers[static_cast<std::size_t>(i)];
            });
    }
    EXPECT_THAT(answers, testing::Each(1));
}

TEST(ServiceUnderTestTest, AnswersServiceUnavailableOnceTheJournalFails) {
    StillJournal journal;
    StillQueue queue(journal);
    const Call create = call::CreateGroup{group_id(1)};
    journal.set_failing(true);
    EXPECT_EQ(queue.service().call(kCaller, create).hresult, HResult::QmServiceUnavailable);
    EXPECT_EQ(queue.service().call(kCaller, call::EnumGroups{}).hresult,
              HResult::QmServiceUnavailable);
}

TEST(ServiceUnderTestTest, CannotChangeItsSurroundings) {
    StillJournal journal;
    StillQueue queue(journal);
    EXPECT_EQ(queue.service().surroundings(surroundings::NetworkLost{}),
              "a process has the surroundings it has");
}

}  // namespace
}  // namespace qmgr
