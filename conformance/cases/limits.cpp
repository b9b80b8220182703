// How many jobs and files there may be, and for whom (LIM-01, LIM-02, LIM-03).
#include "conformance/cases/cases.hpp"
#include "conformance/cases/verbs.hpp"

namespace qmgr::conformance {
namespace {

void expect_create_job(Rig& rig, const std::string& clause, unsigned number, const Caller& caller,
                       HResult code) {
    const GroupHandle group = create_group(rig, number, caller);
    expect_code(rig, clause, "CreateJob answers", call::CreateJob{group, {guid(number + 1000)}},
                {code}, caller);
    const Reply list = rig.call(call::EnumJobs{group, 0}, caller);
    const Reply count = rig.call(call::GetCount{value_of<EnumeratorHandle>(list)}, caller);
    rig.expect(clause, "jobs in the group", value_of<value::Count>(count).number,
               {code == HResult::Ok ? 1U : 0U});
}

void jobs_of_a_user(Rig& rig) {
    const Caller u1 = Rig::user();
    expect_create_job(rig, "GROUP-CREATEJOB-1", 1, u1, HResult::Ok);
    expect_create_job(rig, "GROUP-CREATEJOB-1", 2, u1, HResult::Ok);
    expect_create_job(rig, "GROUP-CREATEJOB-5-a", 3, u1, HResult::BgTooManyJobsPerUser);
    expect_create_job(rig, "GROUP-CREATEJOB-1", 4, Rig::user("u2"), HResult::Ok);
    const auto first = value_of<GroupHandle>(rig.call(call::GetGroup{{guid(1)}}));
    expect_code(rig, "GROUP-CANCEL-1", "CancelGroup answers", call::CancelGroup{first},
                {HResult::Ok});
    expect_create_job(rig, "GROUP-CREATEJOB-5-b", 5, u1, HResult::Ok);
}

void complete_jobs_count(Rig& rig) {
    for (unsigned number = 1; number <= 2; ++number)
        expect_complete(rig, "GROUP-STATUS-6-a",
                        start(rig, {{"/a", "f" + std::to_string(number)}}, number).group);
    expect_create_job(rig, "GROUP-CREATEJOB-5-b", 3, Rig::user(), HResult::BgTooManyJobsPerUser);
}

void jobs_of_a_machine(Rig& rig) {
    expect_create_job(rig, "GROUP-CREATEJOB-1", 1, Rig::user("u1"), HResult::Ok);
    expect_create_job(rig, "GROUP-CREATEJOB-1", 2, Rig::user("u2"), HResult::Ok);
    expect_create_job(rig, "GROUP-CREATEJOB-1", 3, Rig::user("u3"), HResult::Ok);
    expect_create_job(rig, "GROUP-CREATEJOB-5-a", 4, Rig::user("u4"),
                      HResult::BgTooManyJobsPerMachine);
    expect_create_job(rig, "LIM-03", 5, Rig::administrator(), HResult::Ok);
}

void an_administrator_is_exempt(Rig& rig) {
    for (unsigned number = 1; number <= 4; ++number)
        expect_create_job(rig, "LIM-03", number, Rig::administrator(), HResult::Ok);
    const auto group =
        value_of<GroupHandle>(rig.call(call::GetGroup{{guid(1)}}, Rig::administrator()));
    const auto job =
        value_of<JobHandle>(rig.call(call::GetJob{group, {guid(1001)}}, Rig::administrator()));
    add_files(rig, job, {{"/a", "a"}, {"/b", "b"}, {"/c", "c"}, {"/d", "d"}}, Rig::administrator());
}

void files_of_a_job(Rig& rig) {
    const JobHandle job = create_job(rig, create_group(rig));
    add_files(rig, job, {{"/a", "a"}, {"/b", "b"}});
    expect_code(rig, "JOB1-ADD-10", "AddFiles of two more answers",
                call::AddFiles{
                    job, {{rig.url("/c"), rig.local("c"), 0}, {rig.url("/d"), rig.local("d"), 0}}},
                {HResult::BgTooManyFilesInJob});
    rig.expect("JOB1-ADD-10", "files in the job",
               value_of<value::Count>(rig.call(call::GetFileCount{job})).number, {2U});
    add_files(rig, job, {{"/c", "c"}});
}

// Three of a machine, two of a user: with two of u1 and one of u2 both are reached.
void the_users_limit_is_judged_first(Rig& rig) {
    const Caller u1 = Rig::user("u1");
    expect_create_job(rig, "GROUP-CREATEJOB-1", 1, u1, HResult::Ok);
    expect_create_job(rig, "GROUP-CREATEJOB-1", 2, u1, HResult::Ok);
    expect_create_job(rig, "GROUP-CREATEJOB-1", 3, Rig::user("u2"), HResult::Ok);
    expect_create_job(rig, "GROUP-CREATEJOB-5-b", 4, u1, HResult::BgTooManyJobsPerUser);
    expect_create_job(rig, "GROUP-CREATEJOB-5-a", 5, Rig::user("u2"),
                      HResult::BgTooManyJobsPerMachine);
}

void a_refused_job_is_not_made(Rig& rig) {
    for (unsigned number = 1; number <= 2; ++number)
        expect_create_job(rig, "GROUP-CREATEJOB-1", number, Rig::user(), HResult::Ok);
    const GroupHandle group = create_group(rig, 3);
    const Call create = call::CreateJob{group, {guid(103)}};
    expect_code(rig, "GROUP-CREATEJOB-5-a", "CreateJob answers", create,
                {HResult::BgTooManyJobsPerUser});
    expect_code(rig, "GROUP-CREATEJOB-5-a", "GetJob answers", call::GetJob{group, {guid(103)}},
                {HResult::QmItemNotFound});
    const auto jobs = value_of<EnumeratorHandle>(rig.call(call::EnumJobs{group, 0}));
    rig.expect("GROUP-CREATEJOB-5-a", "EnumJobs lists",
               value_of<value::Count>(rig.call(call::GetCount{jobs})).number, {0U});
    expect_status(rig, "GROUP-CREATEJOB-5-a", "the group shows", group, {kNew, kNewLenient});
    const auto first = value_of<GroupHandle>(rig.call(call::GetGroup{{guid(1)}}));
    rig.call(call::CancelGroup{first});
    expect_code(rig, "GROUP-CREATEJOB-5-b", "CreateJob answers when a place is free", create,
                {HResult::Ok});
}

std::vector<FileSetInfo> files(Rig& rig, unsigned from, unsigned count) {
    std::vector<FileSetInfo> infos;
    for (unsigned i = from; i < from + count; ++i) {
        const std::string name = "f" + std::to_string(i);
        infos.push_back({rig.url("/" + name), rig.local(name), 0});
    }
    return infos;
}

void two_hundred_files(Rig& rig) {
    const JobHandle job = create_job(rig, create_group(rig));
    const std::vector<HResult> too_many = {HResult::BgTooManyFilesInJob};
    expect_code(rig, "LIM-02", "AddFiles of 201 answers", call::AddFiles{job, files(rig, 0, 201)},
                too_many);
    const auto count = [&] {
        return value_of<value::Count>(rig.call(call::GetFileCount{job})).number;
    };
    rig.expect("JOB1-ADD-10", "files in the job", count(), {0U});
    expect_code(rig, "LIM-02", "AddFiles of 199 answers", call::AddFiles{job, files(rig, 0, 199)},
                {HResult::Ok});
    expect_code(rig, "LIM-02", "AddFiles of two more answers",
                call::AddFiles{job, files(rig, 199, 2)}, too_many);
    expect_code(rig, "LIM-02", "AddFiles of one more answers",
                call::AddFiles{job, files(rig, 199, 1)}, {HResult::Ok});
    expect_code(rig, "LIM-02", "AddFiles of the 201st answers",
                call::AddFiles{job, files(rig, 200, 1)}, too_many);
    rig.expect("JOB1-ADD-10", "files in the job", count(), {200U});
    const auto last = value_of<FileSetInfo>(rig.call(call::GetFile{job, 199}));
    rig.expect("JOB1-FILE-1", "the last one's local name", last.local_name, {rig.local("f199")});
}

void sixty_jobs(Rig& rig) {
    for (unsigned number = 1; number <= 60; ++number)
        expect_create_job(rig, "LIM-01", number, Rig::user(), HResult::Ok);
    expect_create_job(rig, "LIM-01", 61, Rig::user(), HResult::BgTooManyJobsPerUser);
}

void three_hundred_jobs(Rig& rig) {
    unsigned number = 0;
    for (const char* name : {"u1", "u2", "u3", "u4", "u5"})
        for (unsigned i = 0; i < 60; ++i)
            expect_create_job(rig, "LIM-01", ++number, Rig::user(name), HResult::Ok);
    const GroupHandle group = create_group(rig, 999, Rig::user("u6"));
    expect_code(rig, "LIM-01", "CreateJob of the 301st answers",
                call::CreateJob{group, {guid(999)}}, {HResult::BgTooManyJobsPerMachine},
                Rig::user("u6"));
}

}  // namespace

std::vector<Case> limits_cases() {
    Setting few = serving({resource()});
    few.policy.jobs_per_user = 2;
    few.policy.jobs_per_machine = 3;
    few.policy.files_per_job = 3;
    return {
        {"limits.jobs_per_user",
         {"GROUP-CREATEJOB-5", "LIM-01", "GP-05", "OPEN-42", "OBS-077"},
         "A user has so many jobs and no more; cancelled ones do not count",
         {"policy", "users"},
         few,
         jobs_of_a_user},
        {"limits.complete_jobs",
         {"GROUP-CREATEJOB-5", "OPEN-42"},
         "Complete groups count",
         {"policy"},
         few,
         complete_jobs_count},
        {"limits.jobs_per_machine",
         {"GROUP-CREATEJOB-5", "LIM-01", "GP-04"},
         "All users together have so many jobs and no more",
         {"policy", "users"},
         few,
         jobs_of_a_machine},
        {"limits.administrator",
         {"LIM-03", "CON-08", "OBS-078"},
         "An administrator is exempt from all limits",
         {"policy", "users"},
         few,
         an_administrator_is_exempt},
        {"limits.files_per_job",
         {"JOB1-ADD-10", "LIM-02", "JOB-ADD-02", "GP-06"},
         "A job holds so many files and no more; nothing is added beyond",
         {"policy"},
         few,
         files_of_a_job},
        {"limits.order",
         {"GROUP-CREATEJOB-5", "LIM-01"},
         "The limit of the user is judged before that of the machine",
         {"policy", "users"},
         few,
         the_users_limit_is_judged_first},
        {"limits.refused_job",
         {"GROUP-CREATEJOB-5", "OBS-077", "OPEN-42"},
         "A job beyond the limit is not made, and can be when a place is free",
         {"policy"},
         few,
         a_refused_job_is_not_made},
        {"limits.200_files",
         {"LIM-02", "JOB1-ADD-10", "ERA-02", "GP-06"},
         "Without a policy a job holds 200 files",
         {},
         serving({}),
         two_hundred_files},
        {"limits.60_jobs",
         {"LIM-01", "GROUP-CREATEJOB-5", "ERA-02", "CON-08"},
         "Without a policy a user has 60 jobs",
         {},
         serving({}),
         sixty_jobs},
        {"limits.300_jobs",
         {"LIM-01", "GROUP-CREATEJOB-5", "ERA-02", "GP-04"},
         "Without a policy a machine has 300 jobs",
         {"users"},
         serving({}),
         three_hundred_jobs},
    };
}

}  // namespace qmgr::conformance
