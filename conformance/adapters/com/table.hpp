// Which group of the protocol is which job of BITS: BITS chooses the GUIDs of its jobs itself.
#pragma once

#include <cstdint>
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
    std::uint32_t publish_error = 0;      ///< what Complete() answered instead
    std::uint64_t completion_number = 0;  ///< of its delivery that is not answered S_OK yet; or 0
    std::uint64_t error_number = 0;
};

/// Thread-safe. Every change is in the file when put() returns, so the next process finds it.
class Table {
  public:
    /// Reads `file` (UTF-8, a path of this system) when it is there. A file that cannot be read is
    /// an empty table.
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
    void put(const Group& group);
    /// A number no delivery has had.
    std::uint64_t next_number();

  private:
    void save() const;  // under mutex_

    const std::string file_;
    bool was_there_ = false;
    mutable std::mutex mutex_;
    std::map<std::string, Group> groups_;  // by bits_id
    std::uint64_t last_number_ = 0;
};

}  // namespace qmgr::com_adapter
