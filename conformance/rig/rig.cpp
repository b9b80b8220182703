#include "conformance/rig/rig.hpp"

#include <nlohmann/json.hpp>

#include "reference/contract/json.hpp"

namespace qmgr::inline v0::conformance {
namespace {

template <class Flags>
std::string flags_text(Flags flags) {
    std::string text;
    for (const std::string_view flag : flag_names(flags)) {
        if (!text.empty()) text += " ";
        text += flag;
    }
    return text.empty() ? "no flag" : text;
}

std::string joined(const std::vector<std::string>& words, const std::string& between) {
    std::string text;
    for (const std::string& word : words) {
        if (!text.empty()) text += between;
        text += word;
    }
    return text;
}

}  // namespace

std::string describe(HResult value) { return name(value); }
std::string describe(GroupStatus value) { return flags_text(value); }
std::string describe(JobStatus value) { return flags_text(value); }
std::string describe(bool value) { return value ? "true" : "false"; }
std::string describe(int value) { return std::to_string(value); }
std::string describe(std::uint32_t value) { return std::to_string(value); }
std::string describe(std::uint64_t value) { return std::to_string(value); }
std::string describe(std::int64_t value) { return std::to_string(value); }
std::string describe(const std::string& value) { return "\"" + value + "\""; }
std::string describe(const std::vector<std::string>& value) {
    return "[" + joined(value, ", ") + "]";
}
std::string describe(const std::vector<Guid>& value) {
    std::vector<std::string> words;
    words.reserve(value.size());
    for (const Guid& guid : value) words.push_back(to_text(guid));
    return describe(words);
}
std::string describe(const PropertyValue& value) {
    return to_line(to_json(Reply{HResult::Ok, value}).at("value"));
}

Reply Rig::call(const Call& call, const Caller& caller) {
    if (is_over()) return unsupported(unsupported_.empty() ? skipped_ : unsupported_);
    const Duration asked = elapsed();
    Reply reply = recorder().call(caller, call);
    if (elapsed() - asked > kCallBudget)
        findings_.push_back({Verdict::Inconclusive, "",
                             to_json(call).begin().key() + " is answered",
                             "within " + std::to_string(kCallBudget.count()) + " ms", "later"});
    if (const auto* none = std::get_if<Unsupported>(&reply.value))
        unsupported_ = to_json(call).begin().key() + ": " + none->reason;
    return reply;
}

void Rig::surroundings(const Surroundings& what) {
    if (is_over()) return;
    if (const auto reason = recorder().surroundings(what))
        unsupported_ = to_json(what).begin().key() + ": " + *reason;
}

void Rig::register_callback(ClassId class_id) {
    if (!is_over()) recorder().register_callback(class_id);
}

std::vector<Notification> Rig::notifications() {
    if (is_over()) return {};
    return recorder().take_notifications();
}

void Rig::answer(NotificationNumber number, HResult hresult) {
    if (!is_over()) recorder().answer(number, hresult);
}

void Rig::restart() {
    if (!is_over()) recorder().restart();
}

void Rig::skip(const std::string& reason) {
    if (!is_over()) skipped_ = reason;
}

bool Rig::eventually(const std::string& clause, const std::string& what,
                     const std::function<bool()>& done) {
    ++expectations_;
    recorder().mute(true);
    const bool held = run_until([&] { return is_over() || done(); }, budget());
    recorder().mute(false);
    if (held) return !is_over();
    findings_.push_back({Verdict::Inconclusive, clause, what,
                         "within " + std::to_string(budget().count()) + " ms", "not by then"});
    return false;
}

void Rig::wait_until(Duration at) {
    if (at > elapsed()) let_pass(at - elapsed());
}

bool Rig::judge(const std::string& clause, const std::string& what, const std::string& actual,
                const std::vector<std::string>& allowed, std::size_t place) {
    if (is_over()) return false;
    ++expectations_;
    const bool good = place < allowed.size();
    if (place == 0) return true;
    findings_.push_back(
        {good ? Verdict::Lenient : Verdict::Fail, clause, what, joined(allowed, " or "), actual});
    return good;
}

}  // namespace qmgr::inline v0::conformance
