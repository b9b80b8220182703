// Redirects: which are followed, how many, and where to.
#include "conformance/cases/cases.hpp"
#include "conformance/cases/wire_verbs.hpp"

namespace qmgr::conformance {
namespace {

using fakeserver::FaultRule;

const fakeserver::Resource kTarget = resource("/target", 4'000);

bool any_of_path(Rig& rig, const std::string& path) {
    return count_of(rig, "HEAD", path) + count_of(rig, "GET", path) > 0;
}

void each_status_is_followed(Rig& rig) {
    unsigned number = 0;
    for (const int status : {301, 302, 303, 307, 308}) {
        const std::string name = std::to_string(status);
        const Download download = start(rig, {{"/" + name, name}}, ++number);
        expect_complete(rig, "XFER-REDIR-1", download.group);
        expect_file(rig, "XFER-REDIR-1", name, kTarget);
        const std::uint64_t heads = count_of(rig, "HEAD", "/target");
        rig.expect("XFER-REDIR-1", "HEADs of the target after " + name, heads,
                   {std::uint64_t{number}});
    }
    rig.expect_true("XFER-REDIR-1", "a GET goes to the target", any_of_path(rig, "/target"));
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
}

void it_is_not_followed(Rig& rig, int status) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_failure(rig, "XFER-REDIR-1", download, 0x80190000U + static_cast<std::uint32_t>(status));
    rig.expect("JOB1-STATUS-4-b", "the transport result",
               job_status(rig, download.job).transport_result,
               {static_cast<std::uint32_t>(status)});
    rig.expect<std::uint64_t>("XFER-REDIR-1", "requests", rig.requests().size(), {1U});
}

void ten_are_followed(Rig& rig) {
    const Download download = start(rig, {{"/r0", "a"}});
    expect_complete(rig, "XFER-REDIR-1", download.group);
    expect_file(rig, "XFER-REDIR-1", "a", resource("/r10", 4'000));
    rig.expect("XFER-REDIR-1", "HEADs: the first and ten more", requests_of(rig, "HEAD").size(),
               {std::size_t{11}});
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

void later_requests(Rig& rig, bool restart) {
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
    if (!rig.expect_true("XFER-REDIR-1", "there was a second GET", gets.size() >= 2)) return;
    rig.expect("XFER-REDIR-1", "it goes to", gets[1].request.path,
               {std::string("/target"), std::string("/a")});
}

void another_host_is_followed(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    rig.eventually("XFER-REDIR-1", "the redirect is seen", [&] { return !rig.requests().empty(); });
    rig.let_pass(kWhile);
    expect_status(rig, "XFER-REDIR-1", "nobody is there, and that is transient", download.group,
                  {kRunning});
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

Case location(const std::string& id, const std::string& title, const std::string& location) {
    return {
        "http_redirects." + id,
        {"XFER-REDIR-1"},
        title,
        {},
        serving({kTarget}, {on_request("HEAD", "/dir/a", "moved", {redirect(302, location)}, 1)}),
        it_leads_to_the_target};
}

Case refused(const std::string& id, const std::string& title, int status,
             const std::string& where) {
    const fakeserver::Fault answer =
        where.empty() ? respond(status) : respond(status, {{"Location", where}});
    return {"http_redirects." + id,
            {"XFER-REDIR-1", "OBS-065"},
            title,
            {},
            serving({resource(), kTarget}, {on_head("moved", answer, std::nullopt)}),
            [status](Rig& rig) { it_is_not_followed(rig, status); }};
}

std::vector<Case> followed() {
    std::vector<FaultRule> each;
    for (const int status : {301, 302, 303, 307, 308})
        each.push_back(on_request("HEAD", "/" + std::to_string(status), std::to_string(status),
                                  {redirect(status, "/target")}, std::nullopt));
    const auto moved = on_head("moved", redirect(302, "/target"), 1);
    const auto half =
        on_request("GET", "/target", "stall", {fault(fakeserver::Effect::Stall, 1'000)}, 1);
    return {
        {"http_redirects.statuses",
         {"XFER-REDIR-1"},
         "301, 302, 303, 307 and 308 are followed",
         {},
         serving({kTarget}, each),
         each_status_is_followed},
        location("absolute", "A redirect may be a whole URL", "http://{host}/target"),
        location("no_scheme", "A redirect may lack the scheme", "//{host}/target"),
        location("dots", "A redirect may be relative", "../x/./../target"),
        {"http_redirects.query",
         {"XFER-REDIR-1"},
         "A redirect may be a query only",
         {},
         serving({resource("/a?x=1", 4'000)}, {on_head("moved", redirect(307, "?x=1"), 1)}),
         it_leads_to_the_query},
        {"http_redirects.get",
         {"XFER-REDIR-1"},
         "A redirect of a GET is followed, too",
         {},
         serving({resource("/a", 4'000), kTarget},
                 {on_get("moved", redirect(302, "/target"), std::nullopt)}),
         a_get_is_redirected},
        {"http_redirects.later",
         {"XFER-REDIR-1", "OPEN-24"},
         "Later requests go to the last target or to the first URL",
         {},
         serving({kTarget}, {moved, half}),
         [](Rig& rig) { later_requests(rig, false); }},
        {"http_redirects.later_restart",
         {"XFER-REDIR-1"},
         "Later requests go to the last target or to the first URL also after a restart",
         {"restart"},
         serving({kTarget}, {moved, half}),
         [](Rig& rig) { later_requests(rig, true); }},
        {"http_redirects.other_host",
         {"XFER-REDIR-1"},
         "A redirect to another host is followed",
         {},
         // Nobody listens at port 1.
         with_delay(
             serving({resource()}, {on_head("moved", redirect(302, "http://127.0.0.1:1/a"), 1)}),
             kNever),
         another_host_is_followed},
    };
}

std::vector<Case> limits() {
    return {
        {"http_redirects.ten",
         {"XFER-REDIR-1", "OPEN-24"},
         "Ten redirects in a row are followed",
         {},
         chain(10, 10),
         ten_are_followed},
        {"http_redirects.eleven",
         {"XFER-REDIR-1", "OPEN-24", "CON-11"},
         "Eleven redirects in a row are an error",
         {},
         chain(11, 11),
         eleven_are_too_many},
        {"http_redirects.each_request",
         {"XFER-REDIR-1"},
         "The redirects of HEAD and GET are counted apart",
         {},
         chain(12, 6),
         each_request_has_its_ten},
        refused("no_location", "A redirect that leads nowhere is an error", 302, ""),
        also(
            refused("ftp", "A redirect to another scheme is an error", 301, "ftp://example.test/a"),
            {"HTTP-RED-03", "CON-11"}),
        also(refused("file", "A redirect to a file share is an error", 307, "file://host/share/a"),
             {"HTTP-RED-03"}),
        refused("no_host", "A redirect without a host is an error", 308, "http:///a"),
        {"http_redirects.https_to_http",
         {"XFER-REDIR-1", "HTTP-RED-03"},
         "A redirect from https to http is an error",
         // The server of a rig in real time has no certificate that anybody trusts.
         {"virtual_time"},
         serving({resource(), kTarget},
                 {on_head("moved", redirect(302, "http://{host}/target"), std::nullopt)}),
         never_from_https_to_http},
    };
}

}  // namespace

std::vector<Case> http_redirects_cases() { return joined({followed(), limits()}); }

}  // namespace qmgr::conformance
