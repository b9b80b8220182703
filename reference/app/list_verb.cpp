#include "reference/app/list_verb.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "reference/app/verbs.hpp"
#include "reference/contract/url_mask.hpp"
#include "reference/library/queue_listing.hpp"

namespace qmgr {
namespace {

Json or_null(const std::optional<std::uint64_t>& number) {
    return number ? Json(*number) : Json(nullptr);
}

std::string amount_text(std::uint64_t stored, const std::optional<std::uint64_t>& size) {
    return size_text(stored) + (size ? " of " + size_text(*size) : "");
}

std::string line_of(const ListedGroup& group) {
    std::string state = group.state;
    if (group.state == "error") {
        state += " " + name(group.error);
        if (group.http_status != 0) state += fmt::format(" (HTTP {})", group.http_status);
    }
    if (group.status.has(GroupFlag::Foreground)) state += ", foreground";
    std::string text =
        fmt::format("{}  {}  {:3}%  {}", to_text(group.id.guid), state, group.percent,
                    amount_text(group.stored_bytes, group.size_bytes));
    if (!group.display_name.empty()) text += "  " + group.display_name;
    text += "  (of " + group.owner + ")";
    for (const ListedFile& file : group.files)
        text += fmt::format("\n    {} -> {}  {}", masked(file.info.remote_name),
                            file.info.local_name, amount_text(file.stored_bytes, file.size_bytes));
    return text;
}

Json event_of(const ListedGroup& group) {
    Json files = Json::array();
    for (const ListedFile& file : group.files)
        files.push_back({{"remote_name", masked(file.info.remote_name)},
                         {"local_name", file.info.local_name},
                         {"stored_bytes", file.stored_bytes},
                         {"size_bytes", or_null(file.size_bytes)},
                         {"delivered", file.delivered}});
    Json event = {{"event", "group"},
                  {"group", to_text(group.id.guid)},
                  {"owner", group.owner},
                  {"display_name", group.display_name},
                  {"state", group.state},
                  {"status", flag_names(group.status)},
                  {"code", nullptr},
                  {"http_status", nullptr},
                  {"percent", group.percent},
                  {"stored_bytes", group.stored_bytes},
                  {"size_bytes", or_null(group.size_bytes)},
                  {"files", std::move(files)}};
    if (group.error != HResult::Ok) event["code"] = name(group.error);
    if (group.http_status != 0) event["http_status"] = group.http_status;
    return event;
}

}  // namespace

int list(const std::string& folder, Console& console) {
    const QueueListing listing = list_queue(folder);
    if (!listing.error.empty()) {
        console.complain(listing.error, {{"event", "unreadable"}, {"why", listing.error}});
        return ExitStatus::failed;
    }
    Json event = {{"event", "queue"},
                  {"queue", folder},
                  {"exists", listing.exists},
                  {"pid", nullptr},
                  {"program", nullptr}};
    std::string line;
    if (!listing.exists) line = folder + ": there is no queue";
    if (listing.owner) {
        line = folder + ": open in " + to_text(*listing.owner);
        event["pid"] = listing.owner->pid;
        event["program"] = listing.owner->program;
    }
    console.say(line, event);
    for (const ListedGroup& group : listing.groups) console.say(line_of(group), event_of(group));
    return ExitStatus::done;
}

}  // namespace qmgr
