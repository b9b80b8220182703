// Which group of the protocol is which job of BITS: BITS chooses the GUIDs of its jobs itself.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace qmgr::com_adapter {

/// What the adapter has to remember of a group, because BITS has no place for it.
struct Group {
    std::string bits_id;    ///< GUID of the BITS job
    std::string group_id;   ///< GUID that CreateGroup was given
    std::string job_id;     ///< GUID that CreateJob was given; empty before
    std::string class_id;   ///< GROUPPROP_NOTIFYCLSID, without braces; empty before it is set
    bool complete = false;  ///< Complete() was S_OK: the job has left the queue of BITS
    bool cancelled = false;
    bool hinted = false;  ///< a file was added with a size hint, which BITS does not keep
    std::uint32_t publish_error = 0;      ///< what Complete() answered instead
    std::uint64_t completion_number = 0;  ///< of its delivery that is not answered S_OK yet; or 0
    std::uint64_t error_number = 0;
};

/// Thrown when the file of a table cannot be written. What was to be written stands in the table of
/// this process; the next one finds the file as it was before.
struct NotWritten {
    std::string file;
};

/// Thread-safe. Every change is in the file when the method that made it returns, so the next
/// process finds it; such a method throws NotWritten.
class Table {
  public:
    /// Reads `file` (UTF-8, a path of this system) when it is there. A file that cannot be read, or
    /// holds anything but what a table has written, is an empty table.
    explicit Table(std::string file);

    /// True when there was a file: a process before this one has had the same state folder.
    bool was_there() const { return was_there_; }
    /// The group with that GUID that is not cancelled; else one that is, for BITS to say so.
    std::optional<Group> of_group(const std::string& group_id) const;
    std::optional<Group> of_bits(const std::string& bits_id) const;
    /// True when a group that is not cancelled has a job with that GUID.
    bool has_job(const std::string& job_id) const;
    /// True when a complete group is still kept, which BITS no longer lists.
    bool keeps_complete() const;
    /// All that wait for that class, by BITS GUID, and are not cancelled.
    std::map<std::string, Group> of_class(const std::string& class_id) const;
    /// A new group, by its bits_id.
    void put(const Group& group);
    using Change = std::function<void(Group&)>;
    /// Lets `change` change the group of that BITS GUID; nobody else sees or changes it meanwhile.
    /// Nothing happens when there is no such group, or when `change` throws, which goes on to the
    /// caller. `change` calls nothing of this table.
    void change(const std::string& bits_id, const Change& change);
    /// The number of the open delivery that `kind` says (completion_number, error_number); one that
    /// no delivery has had when none is open, and always for a group that is not in the table.
    std::uint64_t delivery(const std::string& bits_id, std::uint64_t Group::*kind);

  private:
    void read(const std::string& text);
    void save() const;  // under mutex_

    const std::string file_;
    bool was_there_ = false;
    mutable std::mutex mutex_;
    std::map<std::string, Group> groups_;  // by bits_id
    std::uint64_t last_number_ = 0;
};

}  // namespace qmgr::com_adapter
