// The one JSON form of a Script: files for people (docs/server-scripts.md) and the server line of a
// trace. Reading is strict: an unknown key or an effect's parameter in the wrong place is an error.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "fakeserver/effect_table.hpp"
#include "fakeserver/script.hpp"

namespace qmgr::inline v0::fakeserver {

/// A script that cannot be read. what() is one line: "file.json: /rules/0/fault/effect: expected
/// …".
class InputError : public std::runtime_error {
  public:
    InputError(std::string where, std::string place, std::string expected);

    /// The `where` that the reader was given: a file name or another name for the text.
    const std::string& where() const { return where_; }
    /// Inside of it: a JSON pointer ("" is the whole), or "line 3, column 7" when it is not JSON.
    const std::string& place() const { return place_; }
    /// What should stand there, and what does.
    const std::string& expected() const { return expected_; }

  private:
    std::string where_;
    std::string place_;
    std::string expected_;
};

/// Reads a script. `where` names the text in errors. Throws InputError.
Script script_from_json_text(std::string_view text, std::string_view where);
Script script_from_json(const nlohmann::json& json, std::string_view where);

/// Reads the script in the file `path`; errors name it. Throws InputError, also when the file
/// cannot be read.
Script script_from_file(const std::string& path);

/// Throws InputError for a script that a server cannot play: a fault of the simulated network, or,
/// without TLS, one of certificates and handshakes.
void expect_playable(const Script& script, bool tls, std::string_view where);

/// The key of a parameter in a fault.
std::string_view parameter_name(Parameter parameter);
/// The words for such points: "end", and the keys that take a byte, "body_byte".
std::vector<std::string> point_words(const Points& points);

/// Writes what reading gives back as an equal Script, provided that the script keeps its promises
/// (unique names …) and that each fault sets only what its effect reads. Strings must be UTF-8.
/// The text is indented and ends with a line feed.
std::string to_json_text(const Script& script);
void to_json(nlohmann::json& json, const Script& script);

}  // namespace qmgr::inline v0::fakeserver
