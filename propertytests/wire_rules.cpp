#include "propertytests/wire_rules.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace qmgr::propertytests {
namespace {

using fakeserver::Request;

std::optional<std::string_view> field(const Request& request, std::string_view name) {
    return fakeserver::find_header(request.headers, name);
}

struct Bytes {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
};

// "bytes=a-b" with a <= b; nothing for every other text.
std::optional<Bytes> closed_range(std::string_view text) {
    constexpr std::string_view kUnit = "bytes=";
    if (!text.starts_with(kUnit)) return std::nullopt;
    text.remove_prefix(kUnit.size());
    Bytes bytes;
    const auto first = std::from_chars(text.data(), text.data() + text.size(), bytes.first);
    if (first.ec != std::errc() || first.ptr == text.data() + text.size() || *first.ptr != '-')
        return std::nullopt;
    const auto last = std::from_chars(first.ptr + 1, text.data() + text.size(), bytes.last);
    const bool good = last.ec == std::errc() && last.ptr == text.data() + text.size();
    return good && bytes.first <= bytes.last ? std::optional(bytes) : std::nullopt;
}

std::uint64_t first_byte(const Request& request) {
    const auto range = field(request, "range");
    const auto bytes = range ? closed_range(*range) : std::nullopt;
    return bytes ? bytes->first : 0;
}

bool meets(const fakeserver::Match& match, const std::string& path) {
    return (!match.path || *match.path == path) &&
           (!match.path_prefix || path.starts_with(*match.path_prefix));
}

}  // namespace

void WireRules::serves(const fakeserver::Script& script) {
    for (const fakeserver::Resource& resource : script.resources) {
        const auto [place, is_new] = resources_.try_emplace(resource.path);
        Known& one = place->second;
        one.honest = one.honest &&
                     (is_new || (one.size == resource.size && one.date == resource.last_modified));
        one.size = resource.size;
        one.date = resource.last_modified;
        if (one.date) dates_.insert(*one.date);
        for (const fakeserver::FaultRule& rule : script.rules)
            if (meets(rule.match, resource.path)) one.honest = false;
    }
    for (const fakeserver::FaultRule& rule : script.rules)
        for (const fakeserver::Fault& fault : rule.faults)
            if (fault.last_modified) dates_.insert(*fault.last_modified);
}

void WireRules::restarted() {
    for (auto& [file, past] : past_) past.sure = past.whole = false;
}

void WireRules::lost_sight() {
    for (auto& [file, past] : past_) past.known = false;
}

const WireRules::Known* WireRules::known(const std::string& path) const {
    const auto found = resources_.find(path);
    return found == resources_.end() || !found->second.honest ? nullptr : &found->second;
}

void WireRules::found(const char* invariant, const char* clause, std::string what) {
    found_.push_back({invariant, clause, std::move(what)});
}

std::vector<Violation> WireRules::judge(const world::SeenRequest& seen) {
    found_.clear();
    judge_fields(seen.request);
    if (seen.request.method == "HEAD")
        judge_head(seen);
    else if (seen.request.method == "GET")
        judge_get(seen);
    else
        found("requests-are-as-documented", "HTTP-02", "the server saw " + seen.request.method);
    past_.try_emplace(seen.file);
    return std::exchange(found_, {});
}

void WireRules::judge_fields(const Request& request) {
    struct Required {
        std::string_view name;
        std::string_view value;
    };
    const auto required = std::to_array<Required>({{"accept", "*/*"},
                                                   {"accept-encoding", "identity"},
                                                   {"connection", "Keep-Alive"},
                                                   {"user-agent", agent_}});
    for (const Required& one : required) {
        const auto value = field(request, one.name);
        if (!value || *value != one.value)
            found("requests-are-as-documented", "XFER-GET-3-a",
                  request.method + " has " + std::string(one.name) + " \"" +
                      std::string(value.value_or("")) + "\"; expected " + std::string(one.value));
    }
    constexpr auto kNever = std::to_array<std::pair<std::string_view, const char*>>(
        {{"accept-language", "XFER-GET-3-a"},
         {"referer", "XFER-GET-3-a"},
         {"if-match", "XFER-GET-2"},
         {"if-none-match", "XFER-GET-2"},
         {"if-range", "XFER-GET-2"},
         {"if-modified-since", "XFER-GET-2"},
         {"authorization", "AUTH-04"},
         {"cookie", "OPEN-23"},
         {"pragma", "OPEN-23"},
         {"cache-control", "OPEN-23"}});
    for (const auto& [name, clause] : kNever)
        if (field(request, name))
            found("requests-are-as-documented", clause,
                  request.method + " has " + std::string(name));
}

void WireRules::judge_head(const world::SeenRequest& seen) {
    for (const std::string_view name : {"range", "if-unmodified-since"})
        if (field(seen.request, name))
            found("requests-are-as-documented", "XFER-HEAD-1", "HEAD has " + std::string(name));
}

void WireRules::judge_get(const world::SeenRequest& seen) {
    const Request& request = seen.request;
    const auto say = [&](const char* clause, const std::string& what) {
        found("requests-follow-each-other", clause, "GET " + request.path + " " + what);
    };
    const auto past = past_.find(seen.file);
    if (past == past_.end()) say("XFER-HEAD-1", "came before any HEAD for the file");
    const auto range = field(request, "range");
    if (range && !closed_range(*range))
        found("requests-are-as-documented", "OBS-123", "GET has Range " + std::string(*range));
    const auto condition = field(request, "if-unmodified-since");
    if (condition && !dates_.contains(std::string(*condition)))
        found("requests-are-as-documented", "XFER-GET-2",
              "GET has If-Unmodified-Since " + std::string(*condition) +
                  ", which the server never said");
    const Known* resource = known(request.path);
    if (resource == nullptr || past == past_.end()) return;
    if (conditions_ && resource->date && !condition)
        found("requests-are-as-documented", "XFER-GET-2", "GET has no If-Unmodified-Since");
    if (!past->second.known) return;
    if (past->second.whole) say("XFER-CHANGE-2", "asks again for a file that has wholly arrived");
    const std::uint64_t first = first_byte(request);
    const std::uint64_t next = past->second.next;
    const bool follows = past->second.sure ? first == next : first <= next;
    if (!follows && resource->date)
        say("XFER-GET-4",
            "asks from byte " + std::to_string(first) + " on; stored were " + std::to_string(next));
}

void WireRules::ended(const world::SeenRequest& seen) {
    if (seen.request.method != "GET") return;
    Past& past = past_[seen.file];
    past.next = first_byte(seen.request) + seen.body_bytes;
    past.sure = seen.ending != "client gone";
    past.known = true;
    const Known* resource = known(seen.request.path);
    past.whole = resource != nullptr && past.next == resource->size && past.sure;
}

}  // namespace qmgr::propertytests
