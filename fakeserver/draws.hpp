// Chance without order: what is drawn is a function of a key, and the key of a rule's seed and of
// the numbers of the connection and of the request on it. Requests may arrive in any order. Pure.
#pragma once

#include <cstdint>

#include "fakeserver/script.hpp"

namespace qmgr::inline v0::fakeserver {

/// The key of one request (`nth` of its connection, from 1) or of a whole connection (`nth` 0).
std::uint64_t draw_key(std::uint64_t seed, std::uint64_t connection, std::uint64_t nth);

/// What a rule draws from: its seed and its name, so that two rules of one seed draw differently.
std::uint64_t rule_seed(const FaultRule& rule);

/// A number that every bit of `key` and `salt` decides; the same in every release.
std::uint64_t draw(std::uint64_t key, std::uint64_t salt);

/// True in `chance.of` of `chance.out_of` keys.
bool happens(const Chance& chance, std::uint64_t key);

/// Milliseconds.
std::uint64_t draw_delay(const Delay& delay, std::uint64_t key);

}  // namespace qmgr::inline v0::fakeserver
