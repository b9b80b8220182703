// What nearly every case does, in one word each. A verb judges only what its name says.
#pragma once

#include <string>
#include <vector>

#include "conformance/rig/rig.hpp"

namespace qmgr::conformance {

/// GUIDs of cases: the number stands in the last four digits.
Guid guid(unsigned number);

/// The value of a reply, or the type's default when it is another one or the call failed.
template <class T>
T value_of(const Reply& reply) {
    const T* found = std::get_if<T>(&reply.value);
    return found ? *found : T{};
}

/// CreateGroup, which must work (QMGR-CREATE-1).
GroupHandle create_group(Rig& rig, unsigned number = 1, const Caller& caller = Rig::user());
/// CreateJob, which must work (GROUP-CREATEJOB-1).
JobHandle create_job(Rig& rig, GroupHandle group, unsigned number = 101,
                     const Caller& caller = Rig::user());

/// A file of the fake server, and where it goes.
struct Wanted {
    std::string path;       ///< "/a"
    std::string file_name;  ///< in the directory for downloads
};
/// AddFiles, which must work (JOB1-ADD-1).
void add_files(Rig& rig, JobHandle job, const std::vector<Wanted>& files,
               const Caller& caller = Rig::user());

struct Download {
    GroupHandle group;
    JobHandle job;
};
/// A group with a job and these files, not resumed.
Download prepare(Rig& rig, const std::vector<Wanted>& files, unsigned number = 1,
                 const Caller& caller = Rig::user());
/// The same, resumed (GROUP-RESUME-1).
Download start(Rig& rig, const std::vector<Wanted>& files, unsigned number = 1,
               const Caller& caller = Rig::user());

/// ResumeGroup, which answers S_OK (GROUP-RESUME-1).
void resume(Rig& rig, GroupHandle group, const Caller& caller = Rig::user());

GroupStatus status(Rig& rig, GroupHandle group, const Caller& caller = Rig::user());
value::JobState job_status(Rig& rig, JobHandle job, const Caller& caller = Rig::user());
std::uint32_t size_done(Rig& rig, GroupHandle group);
/// Waits until the group's files have so many bytes together (GROUP-PROG-1).
void wait_for_bytes(Rig& rig, GroupHandle group, std::uint32_t count);
/// Waits until the group's transfer can be caught where the server has fallen silent, after `sent`
/// bytes of its files together. A system that counts in blocks may show up to 8,192 bytes fewer: it
/// is caught, too, once its count stands still. For cases that are not about the number.
void wait_for_silence(Rig& rig, GroupHandle group, std::uint32_t sent);

/// Waits until the group runs no more, and gives what it shows then.
GroupStatus wait_for_end(Rig& rig, const std::string& clause, GroupHandle group);
/// Waits until the group is complete, in the background or not, and says so if it is not.
bool expect_complete(Rig& rig, const std::string& clause, GroupHandle group);
/// Waits until the group is in error, in the background or not, and says so if it is not.
bool expect_error(Rig& rig, const std::string& clause, GroupHandle group);
/// The file is there, whole and of that version.
void expect_file(Rig& rig, const std::string& clause, const std::string& file_name,
                 const fakeserver::Resource& resource);
/// Waits until the directory for downloads has these files and no other ones, and says so if not.
void expect_files(Rig& rig, const std::string& clause, const std::vector<std::string>& names);
/// HRESULT of a call, judged.
void expect_code(Rig& rig, const std::string& clause, const std::string& what, const Call& call,
                 const std::vector<HResult>& allowed, const Caller& caller = Rig::user());
/// A call that must fail, by the clause's part -a, with a code this project chose, its part -b:
/// another failing code is a difference only.
void expect_refusal(Rig& rig, const std::string& clause, const std::string& what, const Call& call,
                    const std::vector<HResult>& allowed, const Caller& caller = Rig::user());
/// The group's flags, judged.
void expect_status(Rig& rig, const std::string& clause, const std::string& what, GroupHandle group,
                   const std::vector<GroupStatus>& allowed);

/// True for a name, whatever directory stands before it, that a temporary file has: BIT, one to
/// four upper-case hexadecimal digits, .tmp (FILE-TMP-1-a).
bool is_temporary(const std::string& file_name);

/// True for a text that is that CLSID in registry form, in either case.
bool is_same_clsid(const PropertyValue& value, const std::string& lower);

/// Value of a request's header, "" when it is not there.
std::string header(const SeenRequest& seen, const std::string& name);
/// Requests of that method, in order.
std::vector<SeenRequest> requests_of(Rig& rig, const std::string& method);

// Flag sets of GROUP-STATUS-1..9.
inline constexpr GroupStatus kNoFlags{};
inline constexpr GroupStatus kNew = kNoFlags.with(GroupFlag::Suspended).with(GroupFlag::Incomplete);
inline constexpr GroupStatus kNewLenient = kNoFlags.with(GroupFlag::Suspended);
inline constexpr GroupStatus kRunning = kNoFlags.with(GroupFlag::Incomplete);
inline constexpr GroupStatus kError = kNew.with(GroupFlag::Error);
inline constexpr GroupStatus kErrorLenient = kNewLenient.with(GroupFlag::Error);
inline constexpr GroupStatus kComplete =
    kNoFlags.with(GroupFlag::Suspended).with(GroupFlag::Complete);
inline constexpr GroupStatus kCompleteLenient = kNoFlags.with(GroupFlag::Suspended);

// What is served where a case needs nothing special.
inline const std::string kDate = "Wed, 04 Sep 2024 02:15:41 GMT";
inline constexpr std::int64_t kDateSeconds = 1725416141;  // date -ud '2024-09-04 02:15:41' +%s
fakeserver::Resource resource(const std::string& path = "/a", std::uint64_t size = 100'000);
/// A setting with those resources and rules, and delays short enough for real time.
Setting serving(std::vector<fakeserver::Resource> resources,
                std::vector<fakeserver::FaultRule> rules = {});
/// A rule that applies to GET requests of "/a", as often as `times` says.
fakeserver::FaultRule on_get(const std::string& name, fakeserver::Fault effect,
                             std::optional<std::uint64_t> times);
/// The same for HEAD.
fakeserver::FaultRule on_head(const std::string& name, fakeserver::Fault effect,
                              std::optional<std::uint64_t> times);
/// That effect after so many bytes of the body.
fakeserver::Fault fault(fakeserver::Effect effect, std::uint64_t at_byte = 0);
/// A server that falls silent in the middle of the first GET of "/a": the transfer can be caught
/// there.
fakeserver::FaultRule stall_at(std::uint64_t byte);
/// The answer with that status and no body.
fakeserver::Fault respond(int status);

}  // namespace qmgr::conformance
