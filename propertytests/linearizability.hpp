// Whether calls that overlapped can be put in an order, each at one moment between its beginning
// and its end, in which a sequential specification allows every answer (Herlihy and Wing). The
// search is Wing and Gong's with Lowe's memory of what was tried in vain.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "reference/contract/check.hpp"

namespace qmgr::propertytests {

/// What one call at a time may be answered. A state is a value; two that are equal allow the same
/// futures. (Unequal ones may too: that costs time and nothing else.)
template <class State>
concept Specification = std::copyable<State> && std::equality_comparable<State> &&
    requires(State state, const State& said, const typename State::Operation& operation) {
    /// One call with its answer. False: such an answer is not allowed here, and the state is of
    /// no more use but for refusal().
    { state.perform(operation) } -> std::same_as<bool>;
    /// After perform() gave false: what was expected and what came, one line.
    { said.refusal() } -> std::convertible_to<std::string>;
    /// Of equal states, equal; the rarer it is otherwise, the faster is the search.
    { said.hash() } -> std::convertible_to<std::size_t>;
};

/// One call of one thread. Ticks are of one counter that all threads share: a call that ended
/// before another one began has the smaller numbers.
template <class Operation>
struct Interval {
    std::uint32_t thread = 0;
    std::uint64_t begun = 0;
    std::uint64_t ended = 0;
    Operation operation;
    /// Of calls that may come next, those with the lower number are tried first; among equals,
    /// those that ended first. A good guess makes the search short, a bad one does not make it
    /// wrong.
    std::uint64_t guess = 0;
};

enum class Finding : std::uint8_t {
    Linearizable,
    NotLinearizable,
    Undecided,  ///< the limit of steps was reached
};

/// What check_order found. Calls are meant by their index in what it was given.
struct Ordering {
    Finding finding = Finding::Linearizable;
    std::uint64_t steps = 0;  ///< calls shown to the specification; never above the limit

    std::vector<std::size_t> order;  ///< Linearizable: all calls, in an order that is allowed

    // NotLinearizable: what happened up to and including the end of call `last` has no allowed
    // order; everything before that end has one. Undecided: the search has not come farther yet.
    std::size_t last = 0;
    std::vector<std::size_t> ordered;    ///< the longest allowed beginning before that end
    std::vector<std::size_t> unordered;  ///< the calls under way that cannot come next, `last` too
    std::vector<std::string> reasons;    ///< one for each of `unordered`
};

/// The calls of one history, by thread, and the search through their orders. Use check_order().
template <Specification State>
class OrderSearch {
  public:
    using Call = Interval<typename State::Operation>;

    OrderSearch(const std::vector<Call>& calls, State start, std::uint64_t most_steps)
        : calls_(calls), start_(std::move(start)), most_steps_(most_steps) {
        for (std::size_t i = 0; i < calls.size(); ++i) by_thread_[calls[i].thread].push_back(i);
        for (auto& [thread, own] : by_thread_) {
            std::sort(own.begin(), own.end(), [&](std::size_t a, std::size_t b) {
                return calls[a].begun < calls[b].begun;
            });
            for (std::size_t i = 0; i < own.size(); ++i) {
                const Call& call = calls[own[i]];
                QMGR_CHECK(call.begun < call.ended, "a call ends after it began");
                QMGR_CHECK(i == 0 || calls[own[i - 1]].ended < call.begun,
                           "the calls of one thread do not overlap");
            }
            threads_.push_back(&own);
        }
    }

    Ordering run() {
        std::vector<Place> path;
        path.push_back(begin_place(Done(threads_.size(), 0), start_));
        while (!path.empty()) {
            Place& here = path.back();
            if (here.open.empty() && here.first_end == kNever) return found(path);
            if (here.next == here.open.size()) {
                remember_if_farthest(path);
                const std::size_t hash = hash_of(here.done, here.state);
                in_vain_[hash].emplace_back(std::move(here.done), std::move(here.state));
                path.pop_back();
                continue;
            }
            const std::size_t thread = here.open[here.next++];
            if (result_.steps == most_steps_) return stopped(Finding::Undecided);
            ++result_.steps;
            State state = here.state;
            if (!state.perform(calls_[next_of(here.done, thread)].operation)) continue;
            Done done = here.done;
            ++done[thread];
            if (!was_in_vain(done, state))
                path.push_back(begin_place(std::move(done), std::move(state)));
        }
        return stopped(Finding::NotLinearizable);
    }

  private:
    static constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

    // How many calls of each thread are ordered. The calls of one thread never overlap, so this
    // says which ones.
    using Done = std::vector<std::uint32_t>;

    struct Place {
        Done done;
        State state;
        std::vector<std::size_t> open;  // threads whose next call may come now
        std::size_t next = 0;           // the first of `open` that was not tried
        std::uint64_t first_end = kNever;
    };

    bool has_next(const Done& done, std::size_t thread) const {
        return done[thread] < threads_[thread]->size();
    }
    std::size_t next_of(const Done& done, std::size_t thread) const {
        return (*threads_[thread])[done[thread]];
    }

    // A call may come now if no other one that is still to come ended before it began.
    Place begin_place(Done done, State state) {
        Place place{std::move(done), std::move(state), {}, 0, kNever};
        for (std::size_t i = 0; i < threads_.size(); ++i)
            if (has_next(place.done, i))
                place.first_end = std::min(place.first_end, calls_[next_of(place.done, i)].ended);
        for (std::size_t i = 0; i < threads_.size(); ++i)
            if (has_next(place.done, i) && calls_[next_of(place.done, i)].begun < place.first_end)
                place.open.push_back(i);
        // Most systems answer in about the order in which they acted.
        std::sort(place.open.begin(), place.open.end(), [&](std::size_t a, std::size_t b) {
            const Call& one = calls_[next_of(place.done, a)];
            const Call& other = calls_[next_of(place.done, b)];
            return std::pair(one.guess, one.ended) < std::pair(other.guess, other.ended);
        });
        return place;
    }

    bool was_in_vain(const Done& done, const State& state) const {
        const auto found = in_vain_.find(hash_of(done, state));
        if (found == in_vain_.end()) return false;
        return std::any_of(found->second.begin(), found->second.end(), [&](const auto& one) {
            return one.first == done && one.second == state;
        });
    }

    static std::size_t hash_of(const Done& done, const State& state) {
        constexpr std::size_t kOdd = 0x9E3779B97F4A7C15;  // spreads over all bits
        std::size_t hash = state.hash();
        for (const std::uint32_t count : done) hash = (hash ^ (hash >> 29U) ^ count) * kOdd;
        return hash;
    }

    // Of all places that led nowhere, the one that goes on longest before a call has to come that
    // cannot: the end of that call ends the shortest beginning that has no order.
    void remember_if_farthest(const std::vector<Place>& path) {
        const Place& here = path.back();
        if (here.first_end < farthest_end_) return;
        if (here.first_end == farthest_end_ && path.size() <= farthest_.size() + 1) return;
        farthest_end_ = here.first_end;
        farthest_ = order_of(path);
    }

    std::vector<std::size_t> order_of(const std::vector<Place>& path) const {
        std::vector<std::size_t> order;
        for (std::size_t i = 0; i + 1 < path.size(); ++i)
            order.push_back(next_of(path[i].done, path[i].open[path[i].next - 1]));
        return order;
    }

    Ordering found(const std::vector<Place>& path) {
        result_.finding = Finding::Linearizable;
        result_.order = order_of(path);
        return std::move(result_);
    }
    Ordering stopped(Finding why) {
        result_.finding = why;
        State state = start_;
        Done done(threads_.size(), 0);
        for (const std::size_t call : farthest_) {
            state.perform(calls_[call].operation);
            for (std::size_t i = 0; i < threads_.size(); ++i)
                if (has_next(done, i) && next_of(done, i) == call) {
                    ++done[i];
                    break;
                }
        }
        const Place place = begin_place(done, state);
        for (const std::size_t thread : place.open) {
            const std::size_t call = next_of(place.done, thread);
            if (calls_[call].ended == place.first_end) result_.last = call;
            State tried = state;
            result_.unordered.push_back(call);
            result_.reasons.push_back(tried.perform(calls_[call].operation)
                                          ? "allowed here, but nothing that is allowed follows"
                                          : tried.refusal());
        }
        result_.ordered = std::move(farthest_);
        return std::move(result_);
    }

    const std::vector<Call>& calls_;
    const State start_;
    const std::uint64_t most_steps_;
    std::map<std::uint32_t, std::vector<std::size_t>> by_thread_;
    std::vector<const std::vector<std::size_t>*> threads_;
    // Nothing allowed follows from there; by hash.
    std::unordered_map<std::size_t, std::vector<std::pair<Done, State>>> in_vain_;
    std::uint64_t farthest_end_ = 0;
    std::vector<std::size_t> farthest_;
    Ordering result_;
};

/// Looks for an order of `calls`, all of which have ended; their place in the list means nothing.
/// Gives up, Undecided, when the specification would have to be asked more than `most_steps` times.
/// Memory grows with the steps: one state for each place that was tried in vain. No clock, no
/// chance: the same calls give the same answer. REQUIRES: the calls of one thread do not overlap,
/// and no two ticks are equal.
template <Specification State>
Ordering check_order(const std::vector<Interval<typename State::Operation>>& calls,
                     const State& start, std::uint64_t most_steps) {
    return OrderSearch<State>(calls, start, most_steps).run();
}

}  // namespace qmgr::propertytests
