// Everything a simulated machine does, one deed at a time, and what can become of each: it is done,
// it fails, it is only said to be done, or the machine ends before it, within it or after it.
//
// Nothing here throws. When the machine ends, the service in it is not told: its ports go dead. No
// write, commit, request, delivery or answer has any effect from then on, and the world begins
// again from what survives as soon as the service comes to rest.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace qmgr::inline v0::world {

enum class Deed : std::uint8_t {
    LoadJournal,
    CommitJournal,  ///< atomic: an end within it leaves nothing of the transaction
    Examine,
    CreatePart,
    SyncPart,  ///< asked for by the service: cut, then made durable
    SyncBody,  ///< by the disk itself, while a body comes
    DiscardPart,
    SyncRemoval,    ///< of the directory, after a part was removed; then it cannot come back
    AskRename,      ///< commit_file: the three that follow come later
    SyncForRename,  ///< the file's bytes, before it gets its name
    Rename,
    SyncDirectory,  ///< after the rename; then the name is durable
    BeginBody,
    Write,
    EndBody,
    StartFetch,
    StoreBody,
    StopFetch,
    Deliver,  ///< a notification
    Answer,   ///< of a call, to the client
};
inline constexpr std::size_t kDeeds = 20;
/// "commit_journal"; constant text.
std::string_view name(Deed deed);
/// Something is written bit by bit, so that an end within it leaves less than all of it and more
/// than nothing.
bool is_divisible(Deed deed);
/// A port has a way to report that it failed.
bool can_fail(Deed deed);

enum class Fate : std::uint8_t {
    Done,
    /// Not done, and reported as failed, as by an I/O error; of what moves data within the machine
    /// IoDevice, of requests Unreachable, of deliveries E_FAIL. A deed that cannot fail is done.
    Fails,
    /// Not done, and reported as done: a disk that lies, a program that is too quick.
    OnlyClaimed,
    EndsBefore,
    /// Of a write or a sync the first half of what is missing is done; of anything else nothing.
    EndsWithin,
    EndsAfter,  ///< it is done, and nobody hears of it
};

/// The machine's power switch, with somebody's hand on it.
class Deeds {
  public:
    using Judge = std::function<Fate(Deed)>;

    /// Asked once before each deed; empty: every one is done.
    explicit Deeds(Judge judge) : judge_(std::move(judge)) {}

    /// The machine has ended and nothing has any effect.
    bool ended() const { return ended_; }
    void begin_again() { ended_ = false; }

  private:
    friend class Doing;

    Judge judge_;
    bool ended_ = false;
};

/// One deed from its beginning to its end, for the port that does it. Exactly one of the five
/// holds.
class Doing {
  public:
    /// Null: it is done.
    Doing(Deeds* deeds, Deed deed);
    ~Doing();
    Doing(const Doing&) = delete;
    Doing& operator=(const Doing&) = delete;

    /// Do it and report it.
    bool is_done() const { return fate_ == Fate::Done || fate_ == Fate::EndsAfter; }
    /// Report that it failed.
    bool fails() const { return fate_ == Fate::Fails; }
    /// Report it, and do not do it.
    bool is_claimed() const { return fate_ == Fate::OnlyClaimed; }
    /// Do half of it and report nothing.
    bool is_half_done() const { return fate_ == Fate::EndsWithin; }
    /// Do nothing and report nothing.
    bool is_void() const { return fate_ == Fate::EndsBefore; }

  private:
    Deeds* deeds_;
    Fate fate_ = Fate::Done;
};

}  // namespace qmgr::inline v0::world
