// The BITS service of this machine, seen from outside, and jobs that were left in it.
#pragma once

#include <string>
#include <vector>

namespace qmgr::com_adapter {

/// True when this process may stop and start the service.
bool may_restart_bits();
/// Stops the service and waits until it has stopped; the next use starts it. False when it still
/// runs after that time.
bool stop_bits(unsigned limit_ms);

/// Remembers, outside of any state folder, that this BITS job belongs to that state folder.
void note_job(const std::string& bits_id, const std::string& state_folder);
/// Jobs whose state folder is no longer there: nobody will ask for them again. They are forgotten.
std::vector<std::string> abandoned_jobs();

}  // namespace qmgr::com_adapter
