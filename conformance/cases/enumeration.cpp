// EnumGroups, EnumJobs and the enumerators.
#include "conformance/cases/cases.hpp"
#include "conformance/cases/verbs.hpp"

namespace qmgr::conformance {
namespace {

EnumeratorHandle groups(Rig& rig, const Caller& caller = Rig::user()) {
    const Reply reply = rig.call(call::EnumGroups{0}, caller);
    rig.expect("QMGR-ENUM-1", "EnumGroups answers", reply.hresult, {HResult::Ok});
    return value_of<EnumeratorHandle>(reply);
}

void expect_next(Rig& rig, const std::string& clause, EnumeratorHandle list, std::uint32_t count,
                 HResult code, const std::vector<unsigned>& numbers) {
    const Reply reply = rig.call(call::Next{list, count, false});
    const auto fetched = value_of<value::Fetched>(reply);
    std::vector<Guid> expected;
    expected.reserve(numbers.size());
    for (const unsigned number : numbers) expected.push_back(guid(number));
    rig.expect(clause, "Next(" + std::to_string(count) + ") answers", reply.hresult, {code});
    rig.expect(clause, "Next gives", fetched.ids, {expected});
    rig.expect(clause, "fetched says", fetched.count.value_or(99),
               {static_cast<std::uint32_t>(numbers.size())});
}

std::uint32_t count(Rig& rig, EnumeratorHandle list) {
    return value_of<value::Count>(rig.call(call::GetCount{list})).number;
}

void own_groups_and_all_groups(Rig& rig) {
    create_group(rig, 1);
    create_group(rig, 2, Rig::user("u2"));
    create_group(rig, 3);
    expect_next(rig, "QMGR-ENUM-1", groups(rig), 9, HResult::False, {1, 3});
    expect_next(rig, "QMGR-ENUM-1", groups(rig, Rig::administrator()), 9, HResult::False,
                {1, 2, 3});
    expect_code(rig, "QMGR-ENUM-3", "the owner still gets the group", call::GetGroup{{guid(2)}},
                {HResult::Ok}, Rig::user("u2"));
    expect_code(rig, "QMGR-ENUM-2", "EnumGroups with other flags answers", call::EnumGroups{1},
                {HResult::NotImplemented});
}

void next_walks_to_the_end(Rig& rig) {
    for (const unsigned number : {1U, 2U, 3U}) create_group(rig, number);
    const EnumeratorHandle list = groups(rig);
    expect_next(rig, "ENUM-NEXT-1", list, 2, HResult::Ok, {1, 2});
    expect_next(rig, "ENUM-NEXT-2", list, 2, HResult::False, {3});
    expect_next(rig, "ENUM-NEXT-2", list, 1, HResult::False, {});
    expect_code(rig, "ENUM-RESET-1", "Reset answers", call::Reset{list}, {HResult::Ok});
    expect_next(rig, "ENUM-RESET-1", list, 1, HResult::Ok, {1});
}

void the_fetched_pointer_may_be_null_for_one(Rig& rig) {
    for (const unsigned number : {1U, 2U}) create_group(rig, number);
    const EnumeratorHandle list = groups(rig);
    const Reply two = rig.call(call::Next{list, 2, true});
    rig.expect("ENUM-NEXT-3", "Next(2) with a null pointer answers", two.hresult,
               {HResult::InvalidArgument});
    const Reply one = rig.call(call::Next{list, 1, true});
    rig.expect("ENUM-NEXT-3", "Next(1) with a null pointer answers", one.hresult, {HResult::Ok});
    rig.expect("ENUM-NEXT-3", "it gives the first: the refused call moved nothing",
               value_of<value::Fetched>(one).ids, {std::vector<Guid>{guid(1)}});
}

void skip_moves_and_stops_at_the_end(Rig& rig) {
    for (const unsigned number : {1U, 2U, 3U}) create_group(rig, number);
    const EnumeratorHandle list = groups(rig);
    expect_code(rig, "ENUM-SKIP-1", "Skip(2) answers", call::Skip{list, 2}, {HResult::Ok});
    expect_next(rig, "ENUM-SKIP-1", list, 1, HResult::Ok, {3});
    rig.call(call::Reset{list});
    expect_code(rig, "ENUM-SKIP-1", "Skip(4) of three answers", call::Skip{list, 4},
                {HResult::False});
    expect_next(rig, "ENUM-SKIP-1", list, 1, HResult::False, {});
    rig.call(call::Reset{list});
    expect_code(rig, "ENUM-SKIP-1", "Skip(3) of three answers", call::Skip{list, 3}, {HResult::Ok});
}

void a_clone_stands_at_the_same_place_and_goes_its_own_way(Rig& rig) {
    for (const unsigned number : {1U, 2U, 3U}) create_group(rig, number);
    const EnumeratorHandle list = groups(rig);
    rig.call(call::Skip{list, 1});
    const Reply reply = rig.call(call::Clone{list});
    rig.expect("ENUM-CLONE-1", "Clone answers", reply.hresult, {HResult::Ok});
    const auto clone = value_of<EnumeratorHandle>(reply);
    expect_next(rig, "ENUM-CLONE-1", clone, 2, HResult::Ok, {2, 3});
    expect_next(rig, "ENUM-CLONE-1", list, 1, HResult::Ok, {2});
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

}  // namespace

std::vector<Case> enumeration_cases() {
    const Setting none = serving({});
    return {
        {"enumeration.own_and_all",
         {"QMGR-ENUM-1", "QMGR-ENUM-2", "QMGR-ENUM-3"},
         "A user lists the own groups, an administrator all",
         {"users"},
         none,
         own_groups_and_all_groups},
        {"enumeration.next",
         {"ENUM-NEXT-1", "ENUM-NEXT-2", "ENUM-RESET-1"},
         "Next walks to the end and says when it is there",
         {},
         none,
         next_walks_to_the_end},
        {"enumeration.null_fetched",
         {"ENUM-NEXT-3"},
         "The fetched pointer may be null only for one",
         {},
         none,
         the_fetched_pointer_may_be_null_for_one},
        {"enumeration.skip",
         {"ENUM-SKIP-1"},
         "Skip moves, and stops at the end",
         {},
         none,
         skip_moves_and_stops_at_the_end},
        {"enumeration.clone",
         {"ENUM-CLONE-1", "ENUM-COUNT-1"},
         "A clone stands at the same place and goes its own way",
         {},
         none,
         a_clone_stands_at_the_same_place_and_goes_its_own_way},
        {"enumeration.snapshot",
         {"ENUM-SNAP-1", "ENUM-COUNT-1"},
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

}  // namespace qmgr::conformance
