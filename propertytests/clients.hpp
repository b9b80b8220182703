// Clients that share a few groups: what each of them asks follows from a seed and from what it was
// told.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "fakeserver/script.hpp"
#include "reference/contract/call.hpp"
#include "reference/contract/reply.hpp"

namespace qmgr::propertytests {

/// What several clients do; all of it, but for the order in which they get to do it.
struct ClientsPlan {
    std::uint64_t seed = 1;
    std::uint32_t clients = 4;
    std::uint32_t calls = 50;  ///< of each client
    std::uint32_t groups = 3;  ///< GUIDs that they share; at most kMostGroups
    bool transfers = true;     ///< ResumeGroup is among the calls
    bool cancels = true;       ///< CancelGroup is among the calls
    std::string site{};        ///< "http://host:port", without a slash at the end
    std::string folder{};      ///< of the local names, likewise; files there are overwritten
    static constexpr std::uint32_t kMostGroups = 16;
};

/// The site that the clients download from: /small, /large, and /missing, which is not there.
fakeserver::Script clients_site();

/// The handles that the clients of one user have told each other. Writing one down orders nothing
/// but the handle itself, so that a race between calls is not hidden.
class Board {
  public:
    struct Handles {
        std::atomic<std::uint64_t> group = 0;  ///< 0: none yet
        std::atomic<std::uint64_t> job = 0;
        std::atomic<std::uint64_t> enumerator = 0;  ///< of jobs
    };
    Handles& of(std::uint32_t group) { return groups_.at(group); }
    std::atomic<std::uint64_t>& groups() { return enumerator_; }

  private:
    std::array<Handles, ClientsPlan::kMostGroups> groups_;
    std::atomic<std::uint64_t> enumerator_ = 0;  // of groups
};

/// One client. For one thread.
class ConcurrentClient {
  public:
    /// `board` is shared by all clients with an equal caller() and outlives them.
    ConcurrentClient(const ClientsPlan& plan, std::uint32_t number, Board& board);

    /// Every third one is the administrator "root", the others are the user "u1".
    static Caller caller(std::uint32_t number);
    static GroupId group_id(std::uint32_t group);
    /// The class that notifications are asked for.
    static ClassId class_id();

    /// The next call; to be followed by told().
    Call next();
    void told(const Call& call, const Reply& reply);

  private:
    Call about_queue(std::uint32_t group);
    Call about_group(std::uint32_t group, GroupHandle handle);
    Call about_job(std::uint32_t group, JobHandle handle);
    Call about_enumerator(EnumeratorHandle handle);
    std::uint32_t draw(std::uint32_t below);
    std::string fresh_text();

    ClientsPlan plan_;
    const std::uint32_t number_;
    Board& board_;
    std::mt19937_64 chance_;
    std::uint32_t group_ = 0;  // the one that the call under way is about
    std::uint32_t texts_ = 0;
    std::deque<Call> follow_up_;  // comes before anything new
};

}  // namespace qmgr::propertytests
