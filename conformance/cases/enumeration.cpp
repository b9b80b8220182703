// EnumGroups, EnumJobs and the enumerators.
#include <algorithm>

#include "conformance/cases/cases.hpp"
#include "conformance/cases/verbs.hpp"

namespace qmgr::conformance {
namespace {

EnumeratorHandle groups(Rig& rig, const Caller& caller = Rig::user()) {
    const Reply reply = rig.call(call::EnumGroups{0}, caller);
    rig.expect("QMGR-ENUM-1", "EnumGroups answers", reply.hresult, {HResult::Ok});
    return value_of<EnumeratorHandle>(reply);
}

// HANDLE-3: a handle is for the caller who got it.
void expect_next(Rig& rig, const std::string& clause, EnumeratorHandle list, std::uint32_t count,
                 HResult code, const std::vector<unsigned>& numbers,
                 const Caller& caller = Rig::user()) {
    const Reply reply = rig.call(call::Next{list, count, false}, caller);
    const auto fetched = value_of<value::Fetched>(reply);
    std::vector<Guid> expected;
    expected.reserve(numbers.size());
    for (const unsigned number : numbers) expected.push_back(guid(number));
    rig.expect(clause, "Next(" + std::to_string(count) + ") answers", reply.hresult, {code});
    rig.expect(clause, "Next gives", fetched.ids, {expected});
    rig.expect(clause, "fetched says", fetched.count.value_or(99),
               {static_cast<std::uint32_t>(numbers.size())});
}

// All of them in any order, which is free (ENUM-ORDER-1).
void expect_all(Rig& rig, const std::string& clause, EnumeratorHandle list,
                const std::vector<unsigned>& numbers, const Caller& caller = Rig::user()) {
    const Reply reply = rig.call(call::Next{list, 9, false}, caller);
    auto fetched = value_of<value::Fetched>(reply);
    std::sort(fetched.ids.begin(), fetched.ids.end());
    std::vector<Guid> expected;
    expected.reserve(numbers.size());
    for (const unsigned number : numbers) expected.push_back(guid(number));
    rig.expect(clause, "Next(9) answers", reply.hresult, {HResult::False});
    rig.expect(clause, "Next gives, in any order", fetched.ids, {expected});
    rig.expect(clause, "fetched says", fetched.count.value_or(99),
               {static_cast<std::uint32_t>(numbers.size())});
}

// Makes groups 1 to `count`, and says in which order an enumerator gives them.
std::vector<unsigned> created(Rig& rig, unsigned count) {
    for (unsigned number = 1; number <= count; ++number) create_group(rig, number);
    const Reply reply = rig.call(call::Next{groups(rig), count, false});
    std::vector<unsigned> order;
    for (const Guid& id : value_of<value::Fetched>(reply).ids) order.push_back(id.bytes[15]);
    order.resize(count);
    return order;
}

std::uint32_t count(Rig& rig, EnumeratorHandle list) {
    return value_of<value::Count>(rig.call(call::GetCount{list})).number;
}

void own_groups_and_all_groups(Rig& rig) {
    create_group(rig, 1);
    create_group(rig, 2, Rig::user("u2"));
    create_group(rig, 3);
    expect_all(rig, "QMGR-ENUM-1", groups(rig), {1, 3});
    const Caller admin = Rig::administrator();
    expect_all(rig, "QMGR-ENUM-1", groups(rig, admin), {1, 2, 3}, admin);
    expect_code(rig, "QMGR-ENUM-3", "the owner still gets the group", call::GetGroup{{guid(2)}},
                {HResult::Ok}, Rig::user("u2"));
    expect_code(rig, "QMGR-ENUM-2", "EnumGroups with other flags answers", call::EnumGroups{1},
                {HResult::NotImplemented});
}

void next_walks_to_the_end(Rig& rig) {
    const std::vector<unsigned> g = created(rig, 3);
    const EnumeratorHandle list = groups(rig);
    expect_next(rig, "ENUM-NEXT-1", list, 2, HResult::Ok, {g[0], g[1]});
    expect_next(rig, "ENUM-NEXT-2", list, 2, HResult::False, {g[2]});
    expect_next(rig, "ENUM-NEXT-2", list, 1, HResult::False, {});
    expect_code(rig, "ENUM-RESET-1", "Reset answers", call::Reset{list}, {HResult::Ok});
    expect_next(rig, "ENUM-RESET-1", list, 1, HResult::Ok, {g[0]});
}

void the_fetched_pointer_may_be_null_for_one(Rig& rig) {
    const std::vector<unsigned> g = created(rig, 2);
    const EnumeratorHandle list = groups(rig);
    const Reply two = rig.call(call::Next{list, 2, true});
    rig.expect("ENUM-NEXT-3", "Next(2) with a null pointer answers", two.hresult,
               {HResult::InvalidArgument});
    const Reply one = rig.call(call::Next{list, 1, true});
    rig.expect("ENUM-NEXT-3", "Next(1) with a null pointer answers", one.hresult, {HResult::Ok});
    rig.expect("ENUM-NEXT-3", "it gives the first: the refused call moved nothing",
               value_of<value::Fetched>(one).ids, {std::vector<Guid>{guid(g[0])}});
}

void skip_moves_and_stops_at_the_end(Rig& rig) {
    const std::vector<unsigned> g = created(rig, 3);
    const EnumeratorHandle list = groups(rig);
    expect_code(rig, "ENUM-SKIP-1", "Skip(2) answers", call::Skip{list, 2}, {HResult::Ok});
    expect_next(rig, "ENUM-SKIP-1", list, 1, HResult::Ok, {g[2]});
    rig.call(call::Reset{list});
    expect_code(rig, "ENUM-SKIP-1", "Skip(4) of three answers", call::Skip{list, 4},
                {HResult::False});
    expect_next(rig, "ENUM-SKIP-1", list, 1, HResult::False, {});
    rig.call(call::Reset{list});
    expect_code(rig, "ENUM-SKIP-1", "Skip(3) of three answers", call::Skip{list, 3}, {HResult::Ok});
}

void a_clone_stands_at_the_same_place_and_goes_its_own_way(Rig& rig) {
    const std::vector<unsigned> g = created(rig, 3);
    const EnumeratorHandle list = groups(rig);
    rig.call(call::Skip{list, 1});
    const Reply reply = rig.call(call::Clone{list});
    rig.expect("ENUM-CLONE-1", "Clone answers", reply.hresult, {HResult::Ok});
    const auto clone = value_of<EnumeratorHandle>(reply);
    expect_next(rig, "ENUM-CLONE-1", clone, 2, HResult::Ok, {g[1], g[2]});
    expect_next(rig, "ENUM-CLONE-1", list, 1, HResult::Ok, {g[1]});
    expect_code(rig, "HANDLE-5", "Release of the first answers", call::Release{list},
                {HResult::Ok});
    rig.expect("ENUM-COUNT-1", "the clone lives on", count(rig, clone), {3U});
}

void an_enumerator_is_a_snapshot(Rig& rig) {
    const GroupHandle first = create_group(rig, 1);
    const EnumeratorHandle list = groups(rig);
    create_group(rig, 2);
    rig.call(call::CancelGroup{first});
    rig.expect("ENUM-SNAP-1", "GetCount of the old one", count(rig, list), {1U});
    expect_next(rig, "ENUM-SNAP-1", list, 2, HResult::False, {1});
    const EnumeratorHandle fresh = groups(rig);
    rig.expect("ENUM-SNAP-1", "GetCount of a new one", count(rig, fresh), {1U});
    expect_next(rig, "ENUM-SNAP-1", fresh, 2, HResult::False, {2});
    rig.expect("ENUM-COUNT-1", "GetCount at the end is the same", count(rig, fresh), {1U});
}

void order_is_creation_order(Rig& rig) {
    for (const unsigned number : {5U, 3U, 4U}) create_group(rig, number);
    expect_next(rig, "ENUM-ORDER-1", groups(rig), 3, HResult::Ok, {5, 3, 4});
}

void jobs_of_a_group(Rig& rig) {
    const GroupHandle group = create_group(rig);
    const Reply before = rig.call(call::EnumJobs{group, 0});
    rig.expect("GROUP-ENUMJOBS-1", "EnumJobs answers", before.hresult, {HResult::Ok});
    rig.expect("GROUP-ENUMJOBS-1", "it lists nothing before CreateJob",
               count(rig, value_of<EnumeratorHandle>(before)), {0U});
    create_job(rig, group, 101);
    const auto after = value_of<EnumeratorHandle>(rig.call(call::EnumJobs{group, 0}));
    expect_next(rig, "GROUP-ENUMJOBS-1", after, 2, HResult::False, {101});
    expect_code(rig, "GROUP-ENUMJOBS-1", "EnumJobs with other flags answers",
                call::EnumJobs{group, 1}, {HResult::NotImplemented});
}

void nothing_to_list(Rig& rig) {
    const EnumeratorHandle list = groups(rig);
    rig.expect("ENUM-COUNT-1", "GetCount of an empty queue", count(rig, list), {0U});
    expect_next(rig, "ENUM-NEXT-2", list, 1, HResult::False, {});
    expect_code(rig, "ENUM-SKIP-1", "Skip(1) answers", call::Skip{list, 1}, {HResult::False});
    expect_code(rig, "ENUM-RESET-1", "Reset answers", call::Reset{list}, {HResult::Ok});
    expect_next(rig, "ENUM-NEXT-2", list, 3, HResult::False, {});
}

// A single group, and how often Next gives it.
void past_the_end_it_stays(Rig& rig) {
    create_group(rig, 1);
    const EnumeratorHandle list = groups(rig);
    expect_next(rig, "ENUM-NEXT-1", list, 1, HResult::Ok, {1});
    for (int i = 0; i < 2; ++i) expect_next(rig, "OBS-032", list, 1, HResult::False, {});
    const Reply null = rig.call(call::Next{list, 1, true});
    rig.expect("OBS-031", "Next(1) with a null pointer past the end answers", null.hresult,
               {HResult::False});
    rig.expect("OBS-031", "it gives nothing", value_of<value::Fetched>(null).ids,
               {std::vector<Guid>{}});
    rig.expect("ENUM-COUNT-1", "GetCount past the end", count(rig, list), {1U});
    expect_code(rig, "ENUM-SKIP-1", "Skip(1) past the end answers", call::Skip{list, 1},
                {HResult::False});
    expect_code(rig, "ENUM-RESET-1", "Reset answers", call::Reset{list}, {HResult::Ok});
    expect_next(rig, "ENUM-RESET-1", list, 2, HResult::False, {1});
}

void the_count_is_of_the_whole_list(Rig& rig) {
    created(rig, 3);
    const EnumeratorHandle list = groups(rig);
    for (std::uint32_t position = 0; position <= 3; ++position) {
        const Reply reply = rig.call(call::GetCount{list});
        rig.expect("ENUM-COUNT-1", "GetCount answers", reply.hresult, {HResult::Ok});
        rig.expect("ENUM-COUNT-1", "GetCount at position " + std::to_string(position),
                   value_of<value::Count>(reply).number, {3U});
        expect_code(rig, "ENUM-SKIP-1", "Skip(1) answers", call::Skip{list, 1},
                    {position < 3 ? HResult::Ok : HResult::False});
    }
}

void nothing_moves_a_clone_but_itself(Rig& rig) {
    const std::vector<unsigned> g = created(rig, 3);
    const EnumeratorHandle list = groups(rig);
    rig.call(call::Skip{list, 2});
    const auto clone = value_of<EnumeratorHandle>(rig.call(call::Clone{list}));
    rig.call(call::Reset{list});
    expect_next(rig, "ENUM-CLONE-1", clone, 1, HResult::Ok, {g[2]});
    expect_next(rig, "ENUM-CLONE-1", list, 3, HResult::Ok, {g[0], g[1], g[2]});
    const auto at_end = value_of<EnumeratorHandle>(rig.call(call::Clone{list}));
    expect_next(rig, "ENUM-CLONE-1", at_end, 1, HResult::False, {});
    expect_code(rig, "ENUM-RESET-1", "Reset of a clone answers", call::Reset{at_end},
                {HResult::Ok});
    expect_next(rig, "ENUM-CLONE-1", at_end, 2, HResult::Ok, {g[0], g[1]});
    expect_next(rig, "ENUM-CLONE-1", list, 1, HResult::False, {});
    expect_code(rig, "HANDLE-5-a", "Release of a clone answers", call::Release{at_end},
                {HResult::Ok});
    expect_code(rig, "ENUM-CLONE-1", "GetCount of the first answers", call::GetCount{list},
                {HResult::Ok});
}

// The list was made before; GetGroup says what is in the queue now.
void a_snapshot_keeps_what_is_gone(Rig& rig) {
    const std::vector<unsigned> g = created(rig, 2);
    const EnumeratorHandle list = groups(rig);
    const auto clone = value_of<EnumeratorHandle>(rig.call(call::Clone{list}));
    expect_next(rig, "ENUM-SNAP-1", list, 1, HResult::Ok, {g[0]});
    const auto second = value_of<GroupHandle>(rig.call(call::GetGroup{{guid(g[1])}}));
    rig.call(call::CancelGroup{second});
    create_group(rig, 3);
    expect_next(rig, "ENUM-SNAP-1", list, 2, HResult::False, {g[1]});
    expect_code(rig, "GROUP-CANCEL-1", "GetGroup of the cancelled one answers",
                call::GetGroup{{guid(g[1])}}, {HResult::QmItemNotFound});
    rig.expect("ENUM-SNAP-1", "GetCount of a clone from before", count(rig, clone), {2U});
    expect_code(rig, "ENUM-RESET-1", "Reset answers", call::Reset{list}, {HResult::Ok});
    expect_all(rig, "ENUM-SNAP-1", list, {1, 2});
    expect_all(rig, "OBS-030", groups(rig), {std::min(g[0], 3U), std::max(g[0], 3U)});
}

void complete_groups_are_listed(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}}, 1);
    create_group(rig, 2);
    expect_complete(rig, "GROUP-STATUS-6", download.group);
    expect_all(rig, "GROUP-DONE-1", groups(rig), {1, 2});
    rig.call(call::CancelGroup{download.group});
    expect_next(rig, "GROUP-CANCEL-1", groups(rig), 3, HResult::False, {2});
}

void every_other_flag_is_refused(Rig& rig) {
    const GroupHandle group = create_group(rig);
    create_job(rig, group);
    for (const std::uint32_t flags : {1U, 2U, 0x80000000U, 0xFFFFFFFFU}) {
        const Reply all = rig.call(call::EnumGroups{flags});
        rig.expect("QMGR-ENUM-2", "EnumGroups(" + std::to_string(flags) + ") answers", all.hresult,
                   {HResult::NotImplemented});
        rig.expect_true("QMGR-ENUM-2", "it gives no enumerator",
                        value_of<EnumeratorHandle>(all).value == 0);
        const Reply jobs = rig.call(call::EnumJobs{group, flags});
        rig.expect("GROUP-ENUMJOBS-1", "EnumJobs(" + std::to_string(flags) + ") answers",
                   jobs.hresult, {HResult::NotImplemented});
        rig.expect_true("GROUP-ENUMJOBS-1", "it gives no enumerator",
                        value_of<EnumeratorHandle>(jobs).value == 0);
    }
}

void an_enumerator_of_jobs_is_one_too(Rig& rig) {
    const GroupHandle group = create_group(rig);
    const auto before = value_of<EnumeratorHandle>(rig.call(call::EnumJobs{group, 0}));
    create_job(rig, group, 101);
    create_job(rig, create_group(rig, 2), 102);
    expect_next(rig, "ENUM-SNAP-1", before, 1, HResult::False, {});
    const auto jobs = value_of<EnumeratorHandle>(rig.call(call::EnumJobs{group, 0}));
    rig.expect("ENUM-COUNT-1", "GetCount", count(rig, jobs), {1U});
    const Reply two = rig.call(call::Next{jobs, 2, true});
    rig.expect("OBS-033", "Next(2) with a null pointer answers", two.hresult,
               {HResult::InvalidArgument});
    const auto clone = value_of<EnumeratorHandle>(rig.call(call::Clone{jobs}));
    expect_next(rig, "GROUP-ENUMJOBS-1", jobs, 1, HResult::Ok, {101});
    expect_next(rig, "ENUM-NEXT-2", jobs, 1, HResult::False, {});
    expect_next(rig, "ENUM-CLONE-1", clone, 2, HResult::False, {101});
    expect_code(rig, "ENUM-RESET-1", "Reset answers", call::Reset{jobs}, {HResult::Ok});
    expect_code(rig, "ENUM-SKIP-1", "Skip(1) answers", call::Skip{jobs, 1}, {HResult::Ok});
    expect_code(rig, "ENUM-SKIP-1", "Skip(1) at the end answers", call::Skip{jobs, 1},
                {HResult::False});
    rig.call(call::CancelGroup{group});
    rig.expect("ENUM-SNAP-1", "GetCount after the group was cancelled", count(rig, jobs), {1U});
    rig.call(call::Reset{jobs});
    expect_next(rig, "ENUM-SNAP-1", jobs, 1, HResult::Ok, {101});
}

void listing_moves_no_group(Rig& rig) {
    const Caller owner = Rig::user("u2");
    create_group(rig, 1, owner);
    const auto expect_list = [&](const std::string& clause, const Caller& caller,
                                 const std::vector<unsigned>& numbers) {
        expect_next(rig, clause, groups(rig, caller), 2, HResult::False, numbers, caller);
    };
    expect_list("QMGR-ENUM-1", Rig::administrator(), {1});
    expect_list("QMGR-ENUM-3", owner, {1});
    expect_list("QMGR-ENUM-3", Rig::user("admin"), {});
    rig.call(call::GetGroup{{guid(1)}}, Rig::administrator());
    expect_list("QMGR-GET-5", owner, {});
    expect_list("QMGR-GET-5", Rig::user("admin"), {1});
}

void the_listed_groups_are_alive(Rig& rig) {
    const GroupHandle group = create_group(rig, 1);
    const EnumeratorHandle list = groups(rig);
    const PropertyValue name{VariantType::Bstr, 0, "later"};
    rig.call(call::SetProp{group, GroupProperty::DisplayName, name});
    expect_next(rig, "JOB-ENUM-01", list, 1, HResult::Ok, {1});
    const auto listed = value_of<GroupHandle>(rig.call(call::GetGroup{{guid(1)}}));
    const Reply read = rig.call(call::GetProp{listed, GroupProperty::DisplayName});
    rig.expect("JOB-ENUM-01", "the name of the listed group", value_of<PropertyValue>(read),
               {name});
}

void order_is_creation_order_after_a_restart(Rig& rig) {
    for (const unsigned number : {5U, 3U, 4U}) create_group(rig, number);
    const auto middle = value_of<GroupHandle>(rig.call(call::GetGroup{{guid(3)}}));
    rig.call(call::CancelGroup{middle});
    create_group(rig, 3);
    rig.restart();
    // Whoever lists now holds no handle from before, as another program of the user.
    expect_all(rig, "OBS-003", groups(rig), {3, 4, 5});
    expect_next(rig, "ENUM-ORDER-1", groups(rig), 3, HResult::Ok, {5, 4, 3});
}

std::vector<Case> edge_cases() {
    const Setting none = serving({});
    return {
        {"enumeration.empty",
         {"ENUM-NEXT-2", "ENUM-COUNT-1", "ENUM-SKIP-1"},
         "An empty queue gives an empty list",
         {},
         none,
         nothing_to_list},
        {"enumeration.past_the_end",
         {"ENUM-NEXT-2", "ENUM-RESET-1", "OBS-031", "OBS-032", "ENUM-NEXT-3"},
         "Past the end an enumerator stays there until Reset",
         {},
         none,
         past_the_end_it_stays},
        {"enumeration.count",
         {"ENUM-COUNT-1", "ENUM-SKIP-1"},
         "GetCount is of the whole list, wherever the enumerator stands",
         {},
         none,
         the_count_is_of_the_whole_list},
        {"enumeration.clone_alone",
         {"ENUM-CLONE-1", "ENUM-RESET-1"},
         "Reset, Next and Release of one enumerator do not move its clone",
         {},
         none,
         nothing_moves_a_clone_but_itself},
        {"enumeration.snapshot_of_gone",
         {"ENUM-SNAP-1", "OBS-030"},
         "An enumerator goes on giving groups that were cancelled meanwhile",
         {},
         none,
         a_snapshot_keeps_what_is_gone},
        {"enumeration.complete",
         {"GROUP-DONE-1", "GROUP-CANCEL-1", "OBS-037"},
         "Complete groups are listed, cancelled ones are not",
         {},
         serving({resource("/a", 3'000)}),
         complete_groups_are_listed},
        {"enumeration.flags",
         {"QMGR-ENUM-2", "GROUP-ENUMJOBS-1"},
         "Flags other than 0 are refused without an enumerator",
         {},
         none,
         every_other_flag_is_refused},
        {"enumeration.job_enumerator",
         {"GROUP-ENUMJOBS-1", "ENUM-SNAP-1", "ENUM-NEXT-3", "ENUM-CLONE-1", "OBS-033"},
         "An enumerator of jobs answers as one of groups does",
         {},
         none,
         an_enumerator_of_jobs_is_one_too},
    };
}

std::vector<Case> later_cases() {
    const Setting none = serving({});
    return {
        {"enumeration.owner",
         {"QMGR-ENUM-3", "QMGR-ENUM-1", "QMGR-GET-5"},
         "Listing moves no ownership, GetGroup does",
         {"users"},
         none,
         listing_moves_no_group},
        {"enumeration.alive",
         {"JOB-ENUM-01"},
         "A list is of its moment, what is listed is of now",
         {},
         none,
         the_listed_groups_are_alive},
        {"enumeration.order_after_restart",
         {"OBS-003", "QMGR-ENUM-1", "ENUM-ORDER-1"},
         "Groups are listed in creation order after a restart, too",
         {"restart"},
         none,
         order_is_creation_order_after_a_restart},
    };
}

std::vector<Case> walking_cases() {
    const Setting none = serving({});
    return {
        {"enumeration.own_and_all",
         {"QMGR-ENUM-1", "QMGR-ENUM-2", "QMGR-ENUM-3", "OWN-01", "OWN-03"},
         "A user lists the own groups, an administrator all",
         {"users"},
         none,
         own_groups_and_all_groups},
        {"enumeration.next",
         {"ENUM-NEXT-1", "ENUM-NEXT-2", "ENUM-RESET-1", "JOB-ENUM-03"},
         "Next walks to the end and says when it is there",
         {},
         none,
         next_walks_to_the_end},
        {"enumeration.null_fetched",
         {"ENUM-NEXT-3", "OBS-031", "OBS-033", "JOB-ENUM-03"},
         "The fetched pointer may be null only for one",
         {},
         none,
         the_fetched_pointer_may_be_null_for_one},
        {"enumeration.skip",
         {"ENUM-SKIP-1", "JOB-ENUM-03", "OBS-034"},
         "Skip moves, and stops at the end",
         {},
         none,
         skip_moves_and_stops_at_the_end},
        {"enumeration.clone",
         {"ENUM-CLONE-1", "ENUM-COUNT-1", "JOB-ENUM-03"},
         "A clone stands at the same place and goes its own way",
         {},
         none,
         a_clone_stands_at_the_same_place_and_goes_its_own_way},
        {"enumeration.snapshot",
         {"ENUM-SNAP-1", "ENUM-COUNT-1", "OBS-030", "JOB-ENUM-01"},
         "An enumerator is a snapshot",
         {},
         none,
         an_enumerator_is_a_snapshot},
        {"enumeration.order",
         {"ENUM-ORDER-1"},
         "Groups are listed in creation order",
         {},
         none,
         order_is_creation_order},
        {"enumeration.jobs",
         {"GROUP-ENUMJOBS-1"},
         "EnumJobs lists the one job",
         {},
         none,
         jobs_of_a_group},
    };
}

}  // namespace

std::vector<Case> enumeration_cases() {
    return joined({walking_cases(), edge_cases(), later_cases()});
}

}  // namespace qmgr::conformance
