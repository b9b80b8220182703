// `qmgr list`: what is in a queue, whoever has it open.
#pragma once

#include <string>

#include "reference/app/console.hpp"

namespace qmgr {

/// Says who has the queue of `folder` open and every group in it, with its files; passwords in URLs
/// are masked. Returns the status of the program: 0, also when there is no queue in the folder; 1
/// when it cannot be read. REQUIRES: the queue is not open in this process.
int list(const std::string& folder, Console& console);

}  // namespace qmgr
