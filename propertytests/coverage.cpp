#include "propertytests/coverage.hpp"

#include <algorithm>

namespace qmgr::propertytests {
namespace {

constexpr std::array<std::string_view, kGroupViews> kViewNames = {
    "Suspended", "Queued",     "Connecting", "Transferring", "TransientError",
    "Error",     "Publishing", "Complete",   "Cancelling",   "NoJob",
    "Cancelled", "Absent",     "Closed"};
constexpr std::array<std::string_view, kFaultPoints> kPointNames = {
    "None", "Server", "Network", "Session", "Pause", "Disk", "Journal", "Restarted", "Crashed"};

// So many commands after it has happened, a fault of the server, a restart or a crash counts as
// what is broken: a handful, since each command lets one thing happen at most.
constexpr std::uint32_t kFresh = 8;
constexpr std::uint32_t kNever = 1U << 30U;

constexpr std::array kPassing = {FaultPoint::Server, FaultPoint::Restarted, FaultPoint::Crashed};

struct Switch {
    Kind on;
    Kind off;
    FaultPoint point;
};
constexpr std::array kSwitches = {
    Switch{Kind::LoseNetwork, Kind::NetworkBack, FaultPoint::Network},
    Switch{Kind::Pause, Kind::Unpause, FaultPoint::Pause},
    Switch{Kind::FillDisk, Kind::FreeDisk, FaultPoint::Disk},
    Switch{Kind::BreakJournal, Kind::MendJournal, FaultPoint::Journal}};

std::size_t number(FaultPoint point) { return static_cast<std::size_t>(point); }

GroupView view_of(const Group& group) {
    static_assert(static_cast<std::size_t>(GroupView::Cancelling) ==
                  static_cast<std::size_t>(JobState::Cancelling));
    return group.job.id ? static_cast<GroupView>(group.job.state) : GroupView::NoJob;
}

}  // namespace

std::string_view name(GroupView view) { return kViewNames.at(static_cast<std::size_t>(view)); }
std::string_view name(FaultPoint point) { return kPointNames.at(number(point)); }

// ---- watching -----------------------------------------------------------------------------------

void CoverageWatch::begin() {
    hits_ = 0;
    around_.reset();
    logged_off_.reset();
    ago_.fill(kNever);
}

void CoverageWatch::watch_server(Client& client) {
    std::uint64_t hits = 0;
    for (const auto& rule : client.world().network().responder().hits()) hits += rule.hits;
    if (hits > hits_) ago_[number(FaultPoint::Server)] = 0;
    hits_ = hits;
}

// What the command will have changed when the next one is looked at.
void CoverageWatch::follow(const Command& command) {
    for (std::uint32_t& ago : ago_) ++ago;
    for (const Switch& one : kSwitches)
        if (command.kind == one.on || command.kind == one.off)
            around_.set(number(one.point), command.kind == one.on);
    if (command.kind == Kind::LogOff) logged_off_.set(command.user);
    if (command.kind == Kind::LogOn) logged_off_.reset(command.user);
    if (command.kind == Kind::Restart) ago_[number(FaultPoint::Restarted)] = 0;
    if (command.kind == Kind::Crash) ago_[number(FaultPoint::Crashed)] = 0;
}

CoverageWatch::Points CoverageWatch::points_for(const std::string* owner,
                                                const Command& command) const {
    Points points = around_;
    std::size_t user = command.user;
    if (owner != nullptr)
        user = static_cast<std::size_t>(
            std::find(kUserNames.begin(), kUserNames.end() - 1, *owner) - kUserNames.begin());
    points.set(number(FaultPoint::Session), logged_off_.test(user));
    for (const FaultPoint point : kPassing)
        if (ago_[number(point)] <= kFresh) points.set(number(point));
    if (points.none()) points.set(number(FaultPoint::None));
    return points;
}

void CoverageWatch::look(Client& client, const Command& command) {
    watch_server(client);
    GroupView view = GroupView::Closed;
    const std::string* owner = nullptr;
    if (const Engine* engine = client.world().engine()) {
        const QueueState& state = engine->state();
        const auto found = state.group_ids.find(group_id(client.slot_for(command)));
        const bool gone = is_call(command.kind) && handle_choice(command) == HandleChoice::Gone;
        if (gone && client.holds_gone_group(command.slot)) {
            view = GroupView::Cancelled;
        } else if (found != state.group_ids.end()) {
            const Group& group = state.groups.at(found->second);
            view = view_of(group);
            owner = &group.owner;
        } else {
            view = GroupView::Absent;
        }
    }
    const Points points = points_for(owner, command);
    for (std::size_t i = 0; i < kFaultPoints; ++i)
        if (points.test(i)) reached_.insert({view, command.kind, static_cast<FaultPoint>(i)});
    follow(command);
}

}  // namespace qmgr::propertytests
