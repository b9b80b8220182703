#include "conformance/adapters/com/table.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

namespace qmgr::com_adapter {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Group, bits_id, group_id, job_id, class_id,
                                                complete, cancelled, hinted, publish_error,
                                                completion_number, error_number)

Table::Table(std::string file) : file_(std::move(file)) {
    std::ifstream in(std::filesystem::u8path(file_), std::ios::binary);
    was_there_ = in.good();
    try {
        read({std::istreambuf_iterator<char>(in), {}});
    } catch (const nlohmann::json::exception& /*nothing a table wrote*/) {
        groups_.clear();
        last_number_ = 0;
    }
}

void Table::read(const std::string& text) {
    const auto json = nlohmann::json::parse(text);
    last_number_ = json.at("last_number").get<std::uint64_t>();
    for (const auto& one : json.at("groups")) {
        const Group group = one.get<Group>();
        groups_[group.bits_id] = group;
    }
}

std::optional<Group> Table::of_group(const std::string& group_id) const {
    const std::lock_guard lock(mutex_);
    std::optional<Group> found;
    for (const auto& [bits_id, group] : groups_) {
        if (group.group_id != group_id) continue;
        if (!group.cancelled) return group;
        found = group;
    }
    return found;
}

std::optional<Group> Table::of_bits(const std::string& bits_id) const {
    const std::lock_guard lock(mutex_);
    const auto found = groups_.find(bits_id);
    return found == groups_.end() ? std::nullopt : std::optional(found->second);
}

bool Table::has_job(const std::string& job_id) const {
    const std::lock_guard lock(mutex_);
    for (const auto& [bits_id, group] : groups_)
        if (group.job_id == job_id && !group.cancelled) return true;
    return false;
}

bool Table::keeps_complete() const {
    const std::lock_guard lock(mutex_);
    for (const auto& [bits_id, group] : groups_)
        if (group.complete && !group.cancelled) return true;
    return false;
}

std::map<std::string, Group> Table::of_class(const std::string& class_id) const {
    const std::lock_guard lock(mutex_);
    std::map<std::string, Group> found;
    for (const auto& [bits_id, group] : groups_)
        if (group.class_id == class_id && !group.cancelled) found[bits_id] = group;
    return found;
}

void Table::put(const Group& group) {
    const std::lock_guard lock(mutex_);
    groups_[group.bits_id] = group;
    save();
}

void Table::change(const std::string& bits_id, const Change& change) {
    const std::lock_guard lock(mutex_);
    const auto found = groups_.find(bits_id);
    if (found == groups_.end()) return;
    Group changed = found->second;
    change(changed);
    found->second = changed;
    save();
}

std::uint64_t Table::delivery(const std::string& bits_id, std::uint64_t Group::*kind) {
    const std::lock_guard lock(mutex_);
    const auto found = groups_.find(bits_id);
    if (found != groups_.end() && found->second.*kind != 0) return found->second.*kind;
    ++last_number_;
    if (found != groups_.end()) found->second.*kind = last_number_;
    save();
    return last_number_;
}

// A file that is half written, because the process was killed or the disk is full, must not take
// the place of a whole one.
void Table::save() const {
    auto groups = nlohmann::json::array();
    for (const auto& [bits_id, group] : groups_) groups.push_back(group);
    const auto path = std::filesystem::u8path(file_);
    const auto fresh = std::filesystem::u8path(file_ + ".new");
    std::ofstream out(fresh, std::ios::binary | std::ios::trunc);
    out << nlohmann::json{{"groups", groups}, {"last_number", last_number_}};
    out.close();
    std::error_code problem;
    if (out.good()) std::filesystem::rename(fresh, path, problem);
    if (!out.good() || problem) throw NotWritten{file_};
}

}  // namespace qmgr::com_adapter
