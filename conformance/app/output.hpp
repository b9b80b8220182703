// Where the verbs put what they have to say: standard output, files and folders.
#pragma once

#include <string>

namespace qmgr::inline v0::conformance {

/// Prints. What cannot be written ends nothing: reports are still to be made. all_was_said() tells.
void say(const std::string& text);
/// True when everything that was said has been written; main asks it last.
bool all_was_said();

/// Throws InputError that begins with `where` if no file can be written there. A file that is there
/// stays as it is, and none is left behind.
void demand_file(const std::string& path, const std::string& where);
/// Makes the folder. Throws InputError that begins with `where` if it cannot be written to.
void demand_folder(const std::string& path, const std::string& where);

/// Makes the folder, too. Throws InputError.
void write_file(const std::string& path, const std::string& text);

}  // namespace qmgr::inline v0::conformance
