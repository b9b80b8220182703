// AddFiles, GetFile, GetFileCount, and what becomes of the files.
#include "conformance/cases/cases.hpp"
#include "conformance/cases/wire_verbs.hpp"

namespace qmgr::conformance {
namespace {

FileSetInfo info(Rig& rig, const std::string& path, const std::string& file_name,
                 std::uint32_t hint = 0) {
    return {rig.url(path), rig.local(file_name), hint};
}

std::uint32_t count(Rig& rig, JobHandle job) {
    return value_of<value::Count>(rig.call(call::GetFileCount{job})).number;
}

void files_come_back_as_added(Rig& rig) {
    const JobHandle job = create_job(rig, create_group(rig));
    const FileSetInfo first = info(rig, "/a?q=%20x", "first name", 77);
    const FileSetInfo second = info(rig, "/b", "second");
    expect_code(rig, "JOB1-ADD-1", "AddFiles of two answers", call::AddFiles{job, {first, second}},
                {HResult::Ok});
    rig.expect("JOB1-COUNT-1", "GetFileCount gives", count(rig, job), {2U});
    const auto got = value_of<FileSetInfo>(rig.call(call::GetFile{job, 0}));
    rig.expect("JOB1-FILE-1", "the remote name comes back", got.remote_name, {first.remote_name});
    rig.expect("JOB1-FILE-1", "the local name comes back", got.local_name, {first.local_name});
    rig.expect("JOB1-ADD-8", "the size hint comes back", got.size_hint, {77U});
    const auto other = value_of<FileSetInfo>(rig.call(call::GetFile{job, 1}));
    rig.expect("JOB1-FILE-1", "files keep their order", other.remote_name, {second.remote_name});
    expect_code(rig, "JOB1-FILE-1", "GetFile past the end answers", call::GetFile{job, 2},
                {HResult::QmItemNotFound});
}

void one_bad_entry_and_none_is_added(Rig& rig) {
    const JobHandle job = create_job(rig, create_group(rig));
    FileSetInfo bad = info(rig, "/b", "b");
    bad.remote_name = "ftp://server.test/b";
    expect_code(rig, "JOB1-ADD-2", "AddFiles with a bad entry answers",
                call::AddFiles{job, {info(rig, "/a", "a"), bad}}, {HResult::InvalidArgument});
    rig.expect("JOB1-ADD-4", "none is added", count(rig, job), {0U});
    expect_code(rig, "JOB1-ADD-4", "AddFiles of none answers", call::AddFiles{job, {}},
                {HResult::InvalidArgument});
}

void bad_remote_names(Rig& rig) {
    const JobHandle job = create_job(rig, create_group(rig));
    const std::string long_name = rig.url("/") + std::string(2200, 'x');
    for (const std::string& name :
         {std::string(), std::string("/just/a/path"), std::string("http://"),
          std::string("ftp://server.test/a"), std::string("http://server.test/a b"),
          std::string("http://server.test/*"), std::string("http://server.test/%zz"),
          std::string("http://server.test/\xC3\xA4"), long_name})
        expect_code(rig, "JOB1-ADD-5", "AddFiles of \"" + name.substr(0, 40) + "\" answers",
                    call::AddFiles{job, {{name, rig.local("a"), 0}}}, {HResult::InvalidArgument});
    rig.expect("JOB1-ADD-4", "none is added", count(rig, job), {0U});
}

// The directory that AddFiles named was not made by it: naming it is refused again.
void expect_still_missing(Rig& rig, JobHandle job) {
    expect_code(rig, "FILE-03", "AddFiles into the missing directory once more answers",
                call::AddFiles{job, {info(rig, "/a", "missing/a")}},
                {HResult::PathNotFound, HResult::InvalidArgument});
}

void bad_local_names(Rig& rig) {
    const JobHandle job = create_job(rig, create_group(rig));
    for (const std::string& name :
         {std::string(), std::string("relative"), rig.local("a*"), rig.local("a?"),
          rig.local("a:stream:x"), rig.local("a|b"), rig.local("a<b"), rig.local("a\"b"),
          rig.local("a/"), rig.local(std::string(260, 'x'))})
        expect_code(rig, "JOB1-ADD-6", "AddFiles to \"" + name.substr(0, 40) + "\" answers",
                    call::AddFiles{job, {{rig.url("/a"), name, 0}}}, {HResult::InvalidArgument});
    expect_code(rig, "JOB1-ADD-6", "AddFiles into a missing directory answers",
                call::AddFiles{job, {info(rig, "/a", "missing/a")}},
                {HResult::PathNotFound, HResult::InvalidArgument});
    expect_still_missing(rig, job);
    rig.expect("JOB1-ADD-4", "none is added", count(rig, job), {0U});
}

void the_server_is_not_asked_by_add_files(Rig& rig) {
    prepare(rig, {{"/a", "a"}, {"/nowhere", "b"}});
    rig.let_pass(Duration(100));
    rig.expect<std::uint64_t>("JOB1-ADD-9", "requests seen", rig.requests().size(), {0U});
    rig.expect("FILE-TMP-1", "no temporary file is made yet", rig.files(),
               {std::vector<std::string>{}});
}

void files_are_fetched_in_order(Rig& rig) {
    const Download download = start(rig, {{"/c", "c"}, {"/a", "a"}, {"/b", "b"}});
    expect_complete(rig, "SCHED-3", download.group);
    std::vector<std::string> order;
    for (const SeenRequest& seen : rig.requests())
        order.push_back(seen.request.method + " " + seen.request.path);
    rig.expect(
        "SCHED-3", "requests in the order added", order,
        {std::vector<std::string>{"HEAD /c", "GET /c", "HEAD /a", "GET /a", "HEAD /b", "GET /b"}});
    for (const char* name : {"a", "b", "c"})
        expect_file(rig, "FILE-PUB-1", name, resource(std::string("/") + name, 3'000));
}

// To a group that is transferring, and to one that waits its turn. The second one is not resumed
// again.
void files_can_be_added_to_a_running_group(Rig& rig) {
    const Download first = start(rig, {{"/a", "a"}});
    rig.eventually("JOB1-ADD-7", "the GET", [&] { return count_of(rig, "GET", "/a") == 1; });
    const Download second = start(rig, {{"/a", "a2"}}, 2);
    for (const Download& one : {first, second}) {
        add_files(rig, one.job, {{"/b", one.group == first.group ? "b" : "b2"}});
        expect_status(rig, "JOB1-ADD-7", "the group still runs", one.group, {kRunning});
    }
    interrupt(rig, first.group);
    for (const Download& one : {first, second}) expect_complete(rig, "JOB1-ADD-7", one.group);
    for (const char* name : {"b", "b2"})
        expect_file(rig, "JOB1-ADD-7", name, resource("/b", 3'000));
}

void adding_to_a_complete_group_makes_it_incomplete(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_complete(rig, "JOB1-ADD-7", download.group);
    add_files(rig, download.job, {{"/b", "b"}});
    expect_status(rig, "JOB1-ADD-7", "the group is incomplete and suspended", download.group,
                  {kNew, kNewLenient});
    const std::size_t before = rig.requests().size();
    rig.call(call::ResumeGroup{download.group});
    expect_complete(rig, "JOB1-ADD-7", download.group);
    expect_file(rig, "JOB1-ADD-7", "b", resource("/b", 3'000));
    rig.expect<std::uint64_t>("FILE-PUB-5", "only the new file is fetched",
                              rig.requests().size() - before, {2U});
}

void an_existing_destination_is_replaced_at_the_end(Rig& rig) {
    rig.put_file("a", "old");
    const Download download = start(rig, {{"/a", "a"}});
    wait_for_silence(rig, download.group, 40'000);
    rig.expect<std::uint64_t>("FILE-PUB-3", "the old content is untouched until then",
                              rig.look("a").value_or(FileLook{}).size, {3U});
    rig.call(call::SuspendGroup{download.group});
    rig.call(call::ResumeGroup{download.group});
    expect_complete(rig, "FILE-PUB-3", download.group);
    expect_file(rig, "FILE-PUB-3", "a", resource());
}

void an_empty_file_is_complete_after_its_head(Rig& rig) {
    const Download download = start(rig, {{"/empty", "empty"}});
    expect_complete(rig, "GROUP-PROG-2", download.group);
    expect_file(rig, "GROUP-PROG-2", "empty", resource("/empty", 0));
    rig.expect("OPEN-27", "requests: HEAD, and no GET", request_log(rig),
               {std::vector<std::string>{"HEAD /empty"}});
}

void a_removed_directory_is_an_error_of_the_file(Rig& rig) {
    rig.make_directory("gone");
    const Download download = prepare(rig, {{"/a", "gone/a"}});
    rig.remove_directory("gone");
    rig.call(call::ResumeGroup{download.group});
    expect_error(rig, "FILE-DISK-1", download.group);
    rig.expect("FILE-DISK-1", "the job's Win32 result", job_status(rig, download.job).win32_result,
               {0x80070003U});
    rig.make_directory("gone");
    rig.call(call::ResumeGroup{download.group});
    expect_complete(rig, "GROUP-RESUME-4", download.group);
    expect_file(rig, "GROUP-RESUME-4", "gone/a", resource("/a", 3'000));
}

void a_full_disk_is_an_error_of_that_file_only(Rig& rig) {
    const Download full = start(rig, {{"/a", "a"}}, 1);
    rig.eventually("FILE-DISK-1", "bytes arrive",
                   [&] { return size_done(rig, full.group) >= 1'000; });
    rig.surroundings(surroundings::DiskFull{true});
    rig.call(call::SuspendGroup{full.group});
    rig.call(call::ResumeGroup{full.group});
    expect_error(rig, "FILE-DISK-1", full.group);
    rig.expect("FILE-DISK-1", "the job's Win32 result", job_status(rig, full.job).win32_result,
               {0x80070070U});
    rig.expect("FILE-DISK-1", "what was stored stays", size_done(rig, full.group), {1'000U});
    rig.surroundings(surroundings::DiskFull{false});
    const Download other = start(rig, {{"/b", "b"}}, 2);
    expect_complete(rig, "FILE-DISK-1", other.group);
    rig.call(call::ResumeGroup{full.group});
    expect_complete(rig, "GROUP-RESUME-4", full.group);
    expect_file(rig, "FILE-DISK-1", "a", resource("/a", 3'000));
}

void a_full_disk_has_no_place_for_an_empty_file(Rig& rig) {
    rig.surroundings(surroundings::DiskFull{true});
    const Download download = start(rig, {{"/empty", "empty"}});
    expect_error(rig, "FILE-DISK-1", download.group);
    rig.expect("FILE-DISK-1", "the job's Win32 result", job_status(rig, download.job).win32_result,
               {0x80070070U});
    rig.surroundings(surroundings::DiskFull{false});
    rig.call(call::ResumeGroup{download.group});
    expect_complete(rig, "GROUP-RESUME-4", download.group);
}

void refuse_remote(Rig& rig, const std::string& clause, JobHandle job, const std::string& name) {
    expect_code(rig, clause, "AddFiles of \"" + name.substr(0, 40) + "\" answers",
                call::AddFiles{job, {{name, rig.local("a"), 0}}}, {HResult::InvalidArgument});
}
void take_remote(Rig& rig, const std::string& clause, JobHandle job, const std::string& name) {
    expect_code(rig, clause, "AddFiles of \"" + name.substr(0, 40) + "\" answers",
                call::AddFiles{job, {{name, rig.local("a"), 0}}}, {HResult::Ok});
}

// That many characters in all, in segments of at most 200.
std::string url_of_length(Rig& rig, std::size_t length) {
    std::string name = rig.url("/");
    while (name.size() + 201 < length) name += std::string(200, 's') + "/";
    return name + std::string(length - name.size(), 'e');
}

void the_longest_remote_name(Rig& rig) {
    const JobHandle job = create_job(rig, create_group(rig));
    const std::string longest = url_of_length(rig, 2'200);
    take_remote(rig, "LIM-05", job, longest);
    refuse_remote(rig, "LIM-05", job, url_of_length(rig, 2'201));
    take_remote(rig, "LIM-05", job, rig.url("/" + std::string(260, 's')));
    refuse_remote(rig, "LIM-05", job, rig.url("/" + std::string(261, 's')));
    take_remote(rig, "LIM-05", job, rig.url("/" + std::string(260, 's') + "/x?q=1"));
    refuse_remote(rig, "LIM-05", job, rig.url("/x/" + std::string(261, 's') + "/x"));
    rig.expect("JOB1-ADD-4", "files in the job", count(rig, job), {3U});
    const auto got = value_of<FileSetInfo>(rig.call(call::GetFile{job, 0}));
    rig.expect("JOB1-FILE-1", "the longest name comes back", got.remote_name, {longest});
}

void good_remote_names(Rig& rig) {
    const JobHandle job = create_job(rig, create_group(rig));
    std::uint32_t added = 0;
    for (const char* name :
         {"http://server.test/a", "https://server.test/a", "HTTP://SERVER.TEST/a",
          "http://server.test", "http://server.test:8080/a", "http://127.0.0.1/a",
          "http://server.test/a?x=1&y=2", "http://server.test/%C3%A4%20b",
          "http://server.test/-._~!$&'()+,;=:@/x", "http://xn--bcher-kva.example/"}) {
        take_remote(rig, "JOB1-ADD-5", job, name);
        const auto got = value_of<FileSetInfo>(rig.call(call::GetFile{job, added++}));
        rig.expect("JOB1-FILE-1", "the name comes back", got.remote_name, {std::string(name)});
    }
    rig.expect("JOB1-COUNT-1", "files in the job", count(rig, job), {added});
}

void more_bad_remote_names(Rig& rig) {
    const JobHandle job = create_job(rig, create_group(rig));
    for (const char* name : {"file:///etc/passwd",
                             "\\\\server\\share\\a",
                             "http:/server.test/a",
                             "http:server.test/a",
                             "://server.test/a",
                             "http:///a",
                             "http://server.test/a\tb",
                             "http://server.test/a\nb",
                             "http://server.test/a\"b",
                             "http://server.test/<a>",
                             "http://server.test/a|b",
                             "http://server.test/a^b",
                             "http://server.test/{a}",
                             "http://server.test/a\\b",
                             "http://server.test/%",
                             "http://server.test/%4",
                             "http://server.test/a?x=*",
                             "http://server.test/\x7F",
                             "http://server.test/\xF0\x9F\x98\x80",
                             "httpx://server.test/a",
                             " http://server.test/a",
                             "http://server.test/a "})
        refuse_remote(rig, "JOB1-ADD-5", job, name);
    rig.expect("JOB1-ADD-4", "none is added", count(rig, job), {0U});
}

// A full path of that many UTF-16 units, most of them of the character given.
std::string path_of_units(Rig& rig, std::size_t units, const std::string& character,
                          std::size_t units_each) {
    std::string path = rig.local("");
    std::size_t left = units - path.size();
    for (; left >= units_each; left -= units_each) path += character;
    return path + std::string(left, 'x');
}

void the_longest_local_name(Rig& rig) {
    const JobHandle job = create_job(rig, create_group(rig));
    std::uint32_t added = 0;
    const auto offer = [&](const std::string& path, HResult code) {
        expect_code(rig, "LIM-06", "AddFiles to a path of many bytes answers",
                    call::AddFiles{job, {{rig.url("/a"), path, 0}}}, {code});
        if (code != HResult::Ok) return;
        const auto got = value_of<FileSetInfo>(rig.call(call::GetFile{job, added++}));
        rig.expect("JOB1-FILE-1", "the local name comes back", got.local_name, {path});
    };
    for (const auto& [character, units] : std::vector<std::pair<std::string, std::size_t>>{
             {"x", 1}, {"\xC3\xA4", 1}, {"\xE2\x82\xAC", 1}, {"\xF0\x9F\x98\x80", 2}}) {
        offer(path_of_units(rig, 260, character, units), HResult::Ok);
        offer(path_of_units(rig, 261, character, units), HResult::InvalidArgument);
    }
    rig.expect("JOB1-COUNT-1", "files in the job", count(rig, job), {added});
}

void a_file_of_an_unusual_name(Rig& rig) {
    const std::string name = "\xC3\xA4 \xF0\x9F\x98\x80 'b' %41;&.txt";
    const std::string longest = path_of_units(rig, 260, "x", 1).substr(rig.local("").size());
    const Download download = start(rig, {{"/a%20b?x=%41", name}, {"/b", longest}});
    expect_complete(rig, "JOB1-ADD-6", download.group);
    expect_file(rig, "JOB1-ADD-6", name, resource("/a%20b?x=%41", 3'000));
    expect_file(rig, "LIM-06", longest, resource("/b", 3'000));
    const auto requests = rig.requests();
    rig.expect("JOB1-ADD-5", "the path asked for, with nothing escaped or decoded",
               requests.empty() ? std::string() : requests[0].request.path,
               {std::string("/a%20b?x=%41")});
}

void a_wrong_hint_means_nothing(Rig& rig) {
    const JobHandle job = create_job(rig, create_group(rig));
    const std::vector<std::uint32_t> hints = {1, 0xFFFFFFFF, 3'000};
    expect_code(rig, "JOB1-ADD-8-b", "AddFiles with right and wrong hints answers",
                call::AddFiles{job,
                               {info(rig, "/a", "a", hints[0]), info(rig, "/b", "b", hints[1]),
                                info(rig, "/c", "c", hints[2])}},
                {HResult::Ok});
    const auto group = value_of<GroupHandle>(rig.call(call::GetGroup{{guid(1)}}));
    rig.expect("JOB1-ADD-8-a", "get_Size before the first turn",
               value_of<value::Size>(rig.call(call::GetSize{group})).bytes, {0U});
    rig.call(call::ResumeGroup{group});
    expect_complete(rig, "JOB1-ADD-8-a", group);
    for (const char* name : {"a", "b", "c"})
        expect_file(rig, "JOB1-ADD-8-a", name, resource(std::string("/") + name, 3'000));
    for (std::uint32_t i = 0; i < 3; ++i)
        rig.expect("JOB1-ADD-8-b", "the size hint comes back",
                   value_of<FileSetInfo>(rig.call(call::GetFile{job, i})).size_hint, {hints[i]});
}

void wherever_the_bad_entry_stands(Rig& rig) {
    const JobHandle job = create_job(rig, create_group(rig));
    add_files(rig, job, {{"/a", "first"}});
    const FileSetInfo good = info(rig, "/a", "a");
    FileSetInfo bad_url = info(rig, "/b", "b");
    bad_url.remote_name = "gopher://server.test/b";
    FileSetInfo bad_path = info(rig, "/b", "b");
    bad_path.local_name = "b";
    const FileSetInfo no_place = info(rig, "/b", "missing/b");
    const std::vector<HResult> refused = {HResult::InvalidArgument, HResult::PathNotFound};
    for (const FileSetInfo& bad : {bad_url, bad_path, no_place})
        for (std::size_t place = 0; place < 3; ++place) {
            std::vector<FileSetInfo> files(3, good);
            files[place] = bad;
            const HResult code = rig.call(call::AddFiles{job, files}).hresult;
            rig.expect_true("JOB1-ADD-4", "AddFiles with a bad entry answers a failure",
                            failed(code));
            rig.expect("JOB1-ADD-4", "files in the job", count(rig, job), {1U});
        }
    expect_still_missing(rig, job);
    const auto got = value_of<FileSetInfo>(rig.call(call::GetFile{job, 0}));
    rig.expect("JOB1-ADD-4", "the file from before", got.local_name, {rig.local("first")});
}

void no_index_past_the_end(Rig& rig) {
    const JobHandle job = create_job(rig, create_group(rig));
    for (const std::uint32_t index : {0U, 1U, 0xFFFFFFFFU})
        expect_code(rig, "JOB1-FILE-1", "GetFile of an empty job answers",
                    call::GetFile{job, index}, {HResult::QmItemNotFound});
    add_files(rig, job, {{"/a", "a"}, {"/b", "b"}});
    for (const std::uint32_t index : {2U, 3U, 0x80000000U, 0xFFFFFFFFU})
        expect_code(rig, "JOB1-FILE-1", "GetFile past the end answers", call::GetFile{job, index},
                    {HResult::QmItemNotFound});
    expect_code(rig, "JOB1-FILE-1", "GetFile of the last one answers", call::GetFile{job, 1},
                {HResult::Ok});
}

void no_right_to_write(Rig& rig) {
    rig.make_directory("locked");
    rig.make_directory("open");
    rig.protect_directory("locked");
    const JobHandle job = create_job(rig, create_group(rig));
    expect_code(rig, "JOB1-ADD-3", "AddFiles into a protected directory answers",
                call::AddFiles{job, {info(rig, "/a", "open/a"), info(rig, "/b", "locked/b")}},
                {HResult::AccessDenied});
    rig.expect("JOB1-ADD-3", "files in the job", count(rig, job), {0U});
    add_files(rig, job, {{"/a", "open/a"}});
    rig.expect("JOB1-ADD-3", "files in the job after a good call", count(rig, job), {1U});
}

// Nothing takes a file out of a job.
void the_count_stays(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}, {"/b", "b"}});
    expect_error(rig, "GROUP-STATUS-5", download.group);
    rig.expect("JOB-ADD-05", "files in error", count(rig, download.job), {2U});
    rig.call(call::ResumeGroup{download.group});
    expect_complete(rig, "GROUP-RESUME-4", download.group);
    rig.expect("JOB-ADD-05", "files of the complete group", count(rig, download.job), {2U});
    const auto first = value_of<FileSetInfo>(rig.call(call::GetFile{download.job, 0}));
    rig.expect("JOB-ADD-05", "the first one's local name", first.local_name, {rig.local("a")});
}

void one_url_twice(Rig& rig) {
    const Download download = start(rig, {{"/a", "one"}, {"/a", "two"}});
    expect_complete(rig, "SVC-SCH-10", download.group);
    const Download other = start(rig, {{"/a", "three"}}, 2);
    expect_complete(rig, "SVC-SCH-10", other.group);
    for (const char* name : {"one", "two", "three"})
        expect_file(rig, "SVC-SCH-10", name, resource("/a", 3'000));
    rig.expect<std::uint64_t>("SVC-SCH-10", "GET requests", requests_of(rig, "GET").size(), {3});
}

void files_of_a_foreground_group_are_fetched_in_order(Rig& rig) {
    const Download download = prepare(rig, {{"/c", "c"}, {"/a", "a"}, {"/b", "b"}});
    rig.call(call::SwitchGroupToForeground{download.group});
    rig.call(call::ResumeGroup{download.group});
    wait_for_silence(rig, download.group, 3'000 + 40'000);
    std::vector<std::string> asked;
    for (const SeenRequest& seen : rig.requests()) asked.push_back(seen.request.path);
    rig.expect("SVC-SCH-08", "paths asked for so far", asked,
               {std::vector<std::string>{"/c", "/c", "/a", "/a"}});
    rig.call(call::SuspendGroup{download.group});
    rig.call(call::ResumeGroup{download.group});
    expect_done(rig, "SVC-SCH-08", download.group);
    for (const char* name : {"b", "c"})
        expect_file(rig, "SVC-SCH-08", name, resource(std::string("/") + name, 3'000));
}

std::vector<Case> name_cases() {
    const Setting none = serving({});
    return {
        {"job_files.longest_remote_name",
         {"LIM-05", "JOB1-ADD-5", "JOB1-ADD-2"},
         "A remote name has at most 2,200 characters and 260 in a segment",
         {},
         none,
         the_longest_remote_name},
        {"job_files.good_remote_names",
         {"JOB1-ADD-5", "JOB1-FILE-1", "HTTP-URL-01", "HTTP-URL-02", "OPEN-43"},
         "Every http or https URL of legal characters is taken",
         {},
         none,
         good_remote_names},
        {"job_files.bad_remote_names",
         {"JOB1-ADD-5", "JOB1-ADD-2", "LIM-05", "JOB-ADD-02", "HTTP-URL-02", "OPEN-43"},
         "No other URL and no other character is taken",
         {},
         none,
         more_bad_remote_names},
        {"job_files.longest_local_name",
         {"LIM-06", "JOB1-ADD-6", "JOB1-FILE-1", "OPEN-32"},
         "A local name has at most 260 UTF-16 units, however many bytes they are",
         {},
         none,
         the_longest_local_name},
        {"job_files.unusual_names",
         {"JOB1-ADD-6", "JOB1-ADD-5", "LIM-06"},
         "What is a legal name can be downloaded",
         {},
         serving({resource("/a%20b?x=%41", 3'000), resource("/b", 3'000)}),
         a_file_of_an_unusual_name},
    };
}

std::vector<Case> entry_cases() {
    const Setting none = serving({});
    const Setting three =
        serving({resource("/a", 3'000), resource("/b", 3'000), resource("/c", 3'000)});
    return {
        {"job_files.size_hint",
         {"JOB1-ADD-8"},
         "A size hint, right or wrong, has no influence",
         {},
         three,
         a_wrong_hint_means_nothing},
        {"job_files.bad_entry_anywhere",
         {"JOB1-ADD-4", "JOB1-ADD-2", "JOB1-ADD-6", "JOB-ADD-03", "FILE-03", "OPEN-37"},
         "Wherever a bad entry stands, none is added",
         {},
         none,
         wherever_the_bad_entry_stands},
        {"job_files.index",
         {"JOB1-FILE-1"},
         "GetFile past the last file finds nothing",
         {},
         none,
         no_index_past_the_end},
        {"job_files.count_stays",
         {"JOB-ADD-05", "JOB1-COUNT-1", "JOB1-FILE-1"},
         "Files stay in their job through errors and to the end",
         {},
         serving({resource("/a", 3'000), resource("/b", 3'000)},
                 {on_head("missing", respond(404), 1)}),
         the_count_stays},
        {"job_files.twice",
         {"SVC-SCH-10"},
         "What is asked for twice is fetched twice",
         {},
         three,
         one_url_twice},
        {"job_files.no_right",
         {"JOB1-ADD-3", "JOB1-ADD-4", "JOB-ADD-02", "FILE-04"},
         "A directory in which the caller may not write is refused",
         {"permissions"},
         none,
         no_right_to_write},
        {"job_files.foreground_order",
         {"SVC-SCH-08", "SCHED-3"},
         "Files of a foreground group are fetched one after another, too",
         {},
         serving({resource(), resource("/b", 3'000), resource("/c", 3'000)}, {stall_at(40'000)}),
         files_of_a_foreground_group_are_fetched_in_order},
    };
}

std::vector<Case> adding_cases() {
    const Setting none = serving({});
    const Setting three = serving({resource("/a", 3'000), resource("/b", 3'000),
                                   resource("/c", 3'000), resource("/empty", 0)});
    return {
        {"job_files.as_added",
         {"JOB1-ADD-1", "JOB1-COUNT-1", "JOB1-FILE-1", "JOB1-ADD-8", "OBS-013", "OBS-015",
          "OBS-035"},
         "Files come back exactly as they were added",
         {},
         none,
         files_come_back_as_added},
        {"job_files.all_or_nothing",
         {"JOB1-ADD-2", "JOB1-ADD-4", "OPEN-37"},
         "One bad entry means that none is added",
         {},
         none,
         one_bad_entry_and_none_is_added},
        {"job_files.remote_names",
         {"JOB1-ADD-5", "JOB1-ADD-2"},
         "Remote names that are no plain http or https URL are refused",
         {},
         none,
         bad_remote_names},
        {"job_files.local_names",
         {"JOB1-ADD-6", "JOB1-ADD-2", "JOB-ADD-02", "FILE-03", "OPEN-31"},
         "Local names that are no full path to a file are refused",
         {},
         none,
         bad_local_names},
        {"job_files.not_asked",
         {"JOB1-ADD-9", "FILE-TMP-1", "GROUP-NEW-1", "OBS-012"},
         "AddFiles does not contact the server",
         {},
         three,
         the_server_is_not_asked_by_add_files},
    };
}

std::vector<Case> fetching_cases() {
    const Setting three = serving({resource("/a", 3'000), resource("/b", 3'000),
                                   resource("/c", 3'000), resource("/empty", 0)});
    const Setting stalling = serving({resource()}, {stall_at(40'000)});
    const Setting stalling_two =
        serving({resource("/a", 3'000), resource("/b", 3'000)}, {stall_at(1'000)});
    return {
        {"job_files.order",
         {"SCHED-3", "SVC-SCH-08", "XFER-HEAD-1", "FILE-PUB-1", "JOB1-ADD-1", "FILE-02", "OBS-018"},
         "Files are fetched one after another in the order added",
         {},
         three,
         files_are_fetched_in_order},
        {"job_files.add_to_running",
         {"JOB1-ADD-7", "OPEN-04"},
         "Files added to a running group join the run",
         {},
         stalling_two,
         files_can_be_added_to_a_running_group},
        {"job_files.add_to_complete",
         {"JOB1-ADD-7", "JOB-ADD-04", "FILE-PUB-5", "OPEN-04"},
         "Files added to a complete group make it incomplete; finished ones are left alone",
         {},
         three,
         adding_to_a_complete_group_makes_it_incomplete},
        {"job_files.replace",
         {"FILE-PUB-3", "OPEN-30"},
         "An existing destination is replaced at the end and untouched before",
         {},
         stalling,
         an_existing_destination_is_replaced_at_the_end},
        {"job_files.empty",
         {"GROUP-PROG-2", "XFER-HEAD-1", "OPEN-27"},
         "A file of no bytes is complete after its HEAD",
         {},
         three,
         an_empty_file_is_complete_after_its_head},
        {"job_files.directory_removed",
         {"FILE-DISK-1", "GROUP-RESUME-4", "JOB-RESUME-03", "OPEN-34"},
         "A vanished directory is an error of that file, and ResumeGroup tries again",
         {},
         three,
         a_removed_directory_is_an_error_of_the_file},
        {"job_files.disk_full",
         {"FILE-DISK-1", "GROUP-RESUME-4", "OPEN-34"},
         "A full disk is an error of that file only; what was stored stays",
         {"disk"},
         stalling_two,
         a_full_disk_is_an_error_of_that_file_only},
        {"job_files.disk_full_empty",
         {"FILE-DISK-1", "GROUP-RESUME-4"},
         "On a full disk a file of no bytes is not made either",
         {"disk"},
         three,
         a_full_disk_has_no_place_for_an_empty_file},
    };
}

}  // namespace

std::vector<Case> job_files_cases() {
    return joined({adding_cases(), name_cases(), entry_cases(), fetching_cases()});
}

}  // namespace qmgr::conformance
