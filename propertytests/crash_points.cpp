#include "propertytests/crash_points.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace qmgr::propertytests {
namespace {

using world::Deed;
using world::Fate;

constexpr const char* kDate = "Wed, 04 Sep 2024 02:15:41 GMT";

std::string_view name(Fate fate) {
    switch (fate) {
        case Fate::Done:
            return "done";
        case Fate::Fails:
            return "failing";
        case Fate::OnlyClaimed:
            return "only claimed";
        case Fate::EndsBefore:
            return "an end before";
        case Fate::EndsWithin:
            return "an end within";
        case Fate::EndsAfter:
            return "an end after";
    }
    return "";
}

std::string to_text(const Intervention& intervention, Deed deed) {
    return fmt::format("{} {} {}{}",
                       intervention.power_fails ? "power:" : "process:", name(intervention.fate),
                       fmt::format("deed {} ({})", intervention.at, world::name(deed)),
                       intervention.lasting ? " and all of its kind" : "");
}

// Which content it is, by the seeds the stories use.
std::string to_text(const world::DiskFile& file) {
    std::string version = "of no version";
    for (std::uint64_t seed = 9; seed > 0; --seed)
        if (file.contents.is_content(seed)) version = fmt::format("version {}", seed);
    return fmt::format("{}, {} bytes, {}", version, file.contents.size(),
                       file.last_modified.value_or("no date"));
}

/// Counts deeds and decides what becomes of each.
struct Course {
    const Intervention* intervention = nullptr;
    std::function<Fate(Deed)> otherwise;
    std::vector<Deed> deeds{};
    bool healed = false;

    Fate judge(Deed deed) {
        const std::size_t number = deeds.size();
        deeds.push_back(deed);
        if (intervention != nullptr && number >= intervention->at && !healed) {
            const bool now = number == intervention->at;
            const bool still = intervention->lasting && deed == deeds[intervention->at];
            if (now || still) return intervention->fate;
        }
        return otherwise ? otherwise(deed) : Fate::Done;
    }
};

Ending ending_of(LastingClient& client) {
    Ending ending;
    client.settle();
    world::World& world = client.world();
    for (const std::string& path : world.disk().paths())
        ending.files[path] = to_text(*world.disk().find(path));
    for (std::size_t slot = 0; slot < LastingClient::kSlots; ++slot)
        ending.groups.push_back(client.look_at(slot));
    ending.heard = client.heard();
    client.cancel_all();
    client.restart_service();  // what could not be removed is removed at the next start
    for (const std::string& path : world.disk().paths())
        if (path.find("/BIT") != std::string::npos) ending.left_over.insert(path);
    const Records records = world.journal().records();
    if (!records.groups.empty()) ending.left_over.insert("a group in the journal");
    if (!records.files.empty()) ending.left_over.insert("a file in the journal");
    return ending;
}

}  // namespace

std::string to_text(const Ending& ending) {
    std::vector<std::string> parts;
    for (const auto& [path, file] : ending.files) parts.push_back(path + " is " + file);
    for (const std::string& group : ending.groups) parts.push_back("group " + group);
    for (const auto& [heard, times] : ending.heard)
        parts.push_back(fmt::format("heard {}x {}", times, to_text(heard)));
    for (const std::string& what : ending.left_over) parts.push_back("left over: " + what);
    return fmt::format("{}", fmt::join(parts, "; "));
}

std::string to_text(const Sweep& sweep) {
    return fmt::format("{}: {} points, {} runs, {} violations", sweep.story, sweep.points,
                       sweep.runs, sweep.violations.size());
}

Telling tell(const Story& story, const Intervention* intervention, const Mistake& mistake) {
    const auto course = std::make_shared<Course>();
    course->intervention = intervention;
    course->otherwise = mistake.fate;
    world::Options options;
    story.machine(options);
    const world::Variation variation = mistake.variation ? mistake.variation() : world::Variation{};
    if (variation.rules) options.rules = variation.rules.get();
    if (variation.policy) variation.policy(options.policy);
    options.ports = variation.ports;
    options.event = variation.event;
    options.fate = [course](Deed deed) { return course->judge(deed); };
    options.power_fails = intervention != nullptr && intervention->power_fails;
    world::World world(options);
    world.disk().make_directory(std::string(kDownloads));
    LastingClient client(world, [course] { course->healed = true; });
    story.tell(client);
    Telling telling;
    telling.deeds = course->deeds;  // of the story; those of the last look are no part of it
    telling.ending = ending_of(client);
    telling.complaints = client.complaints();
    telling.ends = world.ends();
    return telling;
}

namespace {

// An end may make an event be told once more (NOTIFY-9), and nothing else different.
std::string compare_after_an_end(const Ending& expected, const Telling& actual) {
    Ending same = actual.ending;
    for (const auto& [heard, times] : expected.heard) {
        const auto found = same.heard.find(heard);
        if (found != same.heard.end() && found->second >= times &&
            found->second <= times + actual.ends)
            found->second = times;
    }
    if (same == expected) return "";
    return fmt::format("expected {}; actual {}", to_text(expected), to_text(actual.ending));
}

// A failure may be told of, what the story tells of has to be told. A part that could not be
// removed goes with the next start, which Ending::left_over comes after.
std::string compare_after_a_failure(const Ending& expected, const Telling& actual) {
    Ending same = actual.ending;
    std::erase_if(same.files,
                  [](const auto& file) { return file.first.find("/BIT") != std::string::npos; });
    for (const auto& [heard, times] : actual.ending.heard)
        if (heard.error && !expected.heard.contains(heard)) same.heard.erase(heard);
    for (const auto& [heard, times] : expected.heard) {
        const auto found = same.heard.find(heard);
        if (found != same.heard.end() && found->second >= times) found->second = times;
    }
    if (same == expected) return "";
    return fmt::format("expected {}; actual {}", to_text(expected), to_text(actual.ending));
}

/// Goes through what can be done to a story.
class Sweeper {
  public:
    using Compare = std::string (*)(const Ending&, const Telling&);

    Sweeper(const Story& story, Thinning thinning, const Mistake& mistake, Compare compare)
        : story_(story),
          thinning_(thinning),
          mistake_(mistake),
          compare_(compare),
          calm_(tell(story, nullptr, mistake)) {
        sweep_.story = story.name;
        sweep_.points = calm_.deeds.size();
        for (const std::string& complaint : calm_.complaints)
            sweep_.violations.push_back("undisturbed: " + complaint);
        if (!calm_.ending.left_over.empty())
            sweep_.violations.push_back("undisturbed: " + to_text(calm_.ending));
    }

    const std::vector<Deed>& deeds() const { return calm_.deeds; }

    void attempt(const Intervention& intervention) {
        const Deed deed = calm_.deeds[intervention.at];
        const bool first = kinds_
                               .insert({deed, static_cast<int>(intervention.fate) * 4 +
                                                  (intervention.lasting ? 2 : 0) +
                                                  (intervention.power_fails ? 1 : 0)})
                               .second;
        if (counter_++ % thinning_.keep_each != 0 && !first) return;
        ++sweep_.runs;
        const Telling telling = tell(story_, &intervention, mistake_);
        std::vector<std::string> wrong = telling.complaints;
        if (std::string what = compare_(calm_.ending, telling); !what.empty())
            wrong.push_back(std::move(what));
        if (!wrong.empty())
            sweep_.violations.push_back(
                fmt::format("{}: {}", to_text(intervention, deed), fmt::join(wrong, "; ")));
    }

    Sweep take() { return std::move(sweep_); }

  private:
    const Story& story_;
    Thinning thinning_;
    const Mistake& mistake_;
    Compare compare_;
    Telling calm_;
    Sweep sweep_;
    std::set<std::pair<Deed, int>> kinds_;
    std::size_t counter_ = 0;
};

}  // namespace

Sweep crash_everywhere(const Story& story, Thinning thinning, const Mistake& mistake) {
    Sweeper sweeper(story, thinning, mistake, compare_after_an_end);
    for (std::size_t at = 0; at < sweeper.deeds().size(); ++at)
        for (const bool power_fails : {false, true}) {
            sweeper.attempt({at, Fate::EndsBefore, false, power_fails});
            if (is_divisible(sweeper.deeds()[at]))
                sweeper.attempt({at, Fate::EndsWithin, false, power_fails});
            sweeper.attempt({at, Fate::EndsAfter, false, power_fails});
        }
    return sweeper.take();
}

Sweep fail_everywhere(const Story& story, Thinning thinning, const Mistake& mistake) {
    Sweeper sweeper(story, thinning, mistake, compare_after_a_failure);
    for (std::size_t at = 0; at < sweeper.deeds().size(); ++at)
        for (const bool lasting : {false, true})
            if (can_fail(sweeper.deeds()[at])) sweeper.attempt({at, Fate::Fails, lasting, false});
    return sweeper.take();
}

// ---- the server's answer ------------------------------------------------------------------------

namespace {

namespace fs = fakeserver;

/// A download whose n-th answer is cut; `fired` tells whether it has as many bytes.
Story cut_story(const std::string& method, fs::Fault fault, bool& fired) {
    return {"one-answer-cut",
            [method, fault](world::Options& options) {
                options.policy.retry_delay = Duration(100);
                options.policy.stall_timeout = Duration(200);
                options.script.resources = {{"/a", 41, 1, kDate, {}}};
                fs::FaultRule rule;
                rule.name = "cut";
                rule.match.method = method;
                rule.faults = {fault};
                rule.times = 1;
                options.script.rules = {rule};
            },
            [&fired](LastingClient& client) {
                client.create(0);
                client.add(0, {{"/a", "/d/a"}});
                client.listen(0, NotifyFlag::group_done);
                client.resume(0);
                client.until_complete(0);
                client.until_heard(0);
                fired = client.world().network().responder().hits().front().hits > 0;
            }};
}

}  // namespace

Sweep cut_everywhere(Thinning thinning, const Mistake& mistake) {
    Sweep sweep;
    sweep.story = "one-answer-cut";
    // A rule that is never due: the undisturbed telling.
    bool fired = false;
    const Ending expected = tell(cut_story("PUT", {.effect = fs::Effect::Close}, fired)).ending;
    std::size_t counter = 0;
    for (const std::string method : {"HEAD", "GET"})
        for (const fs::Where where : {fs::Where::Head, fs::Where::Body})
            for (const fs::Effect effect :
                 {fs::Effect::Close, fs::Effect::Reset, fs::Effect::HalfClose, fs::Effect::Stall}) {
                fired = true;
                for (std::uint64_t byte = 0; fired; ++byte) {
                    ++sweep.points;
                    if (counter++ % thinning.keep_each != 0 && byte != 0) continue;
                    const Telling telling =
                        tell(cut_story(method, {.effect = effect, .at = {where, byte}}, fired),
                             nullptr, mistake);
                    ++sweep.runs;
                    if (!(telling.ending == expected) || !telling.complaints.empty())
                        sweep.violations.push_back(
                            fmt::format("{} cut at byte {}: expected {}; actual {}; {}", method,
                                        byte, to_text(expected), to_text(telling.ending),
                                        fmt::join(telling.complaints, "; ")));
                }
            }
    return sweep;
}

}  // namespace qmgr::propertytests
