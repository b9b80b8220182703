#include "reference/app/verbs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

namespace qmgr {
namespace {

// Short enough to look immediate, long enough to cost nothing.
constexpr Duration kPollInterval = std::chrono::milliseconds(100);

enum class Stage { Running, Complete, InError };

// One group that a verb waits for.
struct Watched {
    GroupHandle group;
    JobHandle job;
    Stage stage = Stage::Running;
    std::uint32_t done_bytes = 0;
    std::uint32_t size_bytes = 0;  // 0: not known
    std::uint32_t percent = 0;
};

// What both verbs do. Functions that return a status have said what went wrong; those that return
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
            why = fmt::format("; {}/queue.db cannot be used", place_.folder);
        place_.console.complain(fmt::format("{}: {}{}", what, name(refusal_), why));
        return ExitStatus::failed;
    }

    enum class End { AllStopped, Interrupted, Refused };
    End watch(std::vector<Watched>& groups);
    std::vector<FileSetInfo> files_of(JobHandle job);
    bool take_out(const Watched& watched);
    std::string failure_of(const Watched& watched);
    int interrupt(const std::vector<Watched>& groups);
    int add_file(const FileSetInfo& file, Watched& watched, GroupId group_id, JobId job_id);
    bool collect(std::vector<Watched>& groups);

  private:
    bool look_at(Watched& watched);
    Progress sum(const std::vector<Watched>& groups);

    const VerbPlace place_;
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

Progress Verb::sum(const std::vector<Watched>& groups) {
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
    // The system's own percent for one group, and where the total is not known.
    if (sum.total_bytes != 0 && groups.size() > 1) {
        percents = sum.done_bytes * 100 / sum.total_bytes;
    } else {
        percents /= groups.size();
    }
    sum.percent = static_cast<std::uint32_t>(std::min<std::uint64_t>(percents, 100));
    return sum;
}

// Until none of them runs any more.
Verb::End Verb::watch(std::vector<Watched>& groups) {
    for (;;) {
        bool runs = false;
        for (Watched& one : groups) {
            if (one.stage == Stage::Running && !look_at(one)) return End::Refused;
            runs = runs || one.stage == Stage::Running;
        }
        place_.console.show(sum(groups));
        if (!runs) return End::AllStopped;
        if (place_.console.wait(kPollInterval)) return End::Interrupted;
    }
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

// Ends a complete group and says what it brought.
bool Verb::take_out(const Watched& watched) {
    const std::vector<FileSetInfo> files = files_of(watched.job);
    if (!ask_to(call::CancelGroup{watched.group})) return false;
    for (const FileSetInfo& file : files) {
        std::error_code error;
        const std::uintmax_t bytes = std::filesystem::file_size(file.local_name, error);
        // Who gets it may move it at once.
        place_.console.say(error ? file.local_name
                                 : fmt::format("{}: {} bytes", file.local_name, bytes));
    }
    return true;
}

// "0x80190194 (HTTP 404): http://…": its code, the server's word, and what was fetched.
std::string Verb::failure_of(const Watched& watched) {
    const auto state =
        ask_for<value::JobState>(call::GetJobStatus{watched.job}).value_or(value::JobState{});
    const std::vector<FileSetInfo> files = files_of(watched.job);
    std::string text = name(static_cast<HResult>(state.win32_result));
    if (state.transport_result != 0) text += fmt::format(" (HTTP {})", state.transport_result);
    if (!files.empty()) text += ": " + files.front().remote_name;
    if (files.size() > 1) text += fmt::format(" and {} more", files.size() - 1);
    return text;
}

int Verb::interrupt(const std::vector<Watched>& groups) {
    for (const Watched& one : groups) {
        if (one.stage == Stage::Running && !ask_to(call::SuspendGroup{one.group}))
            return refused("SuspendGroup");
    }
    place_.console.complain("suspended; go on with: qmgr resume --queue " + place_.folder);
    return ExitStatus::interrupted;
}

int Verb::add_file(const FileSetInfo& file, Watched& watched, GroupId group_id, JobId job_id) {
    const auto group = ask_for<GroupHandle>(call::CreateGroup{group_id});
    if (!group) return refused("CreateGroup");
    watched.group = *group;
    const auto job = ask_for<JobHandle>(call::CreateJob{watched.group, job_id});
    if (!job) return refused("CreateJob");
    watched.job = *job;
    if (ask_to(call::AddFiles{watched.job, {file}})) return ExitStatus::done;
    const HResult code = refusal_;
    ask(call::CancelGroup{watched.group});
    refusal_ = code;
    if (code == HResult::PathNotFound) return refused("no such folder for " + file.local_name);
    if (code == HResult::AccessDenied) return refused("no right to make " + file.local_name);
    const int status = refused("cannot fetch " + file.remote_name + " to " + file.local_name);
    return code == HResult::InvalidArgument ? ExitStatus::wrong_use : status;
}

// The caller's groups that hold a file, resumed. Asked without an administrator's rights: those
// would list everybody's groups, and take them.
bool Verb::collect(std::vector<Watched>& groups) {
    const auto list = ask_for<EnumeratorHandle>(call::EnumGroups{});
    const auto count = list ? ask_for<value::Count>(call::GetCount{*list}) : std::nullopt;
    if (!count || count->number == 0) return count.has_value();
    const auto ids = ask_for<value::Fetched>(call::Next{*list, count->number});
    if (!ids) return false;
    for (const Guid& id : ids->ids) {
        const auto group = ask_for<GroupHandle>(call::GetGroup{{id}});
        const auto jobs = group ? ask_for<EnumeratorHandle>(call::EnumJobs{*group}) : std::nullopt;
        const auto job_ids = jobs ? ask_for<value::Fetched>(call::Next{*jobs, 1}) : std::nullopt;
        if (!job_ids) return false;
        if (job_ids->ids.empty()) continue;
        const auto job = ask_for<JobHandle>(call::GetJob{*group, {job_ids->ids.front()}});
        if (!job) return false;
        if (files_of(*job).empty()) continue;
        if (!ask_to(call::ResumeGroup{*group})) return false;
        groups.push_back({*group, *job});
    }
    return true;
}

}  // namespace

int get(const VerbPlace& place, const FileSetInfo& file, GroupId group_id, JobId job_id) {
    Verb verb(place);
    std::vector<Watched> groups(1);
    Watched& watched = groups.front();
    if (const int status = verb.add_file(file, watched, group_id, job_id);
        status != ExitStatus::done)
        return status;
    if (!verb.ask_to(call::ResumeGroup{watched.group})) return verb.refused("ResumeGroup");
    switch (verb.watch(groups)) {
        case Verb::End::Interrupted:
            return verb.interrupt(groups);
        case Verb::End::Refused:
            return verb.refused("the queue was lost");
        case Verb::End::AllStopped:
            break;
    }
    if (watched.stage == Stage::Complete)
        return verb.take_out(watched) ? ExitStatus::done : verb.refused("CancelGroup");
    const std::string failure = verb.failure_of(watched);
    if (!verb.ask_to(call::CancelGroup{watched.group})) return verb.refused("CancelGroup");
    place.console.complain(failure + "; nothing is kept: mend that and get it again");
    return ExitStatus::failed;
}

int resume(const VerbPlace& place) {
    Verb verb({place.queue, place.clock, place.console, {place.caller.user, false}, place.folder});
    std::vector<Watched> groups;
    if (!verb.collect(groups)) return verb.refused("the queue cannot be listed");
    if (groups.empty()) return ExitStatus::done;
    const Verb::End end = verb.watch(groups);
    if (end == Verb::End::Refused) return verb.refused("the queue was lost");
    int status = ExitStatus::done;
    for (const Watched& one : groups) {
        if (one.stage == Stage::Complete && !verb.take_out(one)) return verb.refused("CancelGroup");
        if (one.stage != Stage::InError) continue;
        place.console.complain(verb.failure_of(one) + "; it stays in the queue, suspended");
        status = ExitStatus::failed;
    }
    return end == Verb::End::Interrupted ? verb.interrupt(groups) : status;
}

}  // namespace qmgr
