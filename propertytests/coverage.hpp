// Which behaviour was reached: in which state a group was when something was done to it, and what
// was broken at that moment.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "propertytests/client.hpp"

namespace qmgr::propertytests {

/// The addressed group, as the service sees it. The first nine are states of its job.
enum class GroupView : std::uint8_t {
    Suspended,
    Queued,
    Connecting,
    Transferring,
    TransientError,
    Error,
    Publishing,
    Complete,
    Cancelling,
    NoJob,      ///< it has none yet
    Cancelled,  ///< out of the queue, and asked through a handle from before
    Absent,     ///< the queue has no such group
    Closed,     ///< the service itself is: its journal cannot be written
};
inline constexpr std::size_t kGroupViews = 13;
std::string_view name(GroupView view);

/// What is broken at that moment.
enum class FaultPoint : std::uint8_t {
    None,
    Server,   ///< one of the last answers was a lie, cut, late, or refused
    Network,  ///< it is lost
    Session,  ///< the group's owner is logged off; without a group, the caller
    Pause,
    Disk,       ///< it is full
    Journal,    ///< it fails
    Restarted,  ///< the process has just been killed and started again
    Crashed,    ///< the power has just been lost
};
inline constexpr std::size_t kFaultPoints = 9;
std::string_view name(FaultPoint point);

struct Cell {
    GroupView view{};
    Kind kind{};
    FaultPoint point{};
    bool operator==(const Cell&) const = default;
};

/// A set of cells.
class Cells {
  public:
    void insert(const Cell& cell) { bits_.set(index(cell)); }
    bool contains(const Cell& cell) const { return bits_.test(index(cell)); }
    std::size_t size() const { return bits_.count(); }
    static constexpr std::size_t kAll = kGroupViews * kKinds * kFaultPoints;

  private:
    static std::size_t index(const Cell& cell) {
        return (static_cast<std::size_t>(cell.view) * kKinds +
                static_cast<std::size_t>(cell.kind)) *
                   kFaultPoints +
               static_cast<std::size_t>(cell.point);
    }
    std::bitset<kAll> bits_;
};

/// Watches runs and gathers the cells they reach.
class CoverageWatch {
  public:
    /// Before the first command of each run.
    void begin();
    /// Before each command that `client` performs.
    void look(Client& client, const Command& command);
    const Cells& reached() const { return reached_; }

  private:
    using Points = std::bitset<kFaultPoints>;
    void watch_server(Client& client);
    void follow(const Command& command);
    Points points_for(const std::string* owner, const Command& command) const;

    Cells reached_;
    std::uint64_t hits_ = 0;  ///< of all rules, when they were looked at last
    Points around_;           ///< network, pause, disk, journal
    std::bitset<kUsers> logged_off_;
    /// How many commands ago the latest fault of each kind was; the large number: never.
    std::array<std::uint32_t, kFaultPoints> ago_{};
};

/// One line of the file with the reasons: cells that cannot be reached, or that no run has to.
struct UnreachedRule {
    std::bitset<kGroupViews> views;
    std::bitset<kKinds> kinds;
    std::bitset<kFaultPoints> points;
    std::string text;     ///< the line
    std::string because;  ///< what stands behind ": because "
    bool covers(const Cell& cell) const;
};
inline constexpr std::size_t kMostRules = 40;
/// Reads lines such as
///     state in Connecting, Transferring; command in *; fault point in Network: because …
/// Empty lines and lines that begin with # are left out. Anything else, a name that does not exist
/// or more than kMostRules lines are an InputError; its place is `where` and the number of the
/// line.
std::vector<UnreachedRule> read_rules(std::string_view text, const std::string& where);

/// What is wrong between the cells and the rules, one line each: cells that nobody reached and no
/// rule explains, rules that explain a reached cell, and rules that explain nothing that another
/// one does not. Empty: nothing.
std::vector<std::string> disagreements(const Cells& reached,
                                       const std::vector<UnreachedRule>& rules);

/// The page docs/coverage-of-behaviour.md. `how` is the command that prints it.
std::string coverage_page(const Cells& reached, const std::vector<UnreachedRule>& rules,
                          const std::string& how);

}  // namespace qmgr::propertytests
