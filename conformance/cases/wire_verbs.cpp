#include "conformance/cases/wire_verbs.hpp"

#include <algorithm>

namespace qmgr::conformance {

using fakeserver::Effect;
using fakeserver::Fault;
using fakeserver::FaultRule;

FaultRule on_request(const std::string& method, const std::string& path, const std::string& name,
                     std::vector<Fault> faults, std::optional<std::uint64_t> times) {
    FaultRule rule;
    rule.name = name;
    rule.match.method = method;
    rule.match.path = path;
    rule.faults = std::move(faults);
    rule.times = times;
    return rule;
}

FaultRule on_ranged_get(const std::string& name, Fault effect, std::optional<std::uint64_t> times) {
    FaultRule rule = on_get(name, std::move(effect), times);
    rule.match.has_range = true;
    return rule;
}

Fault respond(int status, std::vector<fakeserver::Header> headers, std::string body) {
    Fault one = respond(status);
    one.headers = std::move(headers);
    one.body = std::move(body);
    return one;
}

Fault redirect(int status, const std::string& location) {
    Fault one = fault(Effect::Redirect);
    one.status = status;
    one.location = location;
    return one;
}

Fault in_head(Effect effect, std::uint64_t at_byte) {
    Fault one = fault(effect, at_byte);
    one.at.where = fakeserver::Where::Head;
    return one;
}

Fault by_bytes(Effect effect, std::uint64_t bytes) {
    Fault one = fault(effect);
    one.bytes = bytes;
    return one;
}

Fault chunked(std::uint64_t chunk_bytes) {
    Fault one = fault(Effect::Chunked);
    one.chunk_bytes = chunk_bytes;
    return one;
}

Case also(Case one, const std::vector<std::string>& clauses) {
    one.covers.insert(one.covers.end(), clauses.begin(), clauses.end());
    return one;
}

Setting with_delay(Setting setting, Duration delay) {
    setting.policy.retry_delay = delay;
    return setting;
}

Setting with_defaults(Setting setting) {
    setting.policy = Policy{};
    return setting;
}

std::string range_of(Rig& rig, const SeenRequest& seen) {
    std::string range = header(seen, "range");
    for (const fakeserver::Resource& one : rig.resources())
        if (one.path == seen.request.path && one.size > 0 &&
            range == "bytes=0-" + std::to_string(one.size - 1))
            return "";
    return range;
}

std::vector<std::string> ranges(Rig& rig) {
    std::vector<std::string> found;
    for (const SeenRequest& seen : requests_of(rig, "GET")) found.push_back(range_of(rig, seen));
    return found;
}

std::vector<std::string> request_log(Rig& rig) {
    std::vector<std::string> log;
    for (const SeenRequest& seen : rig.requests()) {
        const std::string range = range_of(rig, seen);
        log.push_back(seen.request.method + " " + seen.request.path +
                      (range.empty() ? "" : " " + range));
    }
    return log;
}

std::uint64_t count_of(Rig& rig, const std::string& method, const std::string& path) {
    const std::vector<SeenRequest> seen = requests_of(rig, method);
    return static_cast<std::uint64_t>(
        std::count_if(seen.begin(), seen.end(),
                      [&](const SeenRequest& one) { return one.request.path == path; }));
}

std::string last_range(Rig& rig, const std::string& path) {
    std::string range = "none";
    for (const SeenRequest& seen : requests_of(rig, "GET"))
        if (seen.request.path == path) range = range_of(rig, seen);
    return range;
}

bool expect_failure(Rig& rig, const std::string& clause, const Download& download,
                    std::uint32_t win32_result, const std::vector<std::uint32_t>& others) {
    if (!expect_error(rig, clause, download.group)) return false;
    // JOB1-STATUS-4-b: the HRESULT, or the code inside it.
    std::vector<std::uint32_t> allowed = {win32_result, win32_result & 0xFFFFU};
    for (const std::uint32_t other : others)
        allowed.insert(allowed.end(), {other, other & 0xFFFFU});
    return rig.expect(clause, "the job's Win32 result", job_status(rig, download.job).win32_result,
                      allowed);
}

void expect_done(Rig& rig, const std::string& clause, GroupHandle group,
                 const fakeserver::Resource& file) {
    expect_complete(rig, clause, group);
    expect_file(rig, clause, file.path.substr(1), file);
}

void expect_quiet(Rig& rig, const std::string& clause, GroupHandle group) {
    const std::size_t before = rig.requests().size();
    rig.let_pass(kWhile);
    rig.expect<std::uint64_t>(clause, "requests meanwhile", rig.requests().size() - before, {0U});
    expect_status(rig, clause, "it waits, without an error", group, {kRunning});
}

bool reach(Rig& rig, const std::string& clause, GroupHandle group, std::uint32_t bytes) {
    return rig.eventually(clause, "the transfer stands at " + std::to_string(bytes) + " bytes",
                          [&] { return size_done(rig, group) == bytes; });
}

void interrupt(Rig& rig, GroupHandle group) {
    expect_code(rig, "GROUP-SUSPEND-1", "SuspendGroup answers", call::SuspendGroup{group},
                {HResult::Ok});
    expect_code(rig, "GROUP-RESUME-1", "ResumeGroup answers", call::ResumeGroup{group},
                {HResult::Ok});
}

void end_the_wait(Rig& rig, const std::string& clause, GroupHandle group) {
    const std::size_t asked = rig.requests().size();
    expect_code(rig, clause, "ResumeGroup of a waiting group answers", call::ResumeGroup{group},
                {HResult::Ok});
    expect_wait_ended(rig, clause, group, asked);
}

void expect_wait_ended(Rig& rig, const std::string& clause, GroupHandle group, std::size_t asked) {
    // Arbitrary; so long beside the way of a request that a ResumeGroup that did end the wait is
    // not followed by one that ends the next wait, or clears an error.
    constexpr Duration kAgain(1'000);
    Duration last = rig.elapsed();
    rig.eventually(clause, "it is tried again", [&] {
        if (rig.requests().size() > asked) return true;
        if (rig.elapsed() - last >= kAgain) {
            rig.call(call::ResumeGroup{group});
            last = rig.elapsed();
        }
        return false;
    });
}

std::vector<std::string> temporary_files(Rig& rig) {
    std::vector<std::string> found;
    for (const std::string& name : rig.files())
        if (is_temporary(name)) found.push_back(name);
    return found;
}

Download start_and_stall(Rig& rig, const std::string& clause) {
    const Download download = start(rig, {{"/a", "a"}});
    rig.eventually(clause, "the transfer stands at 50,000 bytes",
                   [&] { return size_done(rig, download.group) >= 50'000; });
    return download;
}

void expect_goes_on_where_it_was(Rig& rig, const std::string& clause, GroupHandle group) {
    expect_complete(rig, clause, group);
    expect_file(rig, clause, "a", resource());
    rig.expect(clause, "the range of the GET after it", last_range(rig, "/a"),
               {std::string("bytes=50000-99999")});
}

bool is_in_queue(Rig& rig, unsigned number) {
    return rig.call(call::GetGroup{{guid(number)}}).hresult == HResult::Ok;
}

Download find_again(Rig& rig, unsigned number) {
    const Reply group = rig.call(call::GetGroup{{guid(number)}});
    rig.expect("HANDLE-2", "GetGroup answers after the restart", group.hresult, {HResult::Ok});
    const auto handle = value_of<GroupHandle>(group);
    const Reply job = rig.call(call::GetJob{handle, {guid(number + 100)}});
    return {handle, value_of<JobHandle>(job)};
}

}  // namespace qmgr::conformance
