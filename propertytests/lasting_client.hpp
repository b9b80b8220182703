// A client that outlasts its service: it gets its handles again, repeats what was not acknowledged
// and nothing else, answers notifications, and resumes a group that went into error. What it is
// told at the end is what two runs of one story are compared by.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "conformance/world/world.hpp"

namespace qmgr::propertytests {

/// Of one event of one group, which may be delivered more than once.
struct Heard {
    std::size_t slot = 0;
    bool error = false;             ///< else: complete
    std::optional<FileIndex> file;  ///< the failing one
    std::uint32_t result = 0;       ///< HRESULT of the error
    auto operator<=>(const Heard&) const = default;
};
std::string to_text(const Heard& heard);

class LastingClient {
  public:
    /// A story has two groups at most.
    static constexpr std::size_t kSlots = 2;
    static const Caller kUser;           ///< "u1"
    static const Caller kAdministrator;  ///< "admin"

    /// `heal` ends whatever was made to fail. It is called when a call is refused five times, or a
    /// state that the story waits for does not come within three seconds of virtual time; what is
    /// refused or does not come after that is a complaint.
    LastingClient(world::World& world, std::function<void()> heal);

    // What a story is made of. Each returns when it is acknowledged, however often the service ends
    // meanwhile.
    void create(std::size_t slot);
    /// {path at the server, local name}…, in one AddFiles.
    using Files = std::vector<std::pair<std::string, std::string>>;
    void add(std::size_t slot, const Files& files);
    void listen(std::size_t slot, std::uint32_t notify_flags);
    void resume(std::size_t slot);
    void suspend(std::size_t slot);
    void switch_to_foreground(std::size_t slot);
    void cancel(std::size_t slot);
    /// An administrator gets the group, which makes it theirs (QMGR-GET-5).
    void hand_over(std::size_t slot);
    /// Deliveries are answered E_FAIL until further notice, or S_OK as at the start.
    void answer_with(HResult hresult) { answer_ = hresult; }
    /// Another restart than those that happen to it.
    void restart_service();
    void cut_power();

    void pass(Duration time);
    void until_stored(std::size_t slot, std::uint32_t bytes);
    void until_complete(std::size_t slot);
    /// The group is in that error and its delivery was answered S_OK. Another error is resumed.
    void until_error(std::size_t slot, HResult error);
    /// A delivery for the group was answered, by whatever answer_with() says.
    void until_told(std::size_t slot);
    /// The delivery for the end of the group was answered S_OK.
    void until_heard(std::size_t slot);

    // What came of it.
    world::World& world() { return world_; }
    /// Events answered S_OK, and how often each.
    const std::map<Heard, std::size_t>& heard() const { return heard_; }
    /// "held", "cancelled" or "none" and what calls tell of it, one line.
    std::string look_at(std::size_t slot);
    /// What was not as a client may expect; empty is right.
    const std::vector<std::string>& complaints() const { return complaints_; }
    /// Everything is healed, the last deliveries come.
    void settle();
    /// Cancels whatever is held.
    void cancel_all();

  private:
    struct Slot {
        bool held = false;     ///< CreateGroup was acknowledged, CancelGroup was not
        bool has_job = false;  ///< CreateJob was acknowledged
        bool cancelling = false;
        bool cancelled = false;
        Caller owner = kUser;
        std::uint32_t files = 0;
        std::uint32_t deliveries = 0;
        GroupHandle group;
        JobHandle job;
    };

    Reply ask(const Caller& caller, const Call& call);
    Reply ask_group(std::size_t slot, const Call& call) { return ask(slots_[slot].owner, call); }
    void insist(const std::string& what, const std::function<bool(bool again)>& attempt);
    void until(const std::string& what, const std::function<bool()>& done,
               std::optional<HResult> awaited_error = {});
    void set_property(std::size_t slot, GroupProperty property, const PropertyValue& value);
    void change(std::size_t slot, const std::string& what, const std::function<Call()>& call);
    void get_handles_again();
    bool get_handles_of(std::size_t slot);
    void take_deliveries();
    void look(std::optional<HResult> awaited_error);
    bool has_heard(std::size_t slot, std::optional<HResult> error) const;
    GroupStatus status(std::size_t slot);
    bool is_listed(std::size_t slot);
    std::uint32_t stored(std::size_t slot);
    void complain(std::string what) { complaints_.push_back(std::move(what)); }

    world::World& world_;
    std::function<void()> heal_;
    std::array<Slot, kSlots> slots_;
    HResult answer_ = HResult::Ok;
    std::map<Heard, std::size_t> heard_;
    std::vector<std::string> complaints_;
    std::uint64_t ends_seen_ = 0;
    bool stale_ = false;  ///< handles may be of a service that is gone
};

}  // namespace qmgr::propertytests
