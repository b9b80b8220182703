// From text to a JSON value: what is no JSON, or JSON that no script is.
#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "fakeserver/script_json.hpp"
#include "fakeserver/shortened.hpp"

namespace qmgr::inline v0::fakeserver {
namespace {

using nlohmann::json;

/// Line and column, counted from 1, of the byte number `byte`, counted from 1.
std::string line_and_column(std::string_view text, std::size_t byte) {
    const std::string_view before = text.substr(0, byte == 0 ? 0 : byte - 1);
    const auto line = 1 + std::ranges::count(before, '\n');
    const std::size_t last_end = before.rfind('\n');
    const std::size_t column =
        1 + before.size() - (last_end == std::string_view::npos ? 0 : last_end + 1);
    return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

/// The library's message without its own name and place.
std::string json_message(std::string_view what) {
    for (const std::string_view mark : {"syntax error", "number overflow"}) {
        if (const std::size_t start = what.find(mark); start != what.npos) {
            what.remove_prefix(start);
            break;
        }
    }
    return "expected JSON; " + std::string(what);
}

/// Refuses, while a text is parsed, what no script has: values nested so deep that whoever walks
/// them would use up the stack, and keys that stand twice, of which one would be lost.
class ParseGuard {
  public:
    explicit ParseGuard(std::string_view where) : where_(where) {}

    void take(int depth, json::parse_event_t event, const json& parsed) {
        using Event = json::parse_event_t;
        if ((event == Event::object_start || event == Event::array_start) && depth >= kDeepest) {
            throw InputError(
                where_, "", "expected values nested at most " + std::to_string(kDeepest) + " deep");
        }
        if (event == Event::object_start) {
            keys_.emplace_back();
        } else if (event == Event::object_end) {
            keys_.pop_back();
        } else if (event == Event::key && !keys_.back().insert(parsed.get<std::string>()).second) {
            throw InputError(where_, "",
                             "expected each key once in an object, found " +
                                 shortened(parsed.dump()) + " twice");
        }
    }

  private:
    static constexpr int kDeepest = 100;

    const std::string where_;
    std::vector<std::set<std::string>> keys_;  // of the objects that are open
};

}  // namespace

std::string in_one_line(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string line;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte != 0x7F)
            line += c;
        else
            line.append("\\x").append({digits[byte >> 4U], digits[byte & 0xFU]});
    }
    return line;
}

std::string shortened(const std::string& text) {
    constexpr std::size_t kLongest = 60;
    return text.size() <= kLongest ? text : text.substr(0, kLongest) + "…";
}

Script script_from_json_text(std::string_view text, std::string_view where) {
    json document;
    ParseGuard guard(where);
    try {
        document =
            json::parse(text, [&guard](int depth, json::parse_event_t event, const json& parsed) {
                guard.take(depth, event, parsed);
                return true;
            });
    } catch (const json::parse_error& error) {
        throw InputError(std::string(where), line_and_column(text, error.byte),
                         json_message(error.what()));
    } catch (const json::exception& error) {
        throw InputError(std::string(where), "", shortened(json_message(error.what())));
    }
    return script_from_json(document, where);
}

Script script_from_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    // Fails for an empty file, too, and for one that opens and cannot be read, as a folder does.
    if (!file || !(text << file.rdbuf())) {
        throw InputError(path, "", "expected a file that can be read and is not empty");
    }
    return script_from_json_text(text.str(), path);
}

}  // namespace qmgr::inline v0::fakeserver
