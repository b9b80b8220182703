// The end of a program by a signal, told to whoever waits in a rig, so that what the rig has made
// (a process, a folder) is gone before the program is.
#pragma once

#include <chrono>

namespace qmgr::inline v0::conformance {

/// What every wait of a rig throws once the program was told to end. It is no std::exception: it is
/// nobody's failure.
struct Interrupted {
    int signal = 0;
};

/// From now on SIGINT, SIGTERM and SIGHUP end the waits below and not the program. The second of
/// one kind ends the program as ever.
void heed_signals();

/// The signal that came; 0: none.
int heeded_signal();

/// Waits until `events` of poll(2) are true of a file, or `limit` is over: then false. A file of -1
/// has no events. Throws Interrupted when a heeded signal came, before or meanwhile.
bool wait_for(int file, short events, std::chrono::milliseconds limit);

}  // namespace qmgr::inline v0::conformance
