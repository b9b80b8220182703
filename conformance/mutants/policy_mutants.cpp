// One number of Policy changed at a time: half and twice what the case or the default says, so that
// a system which does not follow the number is told from one that does.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

#include "conformance/mutants/mutant.hpp"

namespace qmgr::mutants {
namespace {

Mutant of_policy(const std::string& field, const std::string& what, const std::string& clause,
                 const std::string& change, std::function<void(Policy&)> make) {
    return {field + "." + what,
            field,
            clause,
            change,
            [make = std::move(make)] {
                world::Variation variation;
                variation.policy = make;
                return variation;
            },
            ""};
}

template <class Number>
void add(std::vector<Mutant>& all, const std::string& field, const std::string& clause,
         Number Policy::*member) {
    all.push_back(of_policy(field, "half", clause, "half of what it should be",
                            [member](Policy& policy) { policy.*member /= 2; }));
    all.push_back(of_policy(field, "twice", clause, "twice what it should be",
                            [member](Policy& policy) { policy.*member *= 2; }));
}

void add_times(std::vector<Mutant>& all) {
    add(all, "retry_delay", "XFER-WAIT-1", &Policy::retry_delay);
    add(all, "no_progress_timeout", "XFER-NOPROG-1", &Policy::no_progress_timeout);
    add(all, "retry_after_limit", "XFER-WAIT-1", &Policy::retry_after_limit);
    add(all, "time_slice", "SCHED-2", &Policy::time_slice);
    add(all, "stall_timeout", "XFER-STATUS-1", &Policy::stall_timeout);
    add(all, "network_retry_delay", "XFER-NET-1", &Policy::network_retry_delay);
    add(all, "inactivity_timeout", "GROUP-DONE-2", &Policy::inactivity_timeout);
}

void add_counts(std::vector<Mutant>& all) {
    add(all, "quick_retries", "XFER-QUICK-1", &Policy::quick_retries);
    add(all, "redirect_limit", "XFER-REDIR-1", &Policy::redirect_limit);
    add(all, "change_restarts", "XFER-CHANGE-1", &Policy::change_restarts);
    add(all, "network_retries", "XFER-NET-1", &Policy::network_retries);
    add(all, "callbacks_at_once", "NOTIFY-13", &Policy::callbacks_at_once);
    add(all, "jobs_per_user", "GROUP-CREATEJOB-5", &Policy::jobs_per_user);
    add(all, "jobs_per_machine", "GROUP-CREATEJOB-5", &Policy::jobs_per_machine);
    add(all, "files_per_job", "JOB1-ADD-10", &Policy::files_per_job);
    add(all, "remote_name_chars", "JOB1-ADD-5", &Policy::remote_name_chars);
    add(all, "remote_segment_chars", "LIM-05", &Policy::remote_segment_chars);
    add(all, "local_name_units", "JOB1-ADD-6", &Policy::local_name_units);
    add(all, "display_name_units", "PROP-NAME-1", &Policy::display_name_units);
    add(all, "description_units", "PROP-DESCRIPTION-1", &Policy::description_units);
}

void add_bytes(std::vector<Mutant>& all) {
    add(all, "foreground_range_bytes", "XFER-FG-1", &Policy::foreground_range_bytes);
    add(all, "background_rate", "XFER-GET-1", &Policy::background_rate);
    const auto slices = [&](const std::string& what, auto change) {
        all.push_back(of_policy("slice_bytes", what, "XFER-GET-1", "each slice is " + what,
                                [change](Policy& policy) {
                                    for (std::uint64_t& bytes : policy.slice_bytes)
                                        bytes = change(bytes);
                                }));
    };
    slices("half", [](std::uint64_t bytes) { return bytes / 2; });
    slices("twice", [](std::uint64_t bytes) { return bytes * 2; });
    all.push_back(of_policy("slice_bytes", "first-repeats", "XFER-GET-1",
                            "the first size repeats, not the last one", [](Policy& policy) {
                                if (!policy.slice_bytes.empty()) policy.slice_bytes.resize(1);
                            }));
}

void add_choices(std::vector<Mutant>& all) {
    all.push_back(of_policy("no_progress_timeout", "none-is-default", "SVC-TMR-03",
                            "a time of 0 counts as not set", [](Policy& policy) {
                                if (policy.no_progress_timeout == Duration(0))
                                    policy.no_progress_timeout = Policy().no_progress_timeout;
                            }));
    all.push_back(of_policy("wire", "early", "XFER-GET-2", "requests as of BITS 6.6",
                            [](Policy& policy) { policy.wire = Wire::Bits66; }));
    all.push_back(of_policy("user_agent", "other", "XFER-GET-3", "another agent",
                            [](Policy& policy) { policy.user_agent = "Mozilla/5.0"; }));
}

// How often bytes are made durable is free (decision 0006); what must not happen is that a restart
// fetches more again than the number allows.
void add_syncs(std::vector<Mutant>& all) {
    add(all, "sync_interval", "XFER-START-1", &Policy::sync_interval);
    add(all, "sync_bytes", "XFER-START-1", &Policy::sync_bytes);
    for (Mutant& mutant : all)
        if (mutant.id == "sync_interval.half" || mutant.id == "sync_bytes.half")
            mutant.equivalent =
                "bytes that are durable sooner than they must be are a promise kept (decision "
                "0006)";
}

}  // namespace

std::vector<Mutant> policy_mutants() {
    std::vector<Mutant> all;
    add_times(all);
    add_counts(all);
    add_bytes(all);
    add_choices(all);
    add_syncs(all);
    return all;
}

}  // namespace qmgr::mutants
