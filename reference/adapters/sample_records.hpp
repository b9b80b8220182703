// Records for the tests of journals, with every kind of value a column can have.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "reference/engine/record.hpp"

namespace qmgr {

inline QueueRecord sample_queue() { return {8, 0xFFFFFFFFU, 77}; }

inline GroupRecord plain_group(std::uint64_t number) {
    GroupRecord group;
    group.number = {number};
    group.id.guid.bytes[15] = static_cast<std::uint8_t>(number);
    group.owner = "u1";
    return group;
}

/// Every optional value set, every other one not its default.
inline GroupRecord full_group(std::uint64_t number) {
    GroupRecord group = plain_group(number);
    group.owner = "DOMAIN\\J\xC3\xBCrgen";
    group.foreground = true;
    group.properties.notify_flags = 0x80000001U;
    group.properties.notify_class.guid.bytes[0] = 0xAB;
    group.properties.notify_user = "\xE2\x82\xAC";
    group.properties.display_name = "it's a \"name\"; DROP TABLE groups";
    group.properties.description = std::string("nul \0 inside", 12);
    group.job_id = JobId{};
    group.job_id->guid.bytes[7] = 0x42;
    group.state = DurableState::Cancelling;
    group.error = {from_http_status(404), 404, 3};
    group.error_count = 17;
    group.quick_retries = 3;
    group.failing_since = instant_from_ms(1'725'416'141'007);
    group.active_at = instant_from_ms(1'725'416'142'000);
    group.undelivered = NotificationNumber{76};
    return group;
}

inline FileRecord plain_file(std::uint64_t group, FileIndex index) {
    FileRecord file;
    file.group = {group};
    file.index = index;
    file.info = {"http://h/f", "/d/f" + std::to_string(index), 0};
    return file;
}

/// The same of a file; Last-Modified is whatever a server sent.
inline FileRecord full_file(std::uint64_t group, FileIndex index) {
    FileRecord file = plain_file(group, index);
    file.info.size_hint = 0xFFFFFFFFU;
    file.target = "https://other/f?a=%20";
    file.part_path = "/d/BIT1A.tmp";
    file.size = std::numeric_limits<std::uint64_t>::max();
    file.last_modified = "Wed, \xFF\xFE 2024";
    file.synced = 1ULL << 40U;
    file.committed = true;
    file.part_made = true;
    return file;
}

/// A queue of three groups, in order.
inline Records sample_records() {
    return {sample_queue(),
            {plain_group(1), full_group(2), plain_group(7)},
            {full_file(1, 0), plain_file(1, 1), plain_file(7, 0)}};
}

/// What brings an empty journal there, in another order.
inline std::vector<Change> sample_changes() {
    return {plain_file(7, 0), plain_group(7),  full_group(2), plain_group(1),
            plain_file(1, 1), full_file(1, 0), sample_queue()};
}

}  // namespace qmgr
