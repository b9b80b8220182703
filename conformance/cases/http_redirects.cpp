// Redirects: which are followed, how many, and where to.
#include <array>

#include "conformance/cases/cases.hpp"
#include "conformance/cases/wire_verbs.hpp"

namespace qmgr::conformance {
namespace {

using fakeserver::FaultRule;

const fakeserver::Resource kTarget = resource("/target", 4'000);
constexpr std::array kFollowed = {301, 302, 303, 307, 308};

bool any_of_path(Rig& rig, const std::string& path) {
    return count_of(rig, "HEAD", path) + count_of(rig, "GET", path) > 0;
}

// Requests of that method are sent away from where the others are answered, if at all.
void each_status_is_followed(Rig& rig, const std::string& method) {
    unsigned number = 0;
    for (const int status : kFollowed) {
        const std::string name = std::to_string(status);
        const Download download = start(rig, {{"/" + name, name}}, ++number);
        expect_complete(rig, "XFER-REDIR-1", download.group);
        expect_file(rig, "XFER-REDIR-1", name, kTarget);
        rig.expect("XFER-REDIR-1", method + "s of the target after " + name,
                   count_of(rig, method, "/target"), {std::uint64_t{number}});
    }
}

void it_leads_to_the_target(Rig& rig) {
    const Download download = start(rig, {{"/dir/a", "a"}});
    expect_complete(rig, "XFER-REDIR-1", download.group);
    expect_file(rig, "XFER-REDIR-1", "a", kTarget);
    rig.expect_true("XFER-REDIR-1", "the target was asked", any_of_path(rig, "/target"));
}

void it_leads_to_the_query(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_complete(rig, "XFER-REDIR-1", download.group);
    expect_file(rig, "XFER-REDIR-1", "a", resource("/a?x=1", 4'000));
    rig.expect_true("XFER-REDIR-1", "the query was asked", any_of_path(rig, "/a?x=1"));
}

// `method` is that of the request which is redirected.
void it_is_not_followed(Rig& rig, int status, const std::string& method) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_failure(rig, "XFER-REDIR-1", download, 0x80190000U + static_cast<std::uint32_t>(status));
    rig.expect("JOB1-STATUS-4-b", "the transport result",
               job_status(rig, download.job).transport_result,
               {static_cast<std::uint32_t>(status)});
    rig.expect<std::uint64_t>("XFER-REDIR-1", method + "s", requests_of(rig, method).size(), {1U});
    const auto requests = rig.requests();
    rig.expect("XFER-REDIR-1", "the last request: none comes after it",
               requests.empty() ? std::string("none") : requests.back().request.method, {method});
}

void ten_are_followed(Rig& rig, const std::string& method) {
    const Download download = start(rig, {{"/r0", "a"}});
    expect_complete(rig, "XFER-REDIR-1", download.group);
    expect_file(rig, "XFER-REDIR-1", "a", resource("/r10", 4'000));
    rig.expect("XFER-REDIR-1", method + "s: the first and ten more",
               requests_of(rig, method).size(), {std::size_t{11}});
}

void eleven_are_too_many(Rig& rig) {
    const Download download = start(rig, {{"/r0", "a"}});
    expect_failure(rig, "XFER-REDIR-1", download, 0x8019012EU);
    rig.expect("XFER-REDIR-1", "the target is not asked", any_of_path(rig, "/r11"), {false});
}

void each_request_has_its_ten(Rig& rig) {
    const Download download = start(rig, {{"/r0", "a"}});
    expect_complete(rig, "XFER-REDIR-1", download.group);
    expect_file(rig, "XFER-REDIR-1", "a", resource("/r12", 4'000));
}

void a_get_is_redirected(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_complete(rig, "XFER-REDIR-1", download.group);
    expect_file(rig, "XFER-REDIR-1", "a", kTarget);
    rig.expect("XFER-REDIR-1", "GETs of the target", count_of(rig, "GET", "/target"),
               {std::uint64_t{1}});
}

// The interruption comes after so many GETs, in the target.
void later_requests(Rig& rig, std::size_t gets_before, bool restart) {
    Download download = start(rig, {{"/a", "a"}});
    reach(rig, "XFER-REDIR-1", download.group, 1'000);
    if (restart) {
        rig.call(call::SuspendGroup{download.group});
        rig.restart();
        download = find_again(rig);
        rig.call(call::ResumeGroup{download.group});
    } else {
        interrupt(rig, download.group);
    }
    expect_complete(rig, "XFER-REDIR-1", download.group);
    expect_file(rig, "XFER-REDIR-1", "a", kTarget);
    const auto gets = requests_of(rig, "GET");
    if (!rig.expect_true("XFER-REDIR-1", "there is a GET after it", gets.size() > gets_before))
        return;
    rig.expect("XFER-REDIR-1", "it goes to", gets[gets_before].request.path,
               {std::string("/target"), std::string("/a")});
}

// Nobody listens at the other host: that the error is not the redirect's shows that it was asked.
void another_host_is_followed(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_error(rig, "XFER-REDIR-1", download.group);
    const auto hits = rig.hits();
    rig.expect_true("XFER-REDIR-1", "the redirect was seen",
                    !hits.empty() && hits.front().hits > 0);
    const auto job = job_status(rig, download.job);
    rig.expect("XFER-REDIR-1", "the transport result: no answer came", job.transport_result, {0U});
    rig.expect_true("XFER-REDIR-1", "the Win32 result is not that of the redirect",
                    job.win32_result != 0x8019012EU && job.win32_result != 302);
}

void never_from_https_to_http(Rig& rig) {
    const std::string url = "https" + rig.url("/a").substr(std::string("http").size());
    const GroupHandle group = create_group(rig);
    const Download download{group, create_job(rig, group)};
    rig.call(call::AddFiles{download.job, {{url, rig.local("a"), 0}}});
    rig.call(call::ResumeGroup{download.group});
    expect_failure(rig, "XFER-REDIR-1", download, 0x8019012EU);
    rig.expect("XFER-REDIR-1", "the target is not asked", any_of_path(rig, "/target"), {false});
}

// /r0 to /r<hops>, the last one a file; those before `get_from` redirect HEADs, the others GETs.
Setting chain(int hops, int get_from) {
    const std::string last = "/r" + std::to_string(hops);
    std::vector<FaultRule> rules;
    rules.reserve(static_cast<std::size_t>(hops));
    for (int i = 0; i < hops; ++i)
        rules.push_back(on_request(i < get_from ? "HEAD" : "GET", "/r" + std::to_string(i),
                                   "hop " + std::to_string(i),
                                   {redirect(302, "/r" + std::to_string(i + 1))}, std::nullopt));
    std::vector<fakeserver::Resource> files = {resource(last, 4'000)};
    if (get_from < hops) files.push_back(resource("/r" + std::to_string(get_from), 4'000));
    return serving(std::move(files), std::move(rules));
}

// Two cases: of a redirected HEAD, and of a GET that is redirected after an honest HEAD.
std::vector<Case> location(const std::string& id, const std::string& what,
                           const std::string& location) {
    const auto of = [&](const std::string& method) {
        return on_request(method, "/dir/a", "moved", {redirect(302, location)}, 1);
    };
    return {{"http_redirects." + id,
             {"XFER-REDIR-1"},
             "A redirect " + what,
             {},
             serving({kTarget}, {of("HEAD")}),
             it_leads_to_the_target},
            {"http_redirects.get_" + id,
             {"XFER-REDIR-1"},
             "A redirect of a GET " + what,
             {},
             serving({resource("/dir/a", 4'000), kTarget}, {of("GET")}),
             it_leads_to_the_target}};
}

// Two cases likewise.
std::vector<Case> refused(const std::string& id, const std::string& what, int status,
                          const std::string& where,
                          const std::vector<std::string>& more_clauses = {}) {
    const fakeserver::Fault answer =
        where.empty() ? respond(status) : respond(status, {{"Location", where}});
    const auto of = [&](const std::string& name, const std::string& subject,
                        const std::string& method) {
        return also({"http_redirects." + name,
                     {"XFER-REDIR-1", "OBS-065"},
                     subject + " " + what + " is an error",
                     {},
                     serving({resource(), kTarget},
                             {on_request(method, "/a", "moved", {answer}, std::nullopt)}),
                     [=](Rig& rig) { it_is_not_followed(rig, status, method); }},
                    more_clauses);
    };
    return {of(id, "A redirect", "HEAD"), of("get_" + id, "A redirect of a GET", "GET")};
}

std::vector<Case> followed() {
    std::vector<FaultRule> each;
    std::vector<FaultRule> each_get;
    std::vector<fakeserver::Resource> all = {kTarget};
    for (const int status : kFollowed) {
        const std::string name = std::to_string(status);
        const auto of = [&](const std::string& method) {
            return on_request(method, "/" + name, name, {redirect(status, "/target")},
                              std::nullopt);
        };
        each.push_back(of("HEAD"));
        each_get.push_back(of("GET"));
        all.push_back(resource("/" + name, 4'000));
    }
    return {
        {"http_redirects.statuses",
         {"XFER-REDIR-1"},
         "301, 302, 303, 307 and 308 are followed",
         {},
         serving({kTarget}, each),
         [](Rig& rig) { each_status_is_followed(rig, "HEAD"); }},
        {"http_redirects.get_statuses",
         {"XFER-REDIR-1"},
         "301, 302, 303, 307 and 308 to a GET are followed",
         {},
         serving(all, each_get),
         [](Rig& rig) { each_status_is_followed(rig, "GET"); }},
        {"http_redirects.query",
         {"XFER-REDIR-1"},
         "A redirect may be a query only",
         {},
         serving({resource("/a?x=1", 4'000)}, {on_head("moved", redirect(307, "?x=1"), 1)}),
         it_leads_to_the_query},
        {"http_redirects.get_query",
         {"XFER-REDIR-1"},
         "A redirect of a GET may be a query only",
         {},
         serving({resource("/a", 4'000), resource("/a?x=1", 4'000)},
                 {on_get("moved", redirect(307, "?x=1"), 1)}),
         it_leads_to_the_query},
        {"http_redirects.get",
         {"XFER-REDIR-1"},
         "A redirect of a GET is followed, too",
         {},
         serving({resource("/a", 4'000), kTarget},
                 {on_get("moved", redirect(302, "/target"), std::nullopt)}),
         a_get_is_redirected},
    };
}

// The first failure is the error.
Setting impatient(Setting setting) {
    setting.policy.no_progress_timeout = Duration(0);
    return setting;
}

std::vector<Case> later() {
    const auto half =
        on_request("GET", "/target", "stall", {fault(fakeserver::Effect::Stall, 1'000)}, 1);
    const Setting of_head =
        serving({kTarget}, {on_head("moved", redirect(302, "/target"), 1), half});
    const Setting of_get = serving({resource("/a", 4'000), kTarget},
                                   {on_get("moved", redirect(302, "/target"), std::nullopt), half});
    const fakeserver::Fault nobody = redirect(302, "http://127.0.0.1:1/a");  // listens at port 1
    const auto of_case = [](const std::string& id, const std::string& title,
                            std::vector<std::string> needs, const Setting& setting,
                            std::size_t gets, bool restart) {
        return Case{"http_redirects." + id,
                    {"XFER-REDIR-1", "OPEN-24"},
                    title,
                    std::move(needs),
                    setting,
                    [=](Rig& rig) { later_requests(rig, gets, restart); }};
    };
    return {
        of_case("later", "Later requests go to the last target or to the first URL", {}, of_head, 1,
                false),
        of_case("get_later", "After a redirect of a GET later ones go to its target or first URL",
                {}, of_get, 2, false),
        of_case("later_restart",
                "Later requests go to the last target or to the first URL also after a restart",
                {"restart"}, of_head, 1, true),
        of_case("get_later_restart",
                "After a redirect of a GET and a restart they go to its target or first URL",
                {"restart"}, of_get, 2, true),
        {"http_redirects.other_host",
         {"XFER-REDIR-1"},
         "A redirect to another host is followed",
         {"policy"},
         impatient(serving({resource()}, {on_head("moved", nobody, std::nullopt)})),
         another_host_is_followed},
        {"http_redirects.get_other_host",
         {"XFER-REDIR-1"},
         "A redirect of a GET to another host is followed",
         {"policy"},
         impatient(serving({resource()}, {on_get("moved", nobody, std::nullopt)})),
         another_host_is_followed},
    };
}

std::vector<Case> limits() {
    const auto by_get = [](Rig& rig) { ten_are_followed(rig, "GET"); };
    const auto downgraded = [](FaultRule rule) {
        return serving({resource(), kTarget}, {std::move(rule)});
    };
    const fakeserver::Fault to_http = redirect(302, "http://{host}/target");
    return {
        {"http_redirects.ten",
         {"XFER-REDIR-1", "OPEN-24"},
         "Ten redirects in a row are followed",
         {},
         chain(10, 10),
         [](Rig& rig) { ten_are_followed(rig, "HEAD"); }},
        {"http_redirects.get_ten",
         {"XFER-REDIR-1", "OPEN-24"},
         "Ten redirects of a GET in a row are followed",
         {},
         chain(10, 0),
         by_get},
        {"http_redirects.eleven",
         {"XFER-REDIR-1", "OPEN-24", "CON-11"},
         "Eleven redirects in a row are an error",
         {},
         chain(11, 11),
         eleven_are_too_many},
        {"http_redirects.get_eleven",
         {"XFER-REDIR-1", "OPEN-24", "CON-11"},
         "Eleven redirects of a GET in a row are an error",
         {},
         chain(11, 0),
         eleven_are_too_many},
        {"http_redirects.each_request",
         {"XFER-REDIR-1"},
         "The redirects of HEAD and GET are counted apart",
         {},
         chain(12, 6),
         each_request_has_its_ten},
        {"http_redirects.https_to_http",
         {"XFER-REDIR-1", "HTTP-RED-03"},
         "A redirect from https to http is an error",
         // The server of a rig in real time has no certificate that anybody trusts.
         {"virtual_time"},
         downgraded(on_head("moved", to_http, std::nullopt)),
         never_from_https_to_http},
        {"http_redirects.get_https_to_http",
         {"XFER-REDIR-1", "HTTP-RED-03"},
         "A redirect of a GET from https to http is an error",
         {"virtual_time"},  // likewise
         downgraded(on_get("moved", to_http, std::nullopt)),
         never_from_https_to_http},
    };
}

std::vector<Case> dead_ends() {
    return joined({refused("no_location", "that leads nowhere", 302, ""),
                   refused("ftp", "to another scheme", 301, "ftp://example.test/a",
                           {"HTTP-RED-03", "CON-11"}),
                   refused("file", "to a file share", 307, "file://host/share/a", {"HTTP-RED-03"}),
                   refused("no_host", "without a host", 308, "http:///a")});
}

std::vector<Case> locations() {
    return joined({location("absolute", "may be a whole URL", "http://{host}/target"),
                   location("no_scheme", "may lack the scheme", "//{host}/target"),
                   location("dots", "may be relative", "../x/./../target")});
}

}  // namespace

std::vector<Case> http_redirects_cases() {
    return joined({followed(), later(), locations(), dead_ends(), limits()});
}

}  // namespace qmgr::conformance
