#include "propertytests/crash_stories.hpp"

namespace qmgr::propertytests {
namespace {

namespace fs = fakeserver;

constexpr const char* kDate = "Wed, 04 Sep 2024 02:15:41 GMT";
constexpr const char* kLaterDate = "Thu, 05 Sep 2024 02:15:41 GMT";
// Half of a paced file; it takes 200 ms, so that a client that polls meets it half way.
constexpr std::uint32_t kPaced = 100'000;
constexpr std::uint32_t kHalf = kPaced / 2;

fs::Fault paced() {
    return {.effect = fs::Effect::Bandwidth, .bytes_per_second = std::uint64_t{5} * kPaced};
}

fs::FaultRule rule(const std::string& name, const std::string& path,
                   std::vector<fs::Fault> faults) {
    fs::FaultRule rule;
    rule.name = name;
    rule.match.method = "GET";
    rule.match.path = path;
    rule.faults = std::move(faults);
    return rule;
}

fs::FaultRule once(fs::FaultRule rule) {
    rule.times = 1;
    return rule;
}

/// /a and /b at once, /slow in a fifth of a second.
void plain(world::Options& options) {
    options.policy.retry_delay = Duration(100);
    options.policy.sync_interval = Duration(60);
    options.script.title = "crash points";
    options.script.why = "A site whose answers do not depend on how often they are asked for.";
    options.script.resources = {{"/a", 70'000, 1, kDate, {}},
                                {"/b", 30'001, 2, kDate, {}},
                                {"/slow", kPaced, 3, kDate, {}}};
    options.script.rules = {rule("pace", "/slow", {paced()})};
}

void first(world::Options& options, fs::FaultRule rule) {
    options.script.rules.insert(options.script.rules.begin(), std::move(rule));
}

void start(LastingClient& client, std::size_t slot, const LastingClient::Files& files) {
    client.create(slot);
    client.add(slot, files);
    client.listen(slot, NotifyFlag::group_done);
    client.resume(slot);
}

void end(LastingClient& client, std::size_t slot) {
    client.until_complete(slot);
    client.until_heard(slot);
}

// ---- downloads ----------------------------------------------------------------------------------

Story three_files() {
    return {"three-files-with-a-reset",
            [](world::Options& options) {
                plain(options);
                first(options,
                      once(rule("reset", "/slow",
                                {paced(), {.effect = fs::Effect::Reset, .at = {.byte = kHalf}}})));
            },
            [](LastingClient& client) {
                start(client, 0, {{"/a", "/d/a"}, {"/slow", "/d/slow"}, {"/b", "/d/b"}});
                end(client, 0);
            }};
}

Story small_pieces() {
    return {"pieces-by-range",
            [](world::Options& options) {
                plain(options);
                options.policy.slice_bytes = {10'000, 25'000};
            },
            [](LastingClient& client) {
                start(client, 0, {{"/a", "/d/a"}});
                end(client, 0);
            }};
}

Story over_an_old_file() {
    return {"an-old-file-replaced",
            [](world::Options& options) {
                plain(options);
                options.script.resources.push_back({"/empty", 0, 4, kDate, {}});
            },
            [](LastingClient& client) {
                client.world().disk().put("/d/b", {});
                start(client, 0, {{"/b", "/d/b"}, {"/empty", "/d/empty"}});
                end(client, 0);
            }};
}

Story added_while_running() {
    return {"files-added-while-running", plain, [](LastingClient& client) {
                start(client, 0, {{"/slow", "/d/slow"}});
                client.until_stored(0, kHalf);
                client.add(0, {{"/a", "/d/a"}, {"/b", "/d/b"}});
                client.resume(0);  // in case that it was complete before they were added
                end(client, 0);
            }};
}

Story redirected() {
    return {"redirected-half-way",
            [](world::Options& options) {
                plain(options);
                options.script.resources.push_back({"/old", 1, 9, kDate, {}});
                fs::FaultRule moved =
                    rule("moved", "/old",
                         {{.effect = fs::Effect::Redirect, .status = 302, .location = "/slow"}});
                moved.match.method.reset();
                first(options, std::move(moved));
            },
            [](LastingClient& client) {
                start(client, 0, {{"/old", "/d/slow"}});
                end(client, 0);
            }};
}

// ---- a client that intervenes -------------------------------------------------------------------

Story cancelled_half_way() {
    return {"cancelled-half-way", plain, [](LastingClient& client) {
                start(client, 0, {{"/a", "/d/a"}, {"/slow", "/d/slow"}, {"/b", "/d/b"}});
                client.until_stored(0, 70'000 + kHalf);
                client.cancel(0);
            }};
}

Story cancelled_and_again() {
    return {"cancelled-and-made-again", plain, [](LastingClient& client) {
                start(client, 0, {{"/slow", "/d/slow"}});
                client.until_stored(0, kHalf);
                client.cancel(0);
                start(client, 0, {{"/b", "/d/b"}});
                end(client, 0);
                client.cancel(0);
            }};
}

Story suspended_half_way() {
    return {"suspended-and-resumed", plain, [](LastingClient& client) {
                start(client, 0, {{"/slow", "/d/slow"}, {"/b", "/d/b"}});
                client.until_stored(0, kHalf);
                client.suspend(0);
                client.pass(Duration(100));
                client.resume(0);
                end(client, 0);
            }};
}

Story left_suspended() {
    return {"left-suspended-with-a-whole-file", plain, [](LastingClient& client) {
                client.create(0);
                client.add(0, {{"/a", "/d/a"}});
                client.listen(0, NotifyFlag::group_done);
                client.resume(0);
                end(client, 0);
                client.add(0, {{"/b", "/d/b"}});
            }};
}

Story foreground_half_way() {
    return {"switched-to-foreground", plain, [](LastingClient& client) {
                start(client, 0, {{"/slow", "/d/slow0"}});
                start(client, 1, {{"/slow", "/d/slow1"}});
                client.until_stored(0, kHalf);
                client.switch_to_foreground(1);
                end(client, 0);
                end(client, 1);
            }};
}

Story taking_turns() {
    return {"two-groups-taking-turns",
            [](world::Options& options) {
                plain(options);
                options.policy.time_slice = Duration(70);
            },
            [](LastingClient& client) {
                start(client, 0, {{"/slow", "/d/slow0"}});
                start(client, 1, {{"/slow", "/d/slow1"}, {"/a", "/d/a"}});
                end(client, 0);
                end(client, 1);
            }};
}

Story handed_over() {
    return {"handed-over-to-an-administrator", plain, [](LastingClient& client) {
                start(client, 0, {{"/slow", "/d/slow"}});
                client.until_stored(0, kHalf);
                client.hand_over(0);
                end(client, 0);
            }};
}

// ---- a server that changes ----------------------------------------------------------------------

fs::Fault new_version() {
    return {.effect = fs::Effect::ChangeContent,
            .seed = 5,
            .size = 60'000,
            .last_modified = kLaterDate};
}

Story changed_before_get() {
    return {"changed-between-head-and-get",
            [](world::Options& options) {
                plain(options);
                first(options, once(rule("change", "/a", {new_version()})));
            },
            [](LastingClient& client) {
                start(client, 0, {{"/b", "/d/b"}, {"/a", "/d/a"}});
                end(client, 0);
            }};
}

// Only half of the old version is ever given away.
Story changed_between_attempts() {
    return {"changed-between-attempts",
            [](world::Options& options) {
                plain(options);
                fs::FaultRule half =
                    rule("half", "/slow",
                         {paced(), {.effect = fs::Effect::Reset, .at = {.byte = kHalf}}});
                half.match.has_range = false;
                fs::FaultRule rest =
                    rule("rest", "/slow", {{.effect = fs::Effect::RespondStatus, .status = 503}});
                options.script.rules = {half, rest};
            },
            [](LastingClient& client) {
                start(client, 0, {{"/slow", "/d/slow"}});
                client.until_stored(0, 1);
                world::Options changed;
                plain(changed);
                changed.script.resources.back() = {"/slow", 60'000, 5, kLaterDate, {}};
                client.world().network().serve(changed.host, changed.script);
                end(client, 0);
            }};
}

Story missing_then_there() {
    return {"missing-then-resumed",
            [](world::Options& options) {
                plain(options);
                fs::FaultRule missing =
                    rule("missing", "/b", {{.effect = fs::Effect::RespondStatus, .status = 404}});
                missing.match.method.reset();
                first(options, std::move(missing));
            },
            [](LastingClient& client) {
                start(client, 0, {{"/a", "/d/a"}, {"/b", "/d/b"}});
                client.until_error(0, from_http_status(404));
                world::Options mended;
                plain(mended);
                client.world().network().serve(mended.host, mended.script);
                client.resume(0);
                end(client, 0);
            }};
}

// ---- a machine that changes ---------------------------------------------------------------------

Story notification_pending() {
    return {"notification-pending", plain, [](LastingClient& client) {
                client.answer_with(HResult::Failed);
                start(client, 0, {{"/b", "/d/b"}});
                client.until_complete(0);
                client.until_told(0);
                client.restart_service();
                client.listen(0, NotifyFlag::group_done);
                client.pass(Duration(40));
                client.answer_with(HResult::Ok);
                end(client, 0);
            }};
}

Story logged_off() {
    return {"logged-off-and-on", plain, [](LastingClient& client) {
                start(client, 0, {{"/slow", "/d/slow"}});
                client.until_stored(0, kHalf);
                client.world().surroundings(surroundings::LogOff{"u1"});
                client.pass(Duration(100));
                client.world().surroundings(surroundings::LogOn{"u1"});
                end(client, 0);
            }};
}

Story network_lost() {
    return {"network-lost-and-back", plain, [](LastingClient& client) {
                start(client, 0, {{"/slow", "/d/slow"}, {"/a", "/d/a"}});
                client.until_stored(0, kHalf);
                client.world().network().set_lost(true);
                client.world().surroundings(surroundings::NetworkLost{});
                client.pass(Duration(100));
                client.world().network().set_lost(false);
                client.world().surroundings(surroundings::NetworkBack{});
                end(client, 0);
            }};
}

Story disk_full() {
    return {"disk-full-and-back", plain, [](LastingClient& client) {
                start(client, 0, {{"/slow", "/d/slow"}});
                client.until_stored(0, kHalf);
                client.world().surroundings(surroundings::DiskFull{true});
                client.until_error(0, HResult::DiskFull);
                client.world().surroundings(surroundings::DiskFull{false});
                client.resume(0);
                end(client, 0);
            }};
}

Story journal_fails() {
    return {"journal-fails-and-recovers", plain, [](LastingClient& client) {
                start(client, 0, {{"/slow", "/d/slow"}, {"/b", "/d/b"}});
                client.until_stored(0, kHalf);
                client.world().surroundings(surroundings::JournalFails{true});
                client.world().run_for(Duration(150));
                client.world().surroundings(surroundings::JournalFails{false});
                client.suspend(0);
                client.resume(0);
                end(client, 0);
            }};
}

// The deeds of a service that recovers are points, too.
Story power_cut() {
    return {"power-cut-on-the-way", plain, [](LastingClient& client) {
                start(client, 0, {{"/a", "/d/a"}, {"/slow", "/d/slow"}});
                client.until_stored(0, 70'000 + kHalf);
                client.cut_power();
                client.until_stored(0, 70'000 + kHalf);
                client.restart_service();
                end(client, 0);
                client.cut_power();
                client.cancel(0);
            }};
}

}  // namespace

const std::vector<Story>& ready_stories() {
    static const std::vector<Story> all = {three_files(),
                                           small_pieces(),
                                           over_an_old_file(),
                                           added_while_running(),
                                           redirected(),
                                           cancelled_half_way(),
                                           cancelled_and_again(),
                                           suspended_half_way(),
                                           left_suspended(),
                                           foreground_half_way(),
                                           taking_turns(),
                                           handed_over(),
                                           changed_before_get(),
                                           changed_between_attempts(),
                                           missing_then_there(),
                                           notification_pending(),
                                           logged_off(),
                                           network_lost(),
                                           disk_full(),
                                           journal_fails(),
                                           power_cut()};
    return all;
}

}  // namespace qmgr::propertytests
