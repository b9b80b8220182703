// Names of files on both sides. The rig speaks of Unix paths; BITS wants Windows paths.
#pragma once

#include <string>

namespace qmgr::com_adapter {

/// One folder with two names: "/" is "Z:\" under Wine, "/mnt/c/" is "C:\" in the Windows Subsystem
/// for Linux. Both end in their separator.
struct SharedFolder {
    std::string unix_name = "/";
    std::string windows_name = "Z:\\";
};

/// "UNIX=WINDOWS", as it stands on the command line; missing separators at the ends are added.
/// Nothing but an empty name on either side is refused: then both are empty.
SharedFolder shared_folder(const std::string& text);

/// Windows name of a Unix path below the shared folder. A name that does not stand below it is
/// handed on as it is: it is for BITS to refuse.
std::string to_windows(const SharedFolder& shared, const std::string& unix_path);

/// The reverse.
std::string to_unix(const SharedFolder& shared, const std::string& windows_path);

}  // namespace qmgr::com_adapter
