#include "conformance/cases/verbs.hpp"

#include <string_view>

namespace qmgr::conformance {

Guid guid(unsigned number) {
    Guid guid;
    guid.bytes = {0x5e, 0xed, 0x00, 0x00, 0x00, 0x00, 0x40, 0x00, 0x80, 0x00, 0, 0, 0, 0, 0, 0};
    guid.bytes[14] = static_cast<std::uint8_t>(number >> 8U);
    guid.bytes[15] = static_cast<std::uint8_t>(number & 0xFFU);
    return guid;
}

GroupHandle create_group(Rig& rig, unsigned number, const Caller& caller) {
    const Reply reply = rig.call(call::CreateGroup{{guid(number)}}, caller);
    rig.expect("QMGR-CREATE-1", "CreateGroup answers", reply.hresult, {HResult::Ok});
    return value_of<GroupHandle>(reply);
}

JobHandle create_job(Rig& rig, GroupHandle group, unsigned number, const Caller& caller) {
    const Reply reply = rig.call(call::CreateJob{group, {guid(number)}}, caller);
    rig.expect("GROUP-CREATEJOB-1", "CreateJob answers", reply.hresult, {HResult::Ok});
    return value_of<JobHandle>(reply);
}

void add_files(Rig& rig, JobHandle job, const std::vector<Wanted>& files, const Caller& caller) {
    call::AddFiles call{job, {}};
    for (const Wanted& file : files)
        call.files.push_back({rig.url(file.path), rig.local(file.file_name), 0});
    expect_code(rig, "JOB1-ADD-1", "AddFiles answers", call, {HResult::Ok}, caller);
}

Download prepare(Rig& rig, const std::vector<Wanted>& files, unsigned number,
                 const Caller& caller) {
    const GroupHandle group = create_group(rig, number, caller);
    const JobHandle job = create_job(rig, group, number + 100, caller);
    add_files(rig, job, files, caller);
    return {group, job};
}

Download start(Rig& rig, const std::vector<Wanted>& files, unsigned number, const Caller& caller) {
    const Download download = prepare(rig, files, number, caller);
    resume(rig, download.group, caller);
    return download;
}

void resume(Rig& rig, GroupHandle group, const Caller& caller) {
    expect_code(rig, "GROUP-RESUME-1", "ResumeGroup answers", call::ResumeGroup{group},
                {HResult::Ok}, caller);
}

GroupStatus status(Rig& rig, GroupHandle group, const Caller& caller) {
    return value_of<value::GroupState>(rig.call(call::GetGroupStatus{group}, caller)).status;
}

value::JobState job_status(Rig& rig, JobHandle job, const Caller& caller) {
    return value_of<value::JobState>(rig.call(call::GetJobStatus{job}, caller));
}

std::uint32_t size_done(Rig& rig, GroupHandle group) {
    return value_of<value::Progress>(
               rig.call(call::GetGroupProgress{group, ProgressFlag::SizeDone}))
        .amount;
}

void wait_for_bytes(Rig& rig, GroupHandle group, std::uint32_t count) {
    rig.eventually("GROUP-PROG-1", "bytes arrive", [&] { return size_done(rig, group) >= count; });
}

void wait_for_silence(Rig& rig, GroupHandle group, std::uint32_t sent) {
    constexpr std::uint32_t kBlocks = 8'192;  // two blocks of the system that counts in such
    constexpr Duration kStill(200);           // arbitrary; long beside the way of a block
    std::uint32_t seen = 0;
    Duration since = rig.elapsed();
    rig.eventually("GROUP-PROG-1", "bytes arrive until the server falls silent", [&] {
        const std::uint32_t now = size_done(rig, group);
        if (now != seen) since = rig.elapsed();
        seen = now;
        const bool still = rig.elapsed() - since >= kStill;
        return now >= sent || (still && now > 0 && now + kBlocks >= sent);
    });
}

GroupStatus wait_for_end(Rig& rig, const std::string& clause, GroupHandle group) {
    rig.eventually(clause, "the group stops running",
                   [&] { return status(rig, group).has(GroupFlag::Suspended); });
    return status(rig, group);
}

namespace {

// A group in the foreground shows it beside whatever else it shows (GROUP-STATUS-8).
std::vector<GroupStatus> beside_foreground_of(GroupStatus found, std::vector<GroupStatus> allowed) {
    if (found.has(GroupFlag::Foreground))
        for (GroupStatus& one : allowed) one = one.with(GroupFlag::Foreground);
    return allowed;
}

}  // namespace

bool expect_complete(Rig& rig, const std::string& clause, GroupHandle group) {
    const GroupStatus found = wait_for_end(rig, clause, group);
    return rig.expect(clause, "the group is complete", found,
                      beside_foreground_of(found, {kComplete, kCompleteLenient}));
}

bool expect_error(Rig& rig, const std::string& clause, GroupHandle group) {
    const GroupStatus found = wait_for_end(rig, clause, group);
    return rig.expect(clause, "the group is in error", found,
                      beside_foreground_of(found, {kError, kErrorLenient}));
}

void expect_file(Rig& rig, const std::string& clause, const std::string& file_name,
                 const fakeserver::Resource& resource) {
    rig.expect_true(clause, "the file " + file_name + " is there, whole and of one version",
                    rig.is_content(file_name, resource.seed, resource.size));
}

void expect_files(Rig& rig, const std::string& clause, const std::vector<std::string>& names) {
    rig.eventually(clause, "the files become what they should",
                   [&] { return rig.files() == names; });
    rig.expect(clause, "files in the directory", rig.files(), {names});
}

void expect_code(Rig& rig, const std::string& clause, const std::string& what, const Call& call,
                 const std::vector<HResult>& allowed, const Caller& caller) {
    rig.expect(clause, what, rig.call(call, caller).hresult, allowed);
}

void expect_refusal(Rig& rig, const std::string& clause, const std::string& what, const Call& call,
                    const std::vector<HResult>& allowed, const Caller& caller) {
    const HResult code = rig.call(call, caller).hresult;
    rig.expect_true(clause + "-a", what + " a failure", failed(code));
    rig.expect(clause + "-b", what, code, allowed);
}

void expect_status(Rig& rig, const std::string& clause, const std::string& what, GroupHandle group,
                   const std::vector<GroupStatus>& allowed) {
    rig.expect(clause, what, status(rig, group), allowed);
}

bool is_temporary(const std::string& file_name) {
    const std::size_t begin = file_name.rfind('/') + 1;  // npos + 1 is 0
    const std::string_view name = std::string_view(file_name).substr(begin);
    if (!name.starts_with("BIT") || !name.ends_with(".tmp")) return false;
    const std::string_view digits = name.substr(3, name.size() - 7);
    return !digits.empty() && digits.size() <= 4 &&
           digits.find_first_not_of("0123456789ABCDEF") == std::string_view::npos;
}

bool is_same_clsid(const PropertyValue& value, const std::string& lower) {
    std::string found = value.text;
    for (char& c : found)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    return value.type == VariantType::Bstr && found == lower;
}

std::string header(const SeenRequest& seen, const std::string& name) {
    return std::string(fakeserver::find_header(seen.request.headers, name).value_or(""));
}

std::vector<SeenRequest> requests_of(Rig& rig, const std::string& method) {
    std::vector<SeenRequest> found;
    for (const SeenRequest& seen : rig.requests())
        if (seen.request.method == method) found.push_back(seen);
    return found;
}

// FNV-1a, 32 bits: other paths, other bytes, so that two files mixed up are found out. Below
// 2^32 and fixed, so that a trace says the same wherever it was written.
fakeserver::Resource resource(const std::string& path, std::uint64_t size) {
    std::uint32_t seed = 2'166'136'261;
    for (const char c : path) seed = (seed ^ static_cast<unsigned char>(c)) * 16'777'619;
    return {path, size, seed, kDate, std::nullopt};
}

Setting serving(std::vector<fakeserver::Resource> resources,
                std::vector<fakeserver::FaultRule> rules) {
    Setting setting;
    setting.policy.retry_delay = Duration(50);
    setting.script.title = "conformance case";
    setting.script.why = "what the case needs";
    setting.script.resources = std::move(resources);
    setting.script.rules = std::move(rules);
    return setting;
}

namespace {

fakeserver::FaultRule on_method(const std::string& method, const std::string& name,
                                fakeserver::Fault effect, std::optional<std::uint64_t> times) {
    fakeserver::FaultRule rule;
    rule.name = name;
    rule.match.method = method;
    rule.match.path = "/a";
    rule.faults = {std::move(effect)};
    rule.times = times;
    return rule;
}

}  // namespace

fakeserver::FaultRule on_get(const std::string& name, fakeserver::Fault effect,
                             std::optional<std::uint64_t> times) {
    return on_method("GET", name, std::move(effect), times);
}

fakeserver::FaultRule on_head(const std::string& name, fakeserver::Fault effect,
                              std::optional<std::uint64_t> times) {
    return on_method("HEAD", name, std::move(effect), times);
}

fakeserver::Fault fault(fakeserver::Effect effect, std::uint64_t at_byte) {
    fakeserver::Fault one;
    one.effect = effect;
    one.at.byte = at_byte;
    return one;
}

fakeserver::FaultRule stall_at(std::uint64_t byte) {
    return on_get("stall", fault(fakeserver::Effect::Stall, byte), 1);
}

fakeserver::Fault respond(int status) {
    fakeserver::Fault one = fault(fakeserver::Effect::RespondStatus);
    one.status = status;
    return one;
}

}  // namespace qmgr::conformance
