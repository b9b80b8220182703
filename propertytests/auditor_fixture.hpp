// What the tests of the auditor have in common: one group with a job, two files and a list of all
// groups, answers in short words, and what is expected of the auditor after them.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "propertytests/auditor.hpp"

namespace qmgr::propertytests {

using H = HResult;

inline Guid guid(std::uint8_t number) {
    Guid guid;
    guid.bytes[15] = number;
    return guid;
}

inline constexpr GroupStatus kSuspendedFlags{0x180};
inline constexpr GroupStatus kRunningFlags{0x80};
inline constexpr GroupStatus kErrorFlags{0x380};
inline constexpr GroupStatus kCompleteFlags{0x140};

inline const Caller kUser{"u1", false};
inline const Caller kOther{"u2", false};
inline const Caller kAdministrator{"admin", true};
inline const GroupHandle kGroup{1};
inline const JobHandle kJob{2};
inline const EnumeratorHandle kList{3};
inline const FileSetInfo kFile{"http://server.test/a", "/d/a", 7};
inline const std::string kClass = "{00000000-0000-0000-0000-000000000009}";

inline Reply ok(ReplyValue value = {}) { return {H::Ok, std::move(value)}; }
inline Reply no(HResult code) { return {code, {}}; }
inline Reply status(GroupStatus status) { return ok(value::GroupState{status, 0}); }
inline Reply bytes(std::uint32_t amount) { return ok(value::Progress{amount}); }
inline Reply job_state(std::uint32_t flags, std::uint32_t win32 = 0, std::uint32_t http = 0,
                       std::uint32_t retries = 0) {
    return ok(value::JobState{JobStatus{flags}, win32, http, retries});
}
inline PropertyValue text(const std::string& text) { return {VariantType::Bstr, 0, text}; }
inline PropertyValue number(std::int64_t number) { return {VariantType::I4, number, {}}; }
inline Reply list(std::vector<Guid> ids, H code = H::Ok) {
    const auto count = static_cast<std::uint32_t>(ids.size());
    return {code, value::Fetched{std::move(ids), count}};
}

inline Policy policy() {
    Policy policy;
    policy.jobs_per_user = 2;
    policy.jobs_per_machine = 3;
    policy.files_per_job = 3;
    policy.callbacks_at_once = 1;
    return policy;
}

class AuditorTest : public testing::Test {
  public:
    AuditorTest() : auditor(policy(), {.remote_files_stay = true}) {
        auditor.directory_is("/d", DirectoryKind::Writable);
        auditor.directory_is("/protected", DirectoryKind::AdministratorsOnly);
        auditor.directory_is("/missing", DirectoryKind::Missing);
    }

    void tell(const Call& call, const Reply& reply, const Caller& caller = kUser) {
        auditor.call_answered(now, caller, call, reply);
    }
    void pass(std::chrono::milliseconds time) { now += time; }
    void around(const Surroundings& what) { auditor.surroundings_changed(now, what); }

    /// One group with a job, two files and a list of all groups.
    void prepare() {
        tell(call::CreateGroup{{guid(1)}}, ok(kGroup));
        tell(call::CreateJob{kGroup, {guid(101)}}, ok(kJob));
        tell(call::AddFiles{kJob, {kFile, kFile}}, ok());
        tell(call::EnumGroups{0}, ok(kList));
    }
    void prepare_running() {
        prepare();
        tell(call::ResumeGroup{kGroup}, ok());
    }
    void prepare_error() {
        prepare_running();
        tell(call::GetJobStatus{kJob}, job_state(0x18, 0x80190194, 404, 1));
    }
    void prepare_complete() {
        prepare_running();
        tell(call::GetGroupStatus{kGroup}, status(kCompleteFlags));
    }
    void listen(std::uint32_t flags) {
        auditor.callback_registered({guid(9)});
        tell(call::SetProp{kGroup, GroupProperty::NotifyClsid, text(kClass)}, ok());
        tell(call::SetProp{kGroup, GroupProperty::NotifyFlags, number(flags)}, ok());
    }
    Notification error_told() {
        return {{1}, {guid(9)}, {50}, JobHandle{51}, 0, kErrorFlags, 1, 0x80190194, 404};
    }
    Notification completion_told() {
        return {{1}, {guid(9)}, {50}, JobHandle{51}, {}, kCompleteFlags, 0, 0, 0};
    }
    void take(const std::vector<Notification>& told) {
        for (const Notification& one : told) auditor.delivered(now, one);
        auditor.notifications_taken(now);
    }

    void expect_nothing() {
        for (const Violation& one : auditor.violations())
            ADD_FAILURE() << one.invariant << " (" << one.clause << "): " << one.what;
        auditor.forget_violations();
    }
    void expect_found(const std::string& invariant, const std::string& clause) {
        ASSERT_FALSE(auditor.violations().empty()) << "nothing found; expected " << invariant;
        EXPECT_EQ(auditor.violations().front().invariant, invariant)
            << auditor.violations().front().what;
        EXPECT_EQ(auditor.violations().front().clause, clause);
        auditor.forget_violations();
    }

    Auditor auditor;
    Instant now = instant_from_ms(1'000'000);
};

}  // namespace qmgr::propertytests
