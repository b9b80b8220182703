// The BITS service of this machine, seen from outside, and jobs that were left in it. Texts are
// UTF-8, job GUIDs have no braces and are in lower case. Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "conformance/adapters/com/deadline.hpp"

namespace qmgr::com_adapter {

/// True when this process may stop and start the service; false also where there is none.
bool may_restart_bits();
/// Stops the service and waits until it has stopped; the next use starts it. False when it still
/// runs at the deadline, or cannot be asked: there is none, or this process may not stop it.
/// One that was told to stop may do so later.
bool stop_bits(const Deadline& deadline);
/// The version of the service, as its file qmgr.dll has it ("7.8.19041.1"); under Wine that of
/// Wine, beside it ("7.8.19041.1 (Wine 8.0)") or, where the file has none, as in 8.0, alone
/// ("Wine 8.0"). "unknown" where neither says one.
std::string bits_version();

// The ledger: a file for each job, outside of any state folder, so that jobs of a run that was
// killed are found. Where it cannot be written or read, such jobs stay in the service; nobody is
// told, because no call of the protocol is about them.

/// Remembers that this BITS job belongs to that state folder, a full path of this system.
void note_job(const std::string& bits_id, const std::string& state_folder);
/// Jobs whose state folder is no longer there: nobody will ask for them again. In no order.
std::vector<std::string> abandoned_jobs();
/// Takes one out of the ledger.
void forget_job(const std::string& bits_id);

}  // namespace qmgr::com_adapter
