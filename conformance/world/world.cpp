#include "conformance/world/world.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "reference/contract/check.hpp"

namespace qmgr::inline v0::world {

World::World(Options options) : options_(std::move(options)), clock_(options_.start) {
    disk_ = std::make_unique<SimulatedDisk>(agenda_, clock_, relay_, options_.policy, &deeds_);
    network_ = std::make_unique<SimulatedNetwork>(agenda_, clock_, *disk_, relay_, options_.policy,
                                                  &deeds_);
    network_->serve(options_.host, options_.script);
    start_service();
    begin_again_after_an_end();
}

World::~World() = default;

// What the process was doing and what nobody took from it goes with it.
void World::end_service() {
    service_.reset();
    network_->crash();
    agenda_.clear();
    inbox_.take();
    desk_.take();
}

void World::start_service() {
    ++starts_;
    const Ports ports{clock_, *network_, *disk_, journal_, courier_, machine_, this};
    service_ = std::make_unique<Service>(options_.ports ? options_.ports(ports, inbox_) : ports,
                                         inbox_, *options_.rules, options_.policy);
    service_->open();
}

void World::turn() {
    service_->turn();
    begin_again_after_an_end();
}

void World::begin_again_after_an_end() {
    while (deeds_.ended()) {
        ++ends_;
        end_service();
        options_.power_fails ? disk_->crash() : disk_->forget_process();
        deeds_.begin_again();
        start_service();
    }
}

void World::Courier::deliver(const Notification& notification) {
    const Doing doing(&deeds_, Deed::Deliver);
    if (doing.is_done()) desk_.deliver(notification);
    if (doing.fails() || doing.is_claimed())
        events_.post(event::NotificationAnswered{notification.number,
                                                 doing.fails() ? HResult::Failed : HResult::Ok});
}

void World::Relay::post(Event event) {
    if (!options_.event || options_.event(event)) inbox_.post(std::move(event));
}

Description World::describe() {
    return {"qmgr reference, simulated",
            "0.1.0",
            {"disk", "journal", "network", "notify", "pause", "permissions", "policy", "restart",
             "sessions", "users", "virtual_time"}};
}

Reply World::call(const Caller& caller, const Call& call) {
    const CallId id{next_call_++};
    asked_ = id;
    const std::uint64_t ends_before = ends_;
    inbox_.submit({id, caller, call, this});
    turn();
    // Far more than any rename takes; a call that is not answered by then never will be.
    const Instant limit = clock_.now() + std::chrono::hours(1);
    while (!reply_) {
        if (ends_ != ends_before) return {HResult::RpcDisconnected, {}};
        QMGR_CHECK(advance(limit), "a call that nobody answers");
    }
    return *std::exchange(reply_, std::nullopt);
}

std::optional<std::string> World::surroundings(const Surroundings& what) {
    machine_.take(what, inbox_);
    disk_->set_full(machine_.disk_is_full());
    journal_.set_failing(machine_.journal_fails());
    turn();
    return std::nullopt;
}

void World::register_callback(ClassId class_id) {
    desk_.add(class_id);
    turn();
}

std::vector<Notification> World::take_notifications() { return desk_.take(); }

void World::answer(NotificationNumber number, HResult hresult) {
    desk_.answer(number, hresult);
    turn();
}

void World::restart() {
    end_service();
    disk_->forget_process();
    start_service();
    begin_again_after_an_end();
}

void World::crash() {
    end_service();
    disk_->crash();
    start_service();
    begin_again_after_an_end();
}

void World::heal() {
    network_->end_faults();
    const Circumstances before = machine_.current();
    for (const std::string& user : before.logged_off) surroundings(surroundings::LogOn{user});
    surroundings(surroundings::DiskFull{false});
    surroundings(surroundings::JournalFails{false});
    surroundings(surroundings::Unpaused{});
    surroundings(surroundings::NetworkBack{});
}

// To the next thing that happens, but not beyond `limit`; false if there is none until then.
bool World::advance(Instant limit) {
    std::optional<Instant> next = agenda_.next();
    const auto wakeup = service_->next_wakeup();
    const bool wakes = wakeup && (!next || *wakeup < *next);
    if (wakes) next = wakeup;
    if (!next || *next > limit) return false;
    clock_.advance_to(std::max(*next, clock_.now()));
    if (!wakes) agenda_.take()();
    turn();
    return true;
}

void World::run_for(Duration time) {
    const Instant end = clock_.now() + time;
    while (advance(end)) {
    }
    clock_.advance_to(end);
    turn();
}

bool World::run_until(const std::function<bool()>& done, Duration limit) {
    const Instant end = clock_.now() + limit;
    while (!done())
        if (!advance(end)) return false;
    return true;
}

void World::replied(CallId call, const Reply& reply) {
    const Doing doing(&deeds_, Deed::Answer);
    if (doing.is_void()) return;
    if (asked_ != call) {
        ++stray_answers_;
        return;
    }
    reply_ = reply;
    asked_.reset();
}

void World::wrote(Instant at, const Step& step) {
    if (!deeds_.ended()) steps_.push_back({at, step});
}

}  // namespace qmgr::inline v0::world
