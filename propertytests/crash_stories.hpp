// Ready stories: what a client does with one or two groups, on which machine, up to an ending that
// does not depend on when things happen. So it must be the same when the service ends on the way.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "propertytests/lasting_client.hpp"

namespace qmgr::propertytests {

struct Story {
    std::string name;                              ///< "three-files-with-a-reset"
    std::function<void(world::Options&)> machine;  ///< policy and the server's script
    std::function<void(LastingClient&)> tell;
};

/// Every name once.
const std::vector<Story>& ready_stories();

/// Where the stories' files go; the directory exists when a story begins.
inline constexpr std::string_view kDownloads = "/d";

}  // namespace qmgr::propertytests
