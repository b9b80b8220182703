// What cases about the server and about time do, beside verbs.hpp.
#pragma once

#include <string>
#include <vector>

#include "conformance/cases/verbs.hpp"
#include "conformance/rig/case.hpp"

namespace qmgr::conformance {

/// Longer than any retry of a case; what goes on before it went on for another reason.
inline constexpr Duration kNever(1'000'000);
/// Long enough for a request that should not come.
inline constexpr Duration kWhile(150);
/// What is stored or answered is durable after that, on a busy machine too: four times
/// Policy::sync_interval.
inline constexpr Duration kDurable(1'000);
/// BG_E_NO_PROGRESS, which OPEN-15 allows beside the code of the last failure.
inline constexpr std::uint32_t kNoProgressCode = 0x80200024;

/// A rule for requests of that method and path with these faults, one after the other.
fakeserver::FaultRule on_request(const std::string& method, const std::string& path,
                                 const std::string& name, std::vector<fakeserver::Fault> faults,
                                 std::optional<std::uint64_t> times);
/// A rule for GETs of "/a" that have a Range.
fakeserver::FaultRule on_ranged_get(const std::string& name, fakeserver::Fault effect,
                                    std::optional<std::uint64_t> times);
/// The answer with that status, these headers and that body.
fakeserver::Fault respond(int status, std::vector<fakeserver::Header> headers,
                          std::string body = "");
/// A redirect to `location`.
fakeserver::Fault redirect(int status, const std::string& location);
/// An effect at a point of the head.
fakeserver::Fault in_head(fakeserver::Effect effect, std::uint64_t at_byte = 0);
/// An effect that has a number of bytes.
fakeserver::Fault by_bytes(fakeserver::Effect effect, std::uint64_t bytes);
/// An honest chunked body.
fakeserver::Fault chunked(std::uint64_t chunk_bytes = 4096);

/// The same case, which shows these clauses, too.
Case also(Case one, const std::vector<std::string>& clauses);

/// The setting with so long a retry delay.
Setting with_delay(Setting setting, Duration delay);
/// The setting with all numbers as they are by default.
Setting with_defaults(Setting setting);

/// Range of a request; "" when it has none, or one over all of what the server has there: a whole
/// file is asked for in either way (XFER-GET-1).
std::string range_of(Rig& rig, const SeenRequest& seen);
/// range_of() of each GET, in the order they came.
std::vector<std::string> ranges(Rig& rig);
/// "HEAD /a", "GET /a", "GET /a bytes=5-9" for each request, in the order they came; ranges as
/// range_of() has them.
std::vector<std::string> request_log(Rig& rig);
/// Requests of that method for that path.
std::uint64_t count_of(Rig& rig, const std::string& method, const std::string& path);
/// range_of() of the latest GET for that path; "none" without such a GET.
std::string last_range(Rig& rig, const std::string& path);

/// Waits until the group of `download` is in error, and judges the code of its job: `win32_result`,
/// the Win32 code inside it, or one of `others`, which may stand the same two ways.
bool expect_failure(Rig& rig, const std::string& clause, const Download& download,
                    std::uint32_t win32_result, const std::vector<std::uint32_t>& others = {});
/// The group is complete, and "/a" is at its place, whole.
void expect_done(Rig& rig, const std::string& clause, GroupHandle group,
                 const fakeserver::Resource& file = resource());
/// For a while no request comes, and the group waits without an error.
void expect_quiet(Rig& rig, const std::string& clause, GroupHandle group);
/// Waits until so many bytes of the group are stored.
bool reach(Rig& rig, const std::string& clause, GroupHandle group, std::uint32_t bytes);
/// Suspends the group and resumes it: an interruption that is no failure.
void interrupt(Rig& rig, GroupHandle group);
/// Ends the group's wait for a retry by ResumeGroup, which must work. Nothing tells a client that
/// the failure was read: where it was not, ResumeGroup changed nothing (GROUP-RESUME-3) and comes
/// again. Returns when a request has come.
void end_the_wait(Rig& rig, const std::string& clause, GroupHandle group);
/// The same for a group whose ResumeGroup was called when there had been `asked` requests.
void expect_wait_ended(Rig& rig, const std::string& clause, GroupHandle group, std::size_t asked);
/// Names of the temporary files there are, in order.
std::vector<std::string> temporary_files(Rig& rig);
/// Group 1 fetches "/a" and stands at 50,000 bytes, where the server has to stall.
Download start_and_stall(Rig& rig, const std::string& clause);
/// The group that stood at 50,000 bytes ends with a GET for the rest.
void expect_goes_on_where_it_was(Rig& rig, const std::string& clause, GroupHandle group);
/// GetGroup finds the group of that number.
bool is_in_queue(Rig& rig, unsigned number);
/// The handles of a group and its job after a restart (HANDLE-2).
Download find_again(Rig& rig, unsigned number = 1);

}  // namespace qmgr::conformance
