// How many jobs and files there may be, and for whom (LIM-01, LIM-02, LIM-03).
#include "conformance/cases/cases.hpp"
#include "conformance/cases/verbs.hpp"

namespace qmgr::conformance {
namespace {

void expect_create_job(Rig& rig, const std::string& clause, unsigned number, const Caller& caller,
                       HResult code) {
    const GroupHandle group = create_group(rig, number, caller);
    expect_code(rig, clause, "CreateJob answers", call::CreateJob{group, {guid(number + 100)}},
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
    expect_create_job(rig, "GROUP-CREATEJOB-5", 3, u1, HResult::BgTooManyJobsPerUser);
    expect_create_job(rig, "GROUP-CREATEJOB-1", 4, Rig::user("u2"), HResult::Ok);
    const auto first = value_of<GroupHandle>(rig.call(call::GetGroup{{guid(1)}}));
    expect_code(rig, "GROUP-CANCEL-1", "CancelGroup answers", call::CancelGroup{first},
                {HResult::Ok});
    expect_create_job(rig, "GROUP-CREATEJOB-5", 5, u1, HResult::Ok);
}

void complete_jobs_count(Rig& rig) {
    for (unsigned number = 1; number <= 2; ++number)
        expect_complete(rig, "GROUP-STATUS-6",
                        start(rig, {{"/a", "f" + std::to_string(number)}}, number).group);
    expect_create_job(rig, "GROUP-CREATEJOB-5", 3, Rig::user(), HResult::BgTooManyJobsPerUser);
}

void jobs_of_a_machine(Rig& rig) {
    expect_create_job(rig, "GROUP-CREATEJOB-1", 1, Rig::user("u1"), HResult::Ok);
    expect_create_job(rig, "GROUP-CREATEJOB-1", 2, Rig::user("u2"), HResult::Ok);
    expect_create_job(rig, "GROUP-CREATEJOB-1", 3, Rig::user("u3"), HResult::Ok);
    expect_create_job(rig, "GROUP-CREATEJOB-5", 4, Rig::user("u4"),
                      HResult::BgTooManyJobsPerMachine);
    expect_create_job(rig, "LIM-03", 5, Rig::administrator(), HResult::Ok);
}

void an_administrator_is_exempt(Rig& rig) {
    for (unsigned number = 1; number <= 4; ++number)
        expect_create_job(rig, "LIM-03", number, Rig::administrator(), HResult::Ok);
    const auto group =
        value_of<GroupHandle>(rig.call(call::GetGroup{{guid(1)}}, Rig::administrator()));
    const auto job =
        value_of<JobHandle>(rig.call(call::GetJob{group, {guid(101)}}, Rig::administrator()));
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

}  // namespace

std::vector<Case> limits_cases() {
    Setting few = serving({resource()});
    few.policy.jobs_per_user = 2;
    few.policy.jobs_per_machine = 3;
    few.policy.files_per_job = 3;
    return {
        {"limits.jobs_per_user",
         {"GROUP-CREATEJOB-5", "LIM-01"},
         "A user has so many jobs and no more; cancelled ones do not count",
         {"policy", "users"},
         few,
         jobs_of_a_user},
        {"limits.complete_jobs",
         {"GROUP-CREATEJOB-5"},
         "Complete groups count",
         {"policy"},
         few,
         complete_jobs_count},
        {"limits.jobs_per_machine",
         {"GROUP-CREATEJOB-5", "LIM-01"},
         "All users together have so many jobs and no more",
         {"policy", "users"},
         few,
         jobs_of_a_machine},
        {"limits.administrator",
         {"LIM-03"},
         "An administrator is exempt from all limits",
         {"policy", "users"},
         few,
         an_administrator_is_exempt},
        {"limits.files_per_job",
         {"JOB1-ADD-10", "LIM-02"},
         "A job holds so many files and no more; nothing is added beyond",
         {"policy"},
         few,
         files_of_a_job},
    };
}

}  // namespace qmgr::conformance
