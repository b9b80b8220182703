// Bytes, percent and size. The group's and the job's are one number (GROUP-PROG-5), so there is one
// account of it, whoever is asked.
#include <algorithm>
#include <limits>

#include "propertytests/auditor_judge.hpp"

namespace qmgr::propertytests::audit {
namespace {

constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();  // GROUP-PROG-6

std::uint64_t percent_of(std::uint64_t bytes, std::uint64_t size) {
    return std::min<std::uint64_t>(size == 0 ? 0 : bytes * 100 / size, 99);
}

}  // namespace

// Nothing of the group can move now: what is told twice must be the same.
bool Judge::stands(const Group& group) const {
    if (model_.may_be_down) return false;
    if ((group.states & kRunning) == 0) return true;
    const bool all_off = (group.owners & ~model_.logged_off) == 0;
    return model_.network_lost || model_.paused || all_off;
}

const char* Judge::why_it_stands(const Group& group) const {
    if ((group.states & kRunning) == 0)
        return (group.states & kError) != 0 ? "JOB-STATE-05" : "GROUP-SUSPEND-1";
    if (model_.network_lost) return "XFER-NET-1-a";
    return model_.paused ? "XFER-PAUSE-1" : "XFER-LOGON-1";
}

// Twice the longest time bytes may wait for a sync, and a moment for writing it down.
Duration Judge::durable_after() const { return 2 * model_.limits.sync_interval + Duration(100); }

void Judge::remember_bytes(Group& group, std::uint64_t bytes) {
    Progress& known = group.progress;
    if (stands(group)) {
        known.stand = bytes;
        known.stand_epoch = model_.stand_epoch;
    }
    if (!model_.premises.remote_files_stay) return;
    known.least = std::max(known.least, bytes);
    if (model_.journal_fails || model_.may_be_down) {
        known.recent = known.durable;
        return;
    }
    if (now_ - std::max(known.recent_at, model_.journal_good_since) >= durable_after())
        known.durable = std::max(known.durable, known.recent);
    if (known.recent == known.durable) {
        known.recent = bytes;
        known.recent_at = now_;
    }
}

void Judge::fall_to_durable(Group& group) {
    Progress& known = group.progress;
    const bool promoted =
        now_ - std::max(known.recent_at, model_.journal_good_since) >= durable_after() &&
        !model_.journal_fails && !model_.may_be_down;
    if (promoted) known.durable = std::max(known.durable, known.recent);
    if (group.states == kComplete && known.size != 0) known.durable = known.least;
    known.least = known.recent = known.durable;
    known.stand_epoch = known.size_epoch = 0;
}

void Judge::judge(const call::GetGroupProgress& call) {
    if (Group* group = group_behind(call.group)) judge_progress(*group, call.flag);
}

void Judge::judge(const call::GetJobProgress& call) {
    if (Group* group = group_behind(call.job)) judge_progress(*group, call.flag);
}

void Judge::judge_progress(Group& group, ProgressFlag flag) {
    const bool percent = flag == ProgressFlag::PercentDone;
    Allowed allowed;
    if (flag == ProgressFlag::TimeDone) {
        allowed.refuse(HResult::NotImplemented, "GROUP-PROG-3");
    } else if (!percent && flag != ProgressFlag::SizeDone) {
        allowed.refuse(HResult::NotImplemented, "GROUP-PROG-4");
        if (lenient()) allowed.refuse(HResult::InvalidArgument, "GROUP-PROG-4");
    }
    const char* clause = percent ? "GROUP-PROG-2-a" : "GROUP-PROG-1";
    if (!settle(allowed, clause)) return;
    const auto* told = value<value::Progress>(clause);
    if (told == nullptr) return;
    // A file that changes on the server gives back what was counted, and has another size.
    if (!model_.premises.remote_files_stay && !stands(group)) {
        group.progress.least = 0;
        group.progress.size = 0;
    }
    if (percent)
        see_percent(group, told->amount);
    else
        see_bytes(group, told->amount);
}

void Judge::see_bytes(Group& group, std::uint64_t bytes) {
    const Progress& known = group.progress;
    const auto say = [&](const char* invariant, const char* clause, std::uint64_t expected) {
        mismatch(group, invariant, clause,
                 std::string(method_) + " told " + std::to_string(bytes) + " bytes; expected " +
                     std::to_string(expected));
    };
    if (group.never_ran || group.files.empty()) {
        if (bytes != 0 && (group.unsure & Unsure::files) == 0)
            say("progress-is-what-arrived", "OBS-014", 0);
    } else if (stands(group) && known.stand_epoch == model_.stand_epoch) {
        if (bytes != known.stand) say("progress-stands-still", why_it_stands(group), known.stand);
    } else if (bytes < known.least && !is_sure_gone(group) && !model_.may_be_down) {
        say("progress-never-falls", "GROUP-PROG-5", known.least);
    }
    if (known.size != 0 && bytes > known.size && bytes != kMost)
        say("progress-is-what-arrived", "GROUP-PROG-5", known.size);
    if (group.states == kComplete && known.size != 0 && bytes != known.size)
        say("progress-is-what-arrived", "OBS-064", known.size);
    remember_bytes(group, bytes);
}

void Judge::see_percent(Group& group, std::uint32_t percent) {
    const auto say = [&](const char* clause, const std::string& expected) {
        mismatch(group, "percent-is-of-the-bytes", clause,
                 std::string(method_) + " told " + std::to_string(percent) + " percent; expected " +
                     expected);
    };
    if (percent > 100) say("GROUP-PROG-2-a", "0 to 100");
    if (is_sure_gone(group)) return;
    constexpr States kNotComplete = kSuspended | kRunning | kPublishing | kError;
    see_states(group, percent == 100 ? kComplete : kNotComplete, "GROUP-PROG-2-b",
               std::string(method_) + " told " + std::to_string(percent) + " percent");
    if (percent >= 100) return;
    if (group.files.empty() || group.total_unknown) {
        if (percent != 0 && (group.unsure & Unsure::files) == 0) say("GROUP-PROG-2-b", "0");
        return;
    }
    Progress& known = group.progress;
    const bool told_now = stands(group) && known.stand_epoch == model_.stand_epoch;
    if (known.size == 0) return;
    const std::uint64_t least = percent_of(told_now ? known.stand : known.least, known.size);
    if (percent < least || (told_now && percent != least))
        say("GROUP-PROG-2-b", std::to_string(least));
    if (model_.premises.remote_files_stay && !model_.may_be_down)
        known.least = std::max(known.least, (percent * known.size + 99) / 100);
}

void Judge::judge(const call::GetSize& call) {
    Group* group = group_behind(call.group);
    if (group == nullptr || !settle({}, "GROUP-SIZE-1-a")) return;
    const auto* told = value<value::Size>("GROUP-SIZE-1-a");
    if (told == nullptr) return;
    if (!model_.premises.remote_files_stay && !stands(*group)) {
        group->progress.least = 0;
        group->progress.size = 0;
    }
    see_size(*group, told->bytes);
}

void Judge::see_size(Group& group, std::uint64_t size) {
    Progress& known = group.progress;
    const auto say = [&](const char* invariant, const char* clause, std::uint64_t expected) {
        mismatch(
            group, invariant, clause,
            "get_Size told " + std::to_string(size) + "; expected " + std::to_string(expected));
    };
    const bool standing = stands(group);
    const bool unsure = (group.unsure & Unsure::files) != 0;
    if (unsure || is_sure_gone(group)) return;
    if (group.files.empty() || group.total_unknown) {
        if (size != 0) say("size-is-the-sum", "GROUP-SIZE-1-b", 0);
        return;
    }
    if (standing && known.size_epoch == model_.stand_epoch && size != known.stand_size)
        say("size-stays", "OPEN-26", known.stand_size);
    else if (known.size != 0 && size != known.size)
        say("size-stays", "OPEN-26", known.size);
    const bool bytes_told = standing && known.stand_epoch == model_.stand_epoch;
    const std::uint64_t bytes = bytes_told ? known.stand : known.least;
    if (size != 0 && bytes > size && bytes != kMost)
        say("size-is-the-sum", "GROUP-SIZE-1-a", bytes);
    const bool all_there = group.states == kComplete && bytes_told;
    if (all_there && size != bytes && !(size == 0 && bytes == kMost))
        say("size-is-the-sum", "GROUP-SIZE-1-a", bytes);
    known.size = size;
    if (!standing) return;
    known.stand_size = size;
    known.size_epoch = model_.stand_epoch;
}

}  // namespace qmgr::propertytests::audit
