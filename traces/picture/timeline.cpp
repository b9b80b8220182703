#include "traces/picture/timeline.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "reference/contract/json.hpp"
#include "traces/picture/html_text.hpp"
#include "traces/trace_json.hpp"

namespace qmgr::inline v0::traces {
namespace {

std::string text_in(const Json& json, const char* key) {
    const bool there = json.is_object() && json.contains(key) && json.at(key).is_string();
    return there ? json.at(key).get<std::string>() : std::string();
}

std::uint64_t number_in(const Json& json, const char* key) {
    const bool there = json.is_object() && json.contains(key) && json.at(key).is_number_unsigned();
    return there ? json.at(key).get<std::uint64_t>() : 0;
}

const Json& object_in(const Json& json, const char* key) {
    static const Json none = Json::object();
    return json.is_object() && json.contains(key) && json.at(key).is_object() ? json.at(key) : none;
}

std::string file_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

/// "INCOMPLETE SUSPENDED" of ["GROUP_INCOMPLETE","GROUP_SUSPENDED"].
std::string flags_text(const Json& list) {
    std::string text;
    if (!list.is_array()) return text;
    for (const Json& flag : list) {
        if (!flag.is_string()) continue;
        const std::string& word = flag.get_ref<const std::string&>();
        text += (text.empty() ? "" : " ") + word.substr(word.find('_') + 1);
    }
    return text.empty() ? "no flag" : text;
}

/// "5eed…0001" of a GUID, which is told apart by its ends; another text as it is.
std::string short_guid(const std::string& text) {
    constexpr std::size_t kGuid = 36;
    constexpr std::size_t kEnd = 4;
    const bool is_guid = text.size() == kGuid && text[8] == '-' && text[13] == '-';
    return is_guid ? text.substr(0, kEnd) + "…" + text.substr(kGuid - kEnd) : text;
}

/// "network lost" of {"network_lost":{}}, "log off user u1" of {"log_off":{"user":"u1"}}.
std::string words_of(const Json& what) {
    if (!what.is_object() || what.empty()) return what.dump();
    std::string text = what.begin().key();
    std::replace(text.begin(), text.end(), '_', ' ');
    if (!what.begin().value().is_object()) return text + " " + what.begin().value().dump();
    for (const auto& [key, value] : what.begin().value().items()) {
        if (value.is_boolean())
            text += value.get<bool>() ? " on" : " off";
        else
            text += " " + key + " " + (value.is_string() ? value.get<std::string>() : value.dump());
    }
    return text;
}

/// What a call does to a group that everybody sees; empty for the other calls.
std::string deed_of(const std::string& call) {
    static const std::map<std::string, std::string> deeds = {
        {"create_group", "created"},     {"resume_group", "resumed"},
        {"suspend_group", "suspended"},  {"cancel_group", "cancelled"},
        {"create_job", "has a job now"}, {"switch_group_to_foreground", "in the foreground"}};
    const auto found = deeds.find(call);
    return found == deeds.end() ? std::string() : found->second;
}

class Reading {
  public:
    void read(const TraceLine& line);
    Timeline finish();

  private:
    struct OpenBar {
        std::string label;
        std::size_t first = 0;
    };
    /// A call whose reply has not come yet.
    struct Asked {
        std::string call;
        std::uint64_t group = 0;
        std::size_t row = 0;
    };
    /// An exchange that ends later than it stands in the trace.
    struct Exchange {
        std::size_t row = 0;
        std::string path;
        std::uint64_t bytes = 0;
        std::string ending;
        std::string label;
    };

    /// A reply that stands beside its call: it came at once, or nothing happened in between.
    bool answers(const TraceLine& reply) const;
    Row& new_row(const TraceLine& line);
    void enter(const TraceLine& line, Lane lane, const std::string& label);
    void read_in(const TraceLine& line, const Json& body);
    void read_call(const TraceLine& line, const Json& body);
    void read_out(const TraceLine& line, const Json& body);
    void read_reply(const TraceLine& line, const Json& reply);
    void read_seen(const TraceLine& line, const Json& body);
    void read_request(const TraceLine& line, const Json& request);
    void read_why(const TraceLine& line, const Json& step);
    void set_group(std::uint64_t group, const std::string& flags, std::size_t row);
    void set_job(const std::string& from, const std::string& to);
    void end_job();
    void end_exchanges(Duration before);
    void end_bar(Lane lane, const OpenBar& bar, std::size_t last);

    Timeline timeline_;
    std::optional<Asked> asked_;
    std::map<std::uint64_t, OpenBar> groups_;
    std::optional<OpenBar> job_;
    bool one_job_ = true;  // every step began in the state in which the one before it ended
    std::vector<Bar> job_bars_;
    std::multimap<Duration, Exchange> exchanges_;
    std::map<std::string, std::uint64_t> bytes_;  // of each path, so far
};

bool Reading::answers(const TraceLine& reply) const {
    return asked_ &&
           (timeline_.rows[asked_->row].at == reply.at || asked_->row + 1 == timeline_.rows.size());
}

Row& Reading::new_row(const TraceLine& line) {
    timeline_.rows.push_back({line.at, {}, {}, {}});
    return timeline_.rows.back();
}

// In the last row if that is of the same time and has room in the lane, else in a new one.
void Reading::enter(const TraceLine& line, Lane lane, const std::string& label) {
    const auto place = static_cast<std::size_t>(lane);
    std::vector<Row>& rows = timeline_.rows;
    const bool has_room = !rows.empty() && rows.back().at == line.at &&
                          rows.back().remark.empty() && rows.back().labels[place].empty();
    Row& row = has_room ? rows.back() : new_row(line);
    row.labels[place] = label;
}

void Reading::end_bar(Lane lane, const OpenBar& bar, std::size_t last) {
    if (last > bar.first) timeline_.bars.push_back({lane, bar.first, last, bar.label});
}

void Reading::set_group(std::uint64_t group, const std::string& flags, std::size_t row) {
    const auto found = groups_.find(group);
    if (found != groups_.end() && found->second.label == flags) return;
    if (found != groups_.end()) end_bar(Lane::Group, found->second, row);
    groups_[group] = {flags, row};
    std::string& label = timeline_.rows[row].labels[static_cast<std::size_t>(Lane::Group)];
    label += (label.empty() ? "" : " ") + ("#" + std::to_string(group) + " " + flags);
}

void Reading::set_job(const std::string& from, const std::string& to) {
    const std::size_t row = timeline_.rows.size() - 1;
    if (job_ && job_->label != from) one_job_ = false;
    if (job_ && to == from) return;
    end_job();
    job_ = {to, row};
}

void Reading::end_job() {
    const std::size_t row = timeline_.rows.size() - 1;
    if (job_ && row > job_->first) job_bars_.push_back({Lane::Job, job_->first, row, job_->label});
    job_.reset();
}

void Reading::read_call(const TraceLine& line, const Json& body) {
    const Json& call = body.at("call");
    const std::string what = call.empty() ? std::string("?") : call.begin().key();
    const Json& arguments = call.empty() ? call : call.begin().value();
    const Json& as = object_in(body, "as");
    std::string who = text_in(as, "user");
    if (as.is_object() && as.value("administrator", Json()) == true) who += " (administrator)";
    std::string text;
    if (arguments.is_object())
        for (const auto& [key, value] : arguments.items()) {
            if (value.is_structured()) continue;
            text += (text.empty() ? "" : ", ") + (value.is_string()
                                                      ? short_guid(value.get<std::string>())
                                                      : key + " " + value.dump());
        }
    new_row(line).labels[0] = who + ": " + what + "(" + text + ")";
    asked_ = {what, number_in(arguments, "group"), timeline_.rows.size() - 1};
}

void Reading::read_in(const TraceLine& line, const Json& body) {
    if (body.contains("call") && body.at("call").is_object()) {
        read_call(line, body);
    } else if (body.contains("answer")) {
        const Json& answer = object_in(body, "answer");
        enter(line, Lane::Notifications,
              "answer #" + std::to_string(number_in(answer, "number")) + ": " +
                  text_in(answer, "hresult"));
    } else if (body.contains("register")) {
        enter(line, Lane::Notifications, "registered " + short_guid(text_in(body, "register")));
    } else if (body.contains("restart") || body.contains("power_failure")) {
        new_row(line).labels[static_cast<std::size_t>(Lane::Faults)] =
            body.contains("restart") ? "the service is killed" : "power fails";
        asked_.reset();
        end_job();
    } else if (body.contains("next_event")) {
        asked_.reset();
    } else if (body.contains("serve")) {
        new_row(line).labels[static_cast<std::size_t>(Lane::Faults)] = "another script is served";
    } else if (body.contains("surroundings")) {
        const Json& what = body.at("surroundings");
        const std::string word = what.is_object() && !what.empty() ? what.begin().key() : "";
        const bool disk = word.find("disk") == 0 || word.find("journal") == 0;
        new_row(line).labels[static_cast<std::size_t>(disk ? Lane::Disk : Lane::Faults)] =
            words_of(what);
    } else {
        enter(line, Lane::Caller, line.body);
    }
}

void Reading::read_reply(const TraceLine& line, const Json& reply) {
    const std::string code = text_in(reply, "hresult");
    const bool refused = code.find("S_") != 0;
    std::string text = "→ " + (reply.contains("unsupported") ? "unsupported" : code);
    Json values = reply;
    if (values.is_object()) values.erase("hresult");
    if (!values.empty() && !reply.contains("group_status")) text += " " + values.dump();
    const bool beside = answers(line);
    if (beside && timeline_.rows[asked_->row].at != line.at)
        text += " after " + span_text(line.at - timeline_.rows[asked_->row].at);
    std::size_t row = 0;
    if (beside) {
        row = asked_->row;
        timeline_.rows[row].labels[0] += " " + text;
    } else {
        row = timeline_.rows.size();
        new_row(line).labels[0] = (asked_ ? asked_->call + " " : std::string()) + text;
    }
    if (asked_ && reply.contains("group_status")) {
        set_group(asked_->group, flags_text(reply.at("group_status")), row);
    } else if (asked_ && !refused && !deed_of(asked_->call).empty()) {
        const std::uint64_t group = asked_->group == 0 ? number_in(reply, "group") : asked_->group;
        timeline_.rows[row].labels[static_cast<std::size_t>(Lane::Group)] =
            "#" + std::to_string(group) + " " + deed_of(asked_->call);
    }
    asked_.reset();
}

void Reading::read_out(const TraceLine& line, const Json& body) {
    if (body.contains("reply")) {
        read_reply(line, body.at("reply"));
    } else if (body.contains("notification")) {
        const Json& told = body.at("notification");
        const std::string status =
            told.is_object() && told.contains("status") ? flags_text(told.at("status")) : "";
        enter(line, Lane::Notifications,
              "#" + std::to_string(number_in(told, "number")) + " group " +
                  std::to_string(number_in(told, "group")) + ": " + status);
    } else if (body.contains("notifications")) {
        enter(line, Lane::Notifications, "none");
    } else {
        enter(line, Lane::Caller, line.body);
    }
}

void Reading::read_request(const TraceLine& line, const Json& request) {
    const std::string path = text_in(request, "path");
    const std::string range = text_in(request, "range");
    std::string label = text_in(request, "method") + " " + path;
    if (!range.empty()) label += " " + range;
    label += " → " + std::to_string(number_in(request, "status"));
    const std::string ending = text_in(request, "ending");
    const std::uint64_t bytes = number_in(request, "bytes");
    if (bytes > 0) label += ", " + grouped(bytes) + " B";
    if (!ending.empty()) label += ", " + ending;
    enter(line, Lane::Http, label);
    std::string faults;
    const Json applied = request.value("applied", Json());
    if (applied.is_array())
        for (const Json& fault : applied)
            faults += (faults.empty() ? "" : "; ") + text_in(fault, "effect") + " at byte " +
                      grouped(number_in(fault, "wire_byte"));
    const std::string rule = text_in(request, "fault");
    if (!rule.empty()) faults += (faults.empty() ? "" : " ") + ("(" + rule + ")");
    if (!faults.empty()) enter(line, Lane::Faults, faults);
    if (!request.contains("until")) return;
    const Duration until(static_cast<std::int64_t>(number_in(request, "until")));
    exchanges_.insert({until, {timeline_.rows.size() - 1, path, bytes, ending, label}});
    if (until <= line.at) end_exchanges(line.at + Duration(1));
}

// Bytes count where the exchange ended.
void Reading::end_exchanges(Duration before) {
    while (!exchanges_.empty() && exchanges_.begin()->first < before) {
        const auto& [at, exchange] = *exchanges_.begin();
        if (exchange.bytes > 0) {
            const std::uint64_t sum = bytes_[exchange.path] += exchange.bytes;
            enter({Kind::Seen, at, {}}, Lane::Files,
                  exchange.path + " +" + grouped(exchange.bytes) + " B, in all " + grouped(sum));
        } else if (timeline_.rows.back().at < at) {
            enter({Kind::Seen, at, {}}, Lane::Http, "end of " + exchange.path);
        }
        end_bar(Lane::Http, {exchange.label, exchange.row}, timeline_.rows.size() - 1);
        exchanges_.erase(exchanges_.begin());
    }
}

void Reading::read_seen(const TraceLine& line, const Json& body) {
    if (body.contains("request")) {
        read_request(line, object_in(body, "request"));
    } else if (body.contains("disk")) {
        const Json& disk = object_in(body, "disk");
        enter(line, Lane::Disk,
              text_in(disk, "did") + " " + file_of(text_in(disk, "path")) + ", " +
                  grouped(number_in(disk, "size")) + " B");
    } else {
        enter(line, Lane::Http, line.body);
    }
}

void Reading::read_why(const TraceLine& line, const Json& step) {
    static const std::string kArrow = "→";
    const std::string row = text_in(step, "row");
    const std::string change = text_in(step, "job");
    const std::size_t arrow = change.find(kArrow);
    if (row.empty() || arrow == change.npos) {
        enter(line, Lane::Job, line.body);
        return;
    }
    const std::string from = change.substr(0, arrow);
    const std::string to = change.substr(arrow + kArrow.size());
    if (row.front() == 'R' || row.front() == 'F') {
        enter(line, row.front() == 'R' ? Lane::Http : Lane::Files,
              row + " " + text_in(step, "clause"));
        return;
    }
    enter(line, Lane::Job, from == to ? row + " (stays " + to + ")" : row + " " + change);
    set_job(from, to);
}

void Reading::read(const TraceLine& line) {
    if (line.kind == Kind::Note) {
        const Duration at = timeline_.rows.empty() ? Duration(0) : timeline_.rows.back().at;
        new_row({line.kind, at, {}}).remark = line.body;
        timeline_.rows.back().detail = line.body;
        return;
    }
    end_exchanges(line.at + Duration(1));
    const Json body = Json::parse(line.body, nullptr, false);
    const std::size_t asked_row = asked_ ? asked_->row : 0;
    const bool beside = line.kind == Kind::Out && body.contains("reply") && answers(line);
    switch (body.is_object() ? line.kind : Kind::Note) {
        case Kind::In:
            read_in(line, body);
            break;
        case Kind::Out:
            read_out(line, body);
            break;
        case Kind::Seen:
            read_seen(line, body);
            break;
        case Kind::Why:
            read_why(line, body);
            break;
        case Kind::Note:
            enter(line, Lane::Caller, line.body);
            break;
    }
    std::string& detail = timeline_.rows[beside ? asked_row : timeline_.rows.size() - 1].detail;
    detail += (detail.empty() ? "" : "\n") + line.body;
}

Timeline Reading::finish() {
    end_exchanges(Duration::max());
    if (timeline_.rows.empty()) return std::move(timeline_);
    const std::size_t last = timeline_.rows.size() - 1;
    for (const auto& [group, bar] : groups_) end_bar(Lane::Group, bar, last);
    end_job();
    if (one_job_) timeline_.bars.insert(timeline_.bars.end(), job_bars_.begin(), job_bars_.end());
    return std::move(timeline_);
}

}  // namespace

std::string_view name(Lane lane) {
    constexpr std::array<std::string_view, kLanes> names = {
        "Caller", "Group", "Job", "Files", "HTTP", "Notifications", "Disk", "Faults"};
    return names[static_cast<std::size_t>(lane)];
}

Timeline timeline_of(const std::vector<TraceLine>& lines) {
    Reading reading;
    for (const TraceLine& line : lines) reading.read(line);
    return reading.finish();
}

}  // namespace qmgr::inline v0::traces
