// What cases about notifications do, beside verbs.hpp.
#pragma once

#include <string>
#include <vector>

#include "conformance/cases/verbs.hpp"

namespace qmgr::conformance {

/// SetProp of GROUPPROP_NOTIFYCLSID and GROUPPROP_NOTIFYFLAGS, which answer S_OK.
void set_notify_class(Rig& rig, GroupHandle group, ClassId class_id,
                      const Caller& caller = Rig::user());
void set_notify_flags(Rig& rig, GroupHandle group, std::uint32_t flags);

/// Waits until so many deliveries have come, and gives them; says so if there are more.
std::vector<Notification> expect_deliveries(Rig& rig, const std::string& clause, std::size_t count);
/// Looks for a while (kWhile) and says so if anything is delivered. `why` ends the sentence.
void expect_silence(Rig& rig, const std::string& clause, const std::string& why);

}  // namespace qmgr::conformance
