// A process that dies at any moment goes on as if it had not: the same files in the end.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <string>

#include "propertytests/generators.hpp"

namespace qmgr::propertytests {
namespace {

using Files = std::map<std::string, std::uint64_t>;

Files files_of(AuditedWorld& world) {
    Files files;
    for (const std::string& path : world.world().disk().paths())
        files[path] = world.world().disk().find(path)->contents.size();
    return files;
}

// A group with the small, the middle and the large file, resumed.
void begin(AuditedWorld& world) {
    constexpr std::uint8_t good = 0;
    world.perform({Kind::CreateGroup, 0, 0, good, 0});
    world.perform({Kind::CreateJob, 0, 0, good, 0});
    for (const SiteFile file : {SiteFile::Small, SiteFile::Middle, SiteFile::Large})
        world.perform({Kind::AddFiles, 0, 0, good, static_cast<std::uint32_t>(file)});
    world.perform({Kind::ResumeGroup, 0, 0, good, 0});
}

Files ending(const std::vector<Kind>& deaths, const std::vector<std::uint8_t>& events_before) {
    AuditedWorld world(Plan{});
    begin(world);
    for (std::size_t i = 0; i < deaths.size(); ++i) {
        for (std::size_t event = 0; event < events_before[i] % 40U; ++event)
            world.perform({Kind::NextEvent, 0, 0, 0, 0});
        world.perform({deaths[i], 0, 0, 0, 0});
    }
    world.end();
    assert_clean(world);
    return files_of(world);
}

RC_GTEST_PROP(Restart, AtAnyMomentsLeadsToTheSameFiles,
              (const std::vector<std::uint8_t>& events_before)) {
    const auto deaths = *rc::gen::container<std::vector<Kind>>(
        events_before.size(), rc::gen::element(Kind::Restart, Kind::Crash));
    const Files undisturbed = ending({}, {});
    RC_ASSERT(undisturbed.size() == 3U);
    RC_ASSERT(ending(deaths, events_before) == undisturbed);
}

}  // namespace
}  // namespace qmgr::propertytests
