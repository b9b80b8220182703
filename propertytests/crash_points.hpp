// Every crash point of a story: it is told once undisturbed, its deeds are counted, and then it is
// told again for each of them, with an end of the machine before it, within it or after it, with
// that deed failing, and with everything of its kind failing from there on. However it went, the
// ending has to be the same.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "conformance/world/simulated_rig.hpp"
#include "propertytests/crash_stories.hpp"

namespace qmgr::propertytests {

/// What a story came to: everything a client, a server's owner and whoever looks into the directory
/// may expect to be the same, and nothing that may depend on time.
struct Ending {
    std::map<std::string, std::string> files;  ///< path: which version, how many bytes, what date
    std::vector<std::string> groups;           ///< LastingClient::look_at
    std::map<Heard, std::size_t> heard;        ///< events answered S_OK, and how often each
    std::set<std::string> left_over;           ///< after everything was cancelled; should be empty
    bool operator==(const Ending&) const = default;
};
std::string to_text(const Ending& ending);

/// One thing that is done to a story.
struct Intervention {
    std::size_t at = 0;  ///< number of the deed, from 0
    world::Fate fate = world::Fate::Done;
    bool lasting = false;  ///< the same for all later deeds of its kind, until the client's heal
    bool power_fails = false;  ///< World::Options::power_fails
};

/// A machine that is wrong in one place, to show that what looks for mistakes finds them. Empty:
/// nothing is wrong.
struct Mistake {
    /// Made anew for each telling: what a mistake remembers, it remembers of one machine.
    std::function<world::Variation()> variation;
    /// Of the deeds that no intervention is for.
    std::function<world::Fate(world::Deed)> fate;
};

struct Telling {
    Ending ending;
    std::vector<std::string> complaints;  ///< of the client
    std::vector<world::Deed> deeds;       ///< in order
    std::uint64_t ends = 0;               ///< how often the machine ended
};
Telling tell(const Story& story, const Intervention* intervention = nullptr,
             const Mistake& mistake = {});

/// What was tried of a story, and what was wrong.
struct Sweep {
    std::string story;
    std::size_t points = 0;  ///< deeds of the undisturbed telling
    std::size_t runs = 0;
    std::vector<std::string> violations;  ///< one line each: what was done, expected, actual
};
/// "NAME: N points, N runs, N violations".
std::string to_text(const Sweep& sweep);

/// Of all that could be tried: each k-th, and the first of each kind (of deed and of what is done
/// to it). 1: all.
struct Thinning {
    std::size_t keep_each = 1;
};

/// The process dies, and power fails, before, within and after each deed.
Sweep crash_everywhere(const Story& story, Thinning thinning = {}, const Mistake& mistake = {});
/// Each deed fails once, and from there on until the client asks for help.
Sweep fail_everywhere(const Story& story, Thinning thinning = {}, const Mistake& mistake = {});
/// The server's answers, each cut at each byte of its head and its body, by a close, a reset and a
/// silence. The story is that of a download of one file of 41 bytes.
Sweep cut_everywhere(Thinning thinning = {}, const Mistake& mistake = {});

}  // namespace qmgr::propertytests
