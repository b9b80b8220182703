#include "reference/app/verbs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "reference/contract/url_mask.hpp"
#include "reference/library/local_queue.hpp"

namespace qmgr {
namespace {

// Short enough to look immediate, long enough to cost nothing.
constexpr Duration kPollInterval = std::chrono::milliseconds(100);

enum class Stage { Running, Complete, InError };

// One group that a verb waits for.
struct Watched {
    GroupId id;
    GroupHandle group;
    JobHandle job;
    std::vector<FileSetInfo> files;
    Stage stage = Stage::Running;
    std::uint32_t done_bytes = 0;
    std::uint32_t size_bytes = 0;  // 0: not known
    std::uint32_t percent = 0;
};

std::string id_text(const Watched& watched) { return to_text(watched.id.guid); }

// "file.iso", "file.iso and 2 more".
std::string name_of(const std::vector<FileSetInfo>& files) {
    std::string text = std::filesystem::path(files.front().local_name).filename();
    if (files.size() > 1) text += fmt::format(" and {} more", files.size() - 1);
    return text;
}

std::optional<std::uint64_t> bytes_in(const std::string& path) {
    std::error_code error;
    const std::uintmax_t bytes = std::filesystem::file_size(path, error);
    return error ? std::nullopt : std::optional<std::uint64_t>(bytes);
}

// What all verbs do. Functions that return a status have said what went wrong; those that return
// false or nothing leave that to refused().
class Verb {
  public:
    explicit Verb(const VerbPlace& place) : place_(place) {}

    Reply ask(const Call& call) { return place_.queue.call(place_.caller, call); }

    // The value of a reply; nothing, and the code is kept, when there is none.
    template <class Value>
    std::optional<Value> ask_for(const Call& call) {
        const Reply reply = ask(call);
        if (const auto* value = std::get_if<Value>(&reply.value)) return *value;
        refusal_ = reply.hresult;
        return std::nullopt;
    }
    bool ask_to(const Call& call) {
        refusal_ = ask(call).hresult;
        return succeeded(refusal_);
    }

    int refused(const std::string& what) {
        std::string why;
        if (refusal_ == HResult::QmServiceUnavailable)
            why = fmt::format("; {} cannot be used", journal_in(place_.folder));
        place_.console.complain(
            fmt::format("{}: {}{}", what, name(refusal_), why),
            {{"event", "refused"}, {"what", masked_in_text(what)}, {"code", name(refusal_)}});
        return ExitStatus::failed;
    }

    enum class End { AllStopped, Interrupted, Refused };
    End watch(std::vector<Watched>& groups);
    void tell_start(const Watched& watched);
    bool take_out(const Watched& watched);
    void tell_delivered(const Watched& watched, const FileSetInfo& file);
    void tell_failure(const Watched& watched, bool kept);
    int interrupt(const std::vector<Watched>& groups);
    int add(const GetRequest& request, Watched& watched);
    std::optional<std::vector<GroupId>> all_groups();
    bool collect(GroupId id, std::vector<Watched>& groups);

  private:
    bool look_at(Watched& watched);
    Progress sum(const std::vector<Watched>& groups, const std::vector<FileProgress>& files) const;
    std::vector<FileProgress> files_of(const std::vector<Watched>& groups) const;
    std::vector<FileSetInfo> files_of(JobHandle job);
    void tell_steps(const std::vector<Watched>& groups);
    int add_files(const std::vector<FileSetInfo>& files, const Watched& watched);
    int refused(const FileSetInfo& file);

    const VerbPlace place_;
    const Instant start_ = place_.clock.now();
    HResult refusal_ = HResult::Ok;  // what the last call answered that was not done
};

bool Verb::look_at(Watched& watched) {
    const auto done =
        ask_for<value::Progress>(call::GetGroupProgress{watched.group, ProgressFlag::SizeDone});
    const auto percent =
        ask_for<value::Progress>(call::GetGroupProgress{watched.group, ProgressFlag::PercentDone});
    const auto size = ask_for<value::Size>(call::GetSize{watched.group});
    const auto state = ask_for<value::GroupState>(call::GetGroupStatus{watched.group});
    if (!done || !percent || !size || !state) return false;
    watched.done_bytes = done->amount;
    watched.percent = percent->amount;
    watched.size_bytes = size->bytes;
    if (state->status.has(GroupFlag::Error)) {
        watched.stage = Stage::InError;
    } else if (state->status.has(GroupFlag::Complete)) {
        watched.stage = Stage::Complete;
    }
    return true;
}

std::vector<FileProgress> Verb::files_of(const std::vector<Watched>& groups) const {
    std::vector<FileProgress> files;
    for (const Watched& one : groups) {
        const std::vector<StoredFile> stored = place_.watch.files_of(one.id);
        for (std::size_t i = 0; i < one.files.size(); ++i) {
            files.push_back({one.files[i].local_name, 0, std::nullopt, false});
            if (i >= stored.size()) continue;
            files.back().stored_bytes = stored[i].stored_bytes;
            files.back().size_bytes = stored[i].size_bytes;
            files.back().delivered = stored[i].delivered;
        }
    }
    return files;
}

Progress Verb::sum(const std::vector<Watched>& groups,
                   const std::vector<FileProgress>& files) const {
    Progress sum{place_.clock.now()};
    bool all_sizes = true;
    std::uint64_t percents = 0;
    for (const Watched& one : groups) {
        sum.done_bytes += one.done_bytes;
        sum.total_bytes += one.size_bytes;
        percents += one.percent;
        const bool is_empty = one.stage == Stage::Complete && one.done_bytes == 0;
        all_sizes = all_sizes && (one.size_bytes != 0 || is_empty);
        sum.overflowed |= one.done_bytes == std::numeric_limits<std::uint32_t>::max();
    }
    if (!all_sizes) sum.total_bytes = 0;
    // The interface has 32 bits for each number of a group; a file's may have more.
    std::uint64_t stored = 0;
    std::uint64_t sizes = 0;
    bool every_size = !files.empty();
    for (const FileProgress& file : files) {
        stored += file.stored_bytes;
        sizes += file.size_bytes.value_or(0);
        every_size = every_size && file.size_bytes;
    }
    if (sum.overflowed && stored >= sum.done_bytes) {
        sum.done_bytes = stored;
        sum.overflowed = false;
    }
    if (!all_sizes && every_size) sum.total_bytes = sizes;
    // The system's own percent for one group, and where the total is not known.
    if (sum.total_bytes != 0 && groups.size() > 1) {
        percents = sum.done_bytes * 100 / sum.total_bytes;
    } else {
        percents /= groups.size();
    }
    sum.percent = static_cast<std::uint32_t>(std::min<std::uint64_t>(percents, 100));
    return sum;
}

// "   0.012 s  Suspended -> Queued  J-14  GROUP-RESUME-1" for those of these groups.
void Verb::tell_steps(const std::vector<Watched>& groups) {
    for (const auto& [at, step] : place_.watch.take_steps()) {
        const bool is_ours = std::ranges::any_of(
            groups, [&step = step](const Watched& one) { return one.id == step.group; });
        if (!is_ours) continue;
        const Duration after = std::max(at - start_, Duration(0));
        place_.console.remark(
            fmt::format("{:8.3f} s  {} -> {}  {}  {}", static_cast<double>(after.count()) / 1000,
                        step.from, step.to, step.row, step.clause),
            {{"event", "why"},
             {"after_ms", after.count()},
             {"from", step.from},
             {"to", step.to},
             {"row", step.row},
             {"clause", step.clause}});
    }
}

// Until none of them runs any more.
Verb::End Verb::watch(std::vector<Watched>& groups) {
    for (;;) {
        bool runs = false;
        for (Watched& one : groups) {
            if (one.stage == Stage::Running && !look_at(one)) return End::Refused;
            runs = runs || one.stage == Stage::Running;
        }
        tell_steps(groups);
        const std::vector<FileProgress> files = files_of(groups);
        place_.console.show(sum(groups, files), files);
        if (!runs) return End::AllStopped;
        if (place_.console.wait(kPollInterval)) return End::Interrupted;
    }
}

void Verb::tell_start(const Watched& watched) {
    Json files = Json::array();
    for (const FileSetInfo& file : watched.files)
        files.push_back(
            {{"remote_name", masked(file.remote_name)}, {"local_name", file.local_name}});
    place_.console.say("", {{"event", "start"}, {"group", id_text(watched)}, {"files", files}});
}

std::vector<FileSetInfo> Verb::files_of(JobHandle job) {
    std::vector<FileSetInfo> files;
    const auto count = ask_for<value::Count>(call::GetFileCount{job});
    for (FileIndex i = 0; count && i < count->number; ++i) {
        if (auto file = ask_for<FileSetInfo>(call::GetFile{job, i}))
            files.push_back(std::move(*file));
    }
    return files;
}

void Verb::tell_delivered(const Watched& watched, const FileSetInfo& file) {
    const auto bytes = bytes_in(file.local_name);  // who gets it may move it at once
    Json event = {{"event", "delivered"},
                  {"group", id_text(watched)},
                  {"local_name", file.local_name},
                  {"bytes", nullptr}};
    if (bytes) event["bytes"] = *bytes;
    place_.console.say(
        bytes ? fmt::format("{}: {} bytes", file.local_name, *bytes) : file.local_name, event);
}

// Ends a group and says what it brought: files that are whole stay (GROUP-CANCEL-2).
bool Verb::take_out(const Watched& watched) {
    if (!ask_to(call::CancelGroup{watched.group})) return false;
    const std::vector<FileProgress> progress = files_of({watched});
    for (std::size_t i = 0; i < watched.files.size(); ++i)
        if (watched.stage == Stage::Complete || is_whole(progress[i]))
            tell_delivered(watched, watched.files[i]);
    return true;
}

// "0x80190194 (HTTP 404): http://…": its code, the server's word, and what was fetched.
void Verb::tell_failure(const Watched& watched, bool kept) {
    const auto state =
        ask_for<value::JobState>(call::GetJobStatus{watched.job}).value_or(value::JobState{});
    const std::string code = name(static_cast<HResult>(state.win32_result));
    Json event = {{"event", "failed"},      {"group", id_text(watched)},     {"code", code},
                  {"http_status", nullptr}, {"remote_names", Json::array()}, {"kept", kept}};
    std::string text = code;
    if (state.transport_result != 0) {
        text += fmt::format(" (HTTP {})", state.transport_result);
        event["http_status"] = state.transport_result;
    }
    for (const FileSetInfo& file : watched.files)
        event["remote_names"].push_back(masked(file.remote_name));
    if (!watched.files.empty()) text += ": " + masked(watched.files.front().remote_name);
    if (watched.files.size() > 1) text += fmt::format(" and {} more", watched.files.size() - 1);
    if (kept)
        text += "; it stays in the queue, suspended";
    else if (watched.files.size() == 1)
        text += "; nothing is kept: mend that and get it again";
    else
        text += "; only whole files are kept: mend that and get the others again";
    place_.console.complain(text, event);
}

int Verb::interrupt(const std::vector<Watched>& groups) {
    for (const Watched& one : groups) {
        if (one.stage == Stage::Running && !ask_to(call::SuspendGroup{one.group}))
            return refused("SuspendGroup");
    }
    place_.console.complain("suspended; go on with: qmgr resume --queue " + place_.folder,
                            {{"event", "suspended"}, {"queue", place_.folder}});
    return ExitStatus::interrupted;
}

int Verb::refused(const FileSetInfo& file) {
    if (refusal_ == HResult::PathNotFound) return refused("no such folder for " + file.local_name);
    if (refusal_ == HResult::AccessDenied) return refused("no right to make " + file.local_name);
    const bool wrong_use = refusal_ == HResult::InvalidArgument;
    const int status =
        refused("cannot fetch " + masked(file.remote_name) + " to " + file.local_name);
    return wrong_use ? ExitStatus::wrong_use : status;
}

// All or none. Which one is refused is not told, so they are tried one by one then.
int Verb::add_files(const std::vector<FileSetInfo>& files, const Watched& watched) {
    if (ask_to(call::AddFiles{watched.job, files})) return ExitStatus::done;
    for (const FileSetInfo& file : files)
        if (files.size() == 1 || !ask_to(call::AddFiles{watched.job, {file}})) return refused(file);
    return ExitStatus::done;
}

int Verb::add(const GetRequest& request, Watched& watched) {
    watched.id = request.group_id;
    watched.files = request.files;
    const auto group = ask_for<GroupHandle>(call::CreateGroup{request.group_id});
    if (!group) return refused("CreateGroup");
    watched.group = *group;
    int status = ExitStatus::done;
    if (const auto job = ask_for<JobHandle>(call::CreateJob{watched.group, request.job_id})) {
        watched.job = *job;
        status = add_files(request.files, watched);
    } else {
        status = refused("CreateJob");
    }
    if (status == ExitStatus::done && request.foreground &&
        !ask_to(call::SwitchGroupToForeground{watched.group}))
        status = refused("SwitchGroupToForeground");
    // For `qmgr list`; a name that is too long is not worth a failure.
    if (status == ExitStatus::done)
        ask(call::SetProp{watched.group,
                          GroupProperty::DisplayName,
                          {VariantType::Bstr, 0, name_of(request.files)}});
    if (status == ExitStatus::done && !ask_to(call::ResumeGroup{watched.group}))
        status = refused("ResumeGroup");
    if (status != ExitStatus::done) ask(call::CancelGroup{watched.group});
    return status;
}

std::optional<std::vector<GroupId>> Verb::all_groups() {
    std::vector<GroupId> groups;
    const auto list = ask_for<EnumeratorHandle>(call::EnumGroups{});
    const auto count = list ? ask_for<value::Count>(call::GetCount{*list}) : std::nullopt;
    if (!count) return std::nullopt;
    if (count->number == 0) return groups;
    const auto ids = ask_for<value::Fetched>(call::Next{*list, count->number});
    if (!ids) return std::nullopt;
    for (const Guid& id : ids->ids) groups.push_back({id});
    return groups;
}

// The group with its job; nothing is added for one that holds no file.
bool Verb::collect(GroupId id, std::vector<Watched>& groups) {
    const auto group = ask_for<GroupHandle>(call::GetGroup{id});
    const auto jobs = group ? ask_for<EnumeratorHandle>(call::EnumJobs{*group}) : std::nullopt;
    const auto job_ids = jobs ? ask_for<value::Fetched>(call::Next{*jobs, 1}) : std::nullopt;
    if (!job_ids) return false;
    if (job_ids->ids.empty()) return true;
    const auto job = ask_for<JobHandle>(call::GetJob{*group, {job_ids->ids.front()}});
    if (!job) return false;
    std::vector<FileSetInfo> files = files_of(*job);
    if (!files.empty()) groups.push_back({id, *group, *job, std::move(files)});
    return true;
}

}  // namespace

int get(const VerbPlace& place, const GetRequest& request) {
    Verb verb(place);
    std::vector<Watched> groups(1);
    Watched& watched = groups.front();
    if (const int status = verb.add(request, watched); status != ExitStatus::done) return status;
    verb.tell_start(watched);
    switch (verb.watch(groups)) {
        case Verb::End::Interrupted:
            return verb.interrupt(groups);
        case Verb::End::Refused:
            return verb.refused("the queue was lost");
        case Verb::End::AllStopped:
            break;
    }
    if (watched.stage == Stage::InError) verb.tell_failure(watched, false);
    if (!verb.take_out(watched)) return verb.refused("CancelGroup");
    return watched.stage == Stage::Complete ? ExitStatus::done : ExitStatus::failed;
}

int resume(const VerbPlace& place, const std::vector<GroupId>& groups) {
    // Without an administrator's rights, which would list everybody's groups, and take them.
    VerbPlace as_user = place;
    if (groups.empty()) as_user.caller.administrator = false;
    Verb verb(as_user);
    std::vector<Watched> watched;
    const auto ids = groups.empty() ? verb.all_groups() : groups;
    if (!ids) return verb.refused("the queue cannot be listed");
    for (const GroupId id : *ids)
        if (!verb.collect(id, watched)) return verb.refused(to_text(id.guid));
    for (const Watched& one : watched)
        if (!verb.ask_to(call::ResumeGroup{one.group})) return verb.refused(id_text(one));
    if (watched.empty()) return ExitStatus::done;
    for (const Watched& one : watched) verb.tell_start(one);
    const Verb::End end = verb.watch(watched);
    if (end == Verb::End::Refused) return verb.refused("the queue was lost");
    int status = ExitStatus::done;
    for (const Watched& one : watched) {
        if (one.stage == Stage::Complete && !verb.take_out(one)) return verb.refused("CancelGroup");
        if (one.stage != Stage::InError) continue;
        verb.tell_failure(one, true);
        status = ExitStatus::failed;
    }
    return end == Verb::End::Interrupted ? verb.interrupt(watched) : status;
}

int cancel(const VerbPlace& place, const std::vector<GroupId>& groups) {
    VerbPlace as_user = place;
    if (groups.empty()) as_user.caller.administrator = false;
    Verb verb(as_user);
    const auto ids = groups.empty() ? verb.all_groups() : groups;
    if (!ids) return verb.refused("the queue cannot be listed");
    int status = ExitStatus::done;
    for (const GroupId id : *ids) {
        const std::string text = to_text(id.guid);
        const auto group = verb.ask_for<GroupHandle>(call::GetGroup{id});
        if (!group || !verb.ask_to(call::CancelGroup{*group})) {
            status = verb.refused(text);
            continue;
        }
        place.console.say(text + ": cancelled", {{"event", "cancelled"}, {"group", text}});
    }
    return status;
}

}  // namespace qmgr
