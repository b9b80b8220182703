// The life cycle of one file: (state × trigger) ⟶ next state. Every pair has exactly one row.
//
// A file moves only while its job has its turn (Connecting, Transferring), but for two things that
// end by themselves: a sync that was asked for, and a rename.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "reference/engine/state.hpp"
#include "reference/engine/table.hpp"

namespace qmgr {

enum class FileTrigger : std::uint8_t {
    BeginPart,   ///< its turn, and no part of this run yet
    BeginProbe,  ///< its turn; the server has not told the size
    BeginFetch,  ///< its turn; bytes are missing
    BeginSync,   ///< its turn; every byte is written
    PartFound,   ///< created, or found again
    NameTaken,
    HeadDone,   ///< the answer to HEAD was judged: go on with what is known now
    FetchDone,  ///< the answer to GET was judged or its body ended: go on
    Halted,     ///< its job lost its turn, or the attempt failed
    Synced,     ///< every byte is durable
    SyncFailed,
    Renamed,
    RenameFailed,
    PartLost,  ///< it was to be renamed, and is gone
};
inline constexpr std::size_t kFileTriggers = 14;

constexpr std::string_view name(FileTrigger trigger) {
    constexpr std::array<std::string_view, kFileTriggers> names = {
        "BeginPart",  "BeginProbe", "BeginFetch",   "BeginSync", "PartFound",
        "NameTaken",  "HeadDone",   "FetchDone",    "Halted",    "Synced",
        "SyncFailed", "Renamed",    "RenameFailed", "PartLost"};
    return names[static_cast<std::size_t>(trigger)];
}

struct FileRow {
    SetOf<FileState> from;
    FileTrigger trigger;
    std::optional<FileState> to;  ///< none: stay
    std::string_view label;
    std::string_view clause;
    bool impossible = false;
};

namespace file_rows {

using enum FileState;
using enum FileTrigger;

inline constexpr std::optional<FileState> kStay = std::nullopt;
constexpr SetOf<FileState> except(SetOf<FileState> set) {
    return {all_of<FileState>(kFileStates).bits & ~set.bits};
}
constexpr FileRow never(FileTrigger trigger, SetOf<FileState> from, std::string_view label) {
    return {from, trigger, kStay, label, "", true};
}

}  // namespace file_rows

inline constexpr std::array kFileTable = [] {
    using namespace file_rows;  // NOLINT(google-build-using-namespace): a table reads by its words
    return std::array{
        FileRow{set_of(Waiting), BeginPart, Preparing, "F-01", "FILE-TMP-1"},
        never(BeginPart, except(set_of(Waiting)), "F-02"),
        FileRow{set_of(Waiting), BeginProbe, Probing, "F-03", "XFER-HEAD-1"},
        never(BeginProbe, except(set_of(Waiting)), "F-04"),
        FileRow{set_of(Waiting), BeginFetch, Fetching, "F-05", "XFER-GET-1"},
        never(BeginFetch, except(set_of(Waiting)), "F-06"),
        FileRow{set_of(Waiting), BeginSync, Syncing, "F-07", "GROUP-PROG-2"},
        never(BeginSync, except(set_of(Waiting)), "F-08"),
        FileRow{set_of(Preparing), PartFound, Waiting, "F-09", "FILE-TMP-1"},
        // The job may have lost its turn while the part was being made.
        FileRow{set_of(Waiting), PartFound, kStay, "F-10", "FILE-TMP-1"},
        never(PartFound, except(set_of(Preparing, Waiting)), "F-11"),
        FileRow{set_of(Preparing), NameTaken, Waiting, "F-12", "FILE-TMP-1"},
        FileRow{set_of(Waiting), NameTaken, kStay, "F-13", "FILE-TMP-1"},
        never(NameTaken, except(set_of(Preparing, Waiting)), "F-14"),
        FileRow{set_of(Probing), HeadDone, Waiting, "F-15", "XFER-HEAD-1"},
        never(HeadDone, except(set_of(Probing)), "F-16"),
        FileRow{set_of(Fetching), FetchDone, Waiting, "F-17", "XFER-GET-4"},
        never(FetchDone, except(set_of(Fetching)), "F-18"),
        FileRow{set_of(Waiting, Preparing, Probing, Fetching), Halted, Waiting, "F-19",
                "GROUP-SUSPEND-1"},
        FileRow{set_of(Syncing, Stored, Committed), Halted, kStay, "F-20", "XFER-CHANGE-2"},
        FileRow{set_of(Syncing), Synced, Stored, "F-21", "FILE-PUB-1"},
        never(Synced, except(set_of(Syncing)), "F-22"),
        FileRow{set_of(Syncing), SyncFailed, Waiting, "F-23", "FILE-DISK-1"},
        never(SyncFailed, except(set_of(Syncing)), "F-24"),
        // CancelGroup renames a file that is still being synced: the rename syncs it first.
        FileRow{set_of(Syncing, Stored), Renamed, Committed, "F-25", "FILE-PUB-1"},
        // A rename that is asked for twice, around a failure of another one, is success twice.
        FileRow{set_of(Committed), Renamed, kStay, "F-26", "FILE-PUB-5"},
        never(Renamed, set_of(Waiting, Preparing, Probing, Fetching), "F-27"),
        FileRow{set_of(Syncing, Stored), RenameFailed, Stored, "F-28", "FILE-PUB-2"},
        FileRow{set_of(Committed), RenameFailed, kStay, "F-29", "FILE-PUB-5"},
        never(RenameFailed, set_of(Waiting, Preparing, Probing, Fetching), "F-30"),
        // ResumeGroup fetches it again.
        FileRow{set_of(Syncing, Stored), PartLost, Waiting, "F-31", "FILE-TMP-2"},
        FileRow{set_of(Committed), PartLost, kStay, "F-32", "FILE-PUB-5"},
        never(PartLost, set_of(Waiting, Preparing, Probing, Fetching), "F-33"),
    };
}();

using FileTable = std::remove_const_t<decltype(kFileTable)>;
using FileRowIndex = RowIndex<kFileStates, kFileTriggers>;

static_assert(index_rows<kFileStates, kFileTriggers>(kFileTable).ok,
              "every file state and trigger has exactly one row");

}  // namespace qmgr
