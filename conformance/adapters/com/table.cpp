#include "conformance/adapters/com/table.hpp"

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <utility>

namespace qmgr::com_adapter {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Group, bits_id, group_id, job_id, class_id,
                                                complete, cancelled, publish_error,
                                                completion_number, error_number)

Table::Table(std::string file) : file_(std::move(file)) {
    std::ifstream in(std::filesystem::u8path(file_), std::ios::binary);
    was_there_ = in.good();
    const auto json = nlohmann::json::parse(in, nullptr, false);
    if (!json.is_object()) return;
    for (const auto& one : json.value("groups", nlohmann::json::array())) {
        const Group group = one.get<Group>();
        groups_[group.bits_id] = group;
    }
    last_number_ = json.value("last_number", std::uint64_t{0});
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

std::uint64_t Table::next_number() {
    const std::lock_guard lock(mutex_);
    ++last_number_;
    save();
    return last_number_;
}

// A file that is half written when the process is killed must not take the place of a whole one.
void Table::save() const {
    auto groups = nlohmann::json::array();
    for (const auto& [bits_id, group] : groups_) groups.push_back(group);
    const auto path = std::filesystem::u8path(file_);
    const auto fresh = std::filesystem::u8path(file_ + ".new");
    std::ofstream(fresh, std::ios::binary | std::ios::trunc)
        << nlohmann::json{{"groups", groups}, {"last_number", last_number_}};
    std::error_code ignored;
    std::filesystem::rename(fresh, path, ignored);
}

}  // namespace qmgr::com_adapter
