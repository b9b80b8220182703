#include "reference/service/service.hpp"

#include <algorithm>
#include <utility>

namespace qmgr {
namespace {

// Between two attempts to open the journal.
constexpr Duration kShortestWait(1);

}  // namespace

Service::Service(const Ports& ports, Inbox& inbox, const Rules& rules, const Policy& policy)
    : ports_(ports), inbox_(inbox), rules_(rules), policy_(policy) {}

HResult Service::open() {
    const HResult started = start(ports_.clock.now());
    if (failed(started)) return started;
    turn();
    return engine_ ? HResult::Ok : HResult::QmServiceUnavailable;
}

HResult Service::start(Instant now) {
    Records records;
    const HResult opened = ports_.journal.load(records);
    if (failed(opened)) {
        reopen_at_ = now + std::max(policy_.retry_delay, kShortestWait);
        return opened;
    }
    reopen_at_.reset();
    engine_ = std::make_unique<Engine>(rules_, policy_);
    turn_.push_back(engine_->restore(records, now, numbers_, ports_.surroundings.current()));
    finish_turn(now);
    return HResult::Ok;
}

void Service::run() {
    for (;;) {
        turn();
        std::optional<Duration> limit;
        if (const auto wakeup = next_wakeup())
            limit = std::max(Duration(0), *wakeup - ports_.clock.now());
        if (!inbox_.wait(limit)) return;
    }
}

std::optional<Instant> Service::next_wakeup() const {
    return engine_ ? engine_->next_wakeup() : reopen_at_;
}

void Service::turn() {
    // Once a turn: what waits in the inbox is answered in between, however short the delay is.
    if (const Instant now = ports_.clock.now(); !engine_ && reopen_at_ && *reopen_at_ <= now)
        start(now);
    for (;;) {
        const Instant now = ports_.clock.now();
        std::vector<Inbox::Item> items = inbox_.take();
        const auto wakeup = next_wakeup();
        const bool due = engine_ && wakeup && *wakeup <= now;
        if (items.empty() && !due) return;
        for (Inbox::Item& item : items) {
            if (auto* call = std::get_if<PendingCall>(&item))
                take(std::move(*call), now);
            else
                retire(std::get<Event>(item));
            if (engine_ && std::holds_alternative<Event>(item))
                step(std::get<Event>(std::move(item)), now);
        }
        if (due) step(Event(event::TimeReached{}), now);
        finish_turn(now);
    }
}

void Service::take(PendingCall call, Instant now) {
    if (!engine_) {
        refuse(call);
        return;
    }
    CallInput input{{next_call_++}, call.caller, call.call, {}};
    if (const auto* add = std::get_if<call::AddFiles>(&call.call))
        for (const FileSetInfo& file : add->files)
            input.directories.push_back(ports_.file_store.examine(call.caller, file.local_name));
    waiting_.emplace(input.id, std::move(call));
    step(std::move(input), now);
}

void Service::step(const Input& input, Instant now) {
    turn_.push_back(engine_->step(input, now));
    numbers_ = engine_->numbers();
}

// An exchange whose last event this is needs no stop any more.
void Service::retire(const Event& event) {
    if (const auto* ended = std::get_if<event::FetchEnded>(&event)) fetches_.erase(ended->fetch);
    if (const auto* broken = std::get_if<event::StoreFailed>(&event)) fetches_.erase(broken->fetch);
    if (const auto* answered = std::get_if<event::ResponseStarted>(&event)) {
        const auto found = fetches_.find(answered->fetch);
        if (found != fetches_.end() && found->second) fetches_.erase(found);  // of a HEAD it is all
    }
}

// One transaction for the whole turn, then everything else in the order of the steps.
void Service::finish_turn(Instant now) {
    const std::vector<Actions> turn = std::exchange(turn_, {});
    std::vector<Change> changes;
    for (const Actions& actions : turn)
        for (const Action& action : actions.list)
            if (const auto* persist = std::get_if<action::Persist>(&action))
                changes.insert(changes.end(), persist->changes.begin(), persist->changes.end());
    if (!changes.empty() && failed(ports_.journal.commit(changes))) {
        close_down();
        reopen_at_ = now + std::max(policy_.retry_delay, kShortestWait);
        return;
    }
    for (const Actions& actions : turn) {
        for (const Action& action : actions.list)
            if (!std::holds_alternative<action::Persist>(action))
                std::visit([this](const auto& one) { perform_one(one); }, action);
        if (ports_.log != nullptr)
            for (const Step& step : actions.steps) ports_.log->wrote(now, step);
    }
}

void Service::perform_one(const action::Persist& /*action*/) {}  // done before, for the whole turn

void Service::perform_one(const action::CreatePart& action) {
    ports_.file_store.create_part(action);
}

void Service::perform_one(const action::StartFetch& action) {
    fetches_.emplace(action.fetch, action.method == "HEAD");
    ports_.transport.start(action);
}

void Service::perform_one(const action::StoreBody& action) { ports_.transport.store_body(action); }

void Service::perform_one(const action::StopFetch& action) {
    fetches_.erase(action.fetch);
    ports_.transport.stop(action.fetch);
}

void Service::perform_one(const action::SyncPart& action) { ports_.file_store.sync_part(action); }

void Service::perform_one(const action::CommitFile& action) {
    ports_.file_store.commit_file(action);
}

void Service::perform_one(const action::DiscardPart& action) {
    ports_.file_store.discard_part(action);
}

void Service::perform_one(const action::Notify& action) {
    ports_.notifier.deliver(action.notification);
}

void Service::perform_one(const action::Answer& action) {
    const auto found = waiting_.find(action.call);
    if (found == waiting_.end()) return;
    const PendingCall call = std::move(found->second);
    waiting_.erase(found);
    call.sink->replied(call.id, action.reply);
}

// SERVICE-1. What is in the journal is what was; the engine's view of it is thrown away.
void Service::close_down() {
    engine_.reset();
    for (const auto& [fetch, is_head] : std::exchange(fetches_, {})) ports_.transport.stop(fetch);
    ports_.notifier.forget();
    for (const auto& [id, call] : std::exchange(waiting_, {})) refuse(call);
}

void Service::refuse(const PendingCall& call) const {
    call.sink->replied(call.id, {HResult::QmServiceUnavailable, {}});
}

}  // namespace qmgr
