#include "propertytests/shrink.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

namespace qmgr::propertytests {
namespace {

// Pairs are tried among so many commands at most: 40 make 780 pairs.
constexpr std::size_t kMostForPairs = 40;

constexpr bool is_time(const Command& command) { return command.kind == Kind::LetTimePass; }

// Of this process and of those it has waited for.
Duration processor_time() {
    Duration total{0};
    for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
        rusage used{};
        ::getrusage(who, &used);
        for (const timeval& time : {used.ru_utime, used.ru_stime})
            total += Duration(time.tv_sec * 1'000 + time.tv_usec / 1'000);
    }
    return total;
}

class Search {
  public:
    Search(Plan plan, const Fails& fails, const Budget& budget)
        : best_(std::move(plan)), fails_(fails), budget_(budget), started_(processor_time()) {}

    Shrunk run();

  private:
    bool is_over() const;
    /// Asks once; a plan that fails is the best from now on.
    bool accept(Plan candidate);
    void cut_the_end();
    bool drop_commands();
    bool drop_pairs();
    bool drop_faults();
    bool join_slots_and_users();
    bool lower_values();
    bool lower_times();
    /// Lowers what `number` gives a reference to, down to the lowest that still fails.
    template <class Number>
    bool lower(const Number& number);
    /// The bits under `mask` of a command's `what`.
    bool lower_what(std::size_t index, unsigned shift);

    Plan best_;
    const Fails& fails_;
    const Budget& budget_;
    Duration started_;
    std::set<std::vector<std::uint8_t>> asked_;
    std::size_t plays_ = 0;
};

bool Search::is_over() const {
    if (plays_ >= budget_.plays) return true;
    return processor_time() - started_ >= budget_.processor_time;
}

bool Search::accept(Plan candidate) {
    if (is_over() || !asked_.insert(encode(candidate)).second) return false;
    ++plays_;
    if (!fails_(candidate)) return false;
    best_ = std::move(candidate);
    return true;
}

Plan without(Plan plan, std::size_t begin, std::size_t end) {
    plan.commands.erase(plan.commands.begin() + static_cast<std::ptrdiff_t>(begin),
                        plan.commands.begin() + static_cast<std::ptrdiff_t>(end));
    return plan;
}

// Most of a random plan comes after its bad step, or is the ending's work as well.
void Search::cut_the_end() {
    std::size_t enough = best_.commands.size();
    std::size_t too_few = 0;
    while (too_few < enough) {
        const std::size_t middle = too_few + (enough - too_few) / 2;
        if (accept(without(best_, middle, best_.commands.size())))
            enough = middle;
        else
            too_few = middle + 1;
    }
}

bool Search::drop_commands() {
    bool better = false;
    for (std::size_t chunk = std::max<std::size_t>(best_.commands.size() / 2, 1);; chunk /= 2) {
        // From the end: what comes later depends on what came before.
        for (std::size_t end = best_.commands.size(); end > 0 && !is_over();) {
            const std::size_t begin = end > chunk ? end - chunk : 0;
            better |= accept(without(best_, begin, end));
            end = begin;
        }
        if (chunk <= 1) return better;
    }
}

// What one command does and another undoes can only go together.
bool Search::drop_pairs() {
    if (best_.commands.size() > kMostForPairs) return false;
    for (std::size_t second = best_.commands.size(); second-- > 1;)
        for (std::size_t first = second; first-- > 0;)
            if (accept(without(without(best_, second, second + 1), first, first + 1))) return true;
    return false;
}

bool Search::drop_faults() {
    bool better = false;
    for (std::size_t i = best_.faults.size(); i-- > 0;) {
        Plan fewer = best_;
        fewer.faults.erase(fewer.faults.begin() + static_cast<std::ptrdiff_t>(i));
        better |= accept(std::move(fewer));
    }
    return better;
}

// One group and one user are easier to follow than two.
bool Search::join_slots_and_users() {
    bool better = false;
    const auto join = [&](std::uint8_t Command::*field, std::uint8_t from, std::uint8_t to) {
        Plan joined = best_;
        for (Command& command : joined.commands)
            if (command.*field == from) command.*field = to;
        if (joined.commands != best_.commands) better |= accept(std::move(joined));
    };
    for (std::uint8_t from = kSlots - 1; from > 0; --from)
        for (std::uint8_t to = 0; to < from; ++to) join(&Command::slot, from, to);
    for (std::uint8_t from = kUsers - 1; from > 0; --from)
        for (std::uint8_t to = 0; to < from; ++to) join(&Command::user, from, to);
    return better;
}

// As QuickCheck's integers: 0 first, then from half way up to one less.
template <class Number>
bool Search::lower(const Number& number) {
    bool better = false;
    for (bool again = true; again && !is_over();) {
        again = false;
        const std::uint64_t now = number(best_);
        for (std::uint64_t step = now; step > 0 && !again; step /= 2) {
            Plan lower = best_;
            auto& lowered = number(lower);
            lowered = static_cast<std::decay_t<decltype(lowered)>>(now - step);
            again = accept(std::move(lower));
        }
        better |= again;
    }
    return better;
}

bool Search::lower_what(std::size_t index, unsigned shift) {
    const unsigned mask = 0xFU << shift;
    bool better = false;
    for (unsigned less = 0; less < ((best_.commands[index].what & mask) >> shift); ++less) {
        Plan lower = best_;
        std::uint8_t& what = lower.commands[index].what;
        what = static_cast<std::uint8_t>((what & ~mask) | (less << shift));
        if (!accept(std::move(lower))) continue;
        better = true;
        break;
    }
    return better;
}

bool Search::lower_values() {
    bool better = lower([](auto& plan) -> auto& { return plan.seed; });
    for (std::size_t i = 0; i < best_.faults.size(); ++i) {
        better |= lower([i](auto& plan) -> auto& { return plan.faults[i].times; });
        better |= lower([i](auto& plan) -> auto& { return plan.faults[i].which; });
        better |= lower([i](auto& plan) -> auto& { return plan.faults[i].resource; });
        better |= lower([i](auto& plan) -> auto& { return plan.faults[i].at; });
    }
    for (std::size_t i = 0; i < best_.commands.size(); ++i) {
        better |= lower([i](auto& plan) -> auto& { return plan.commands[i].slot; });
        better |= lower([i](auto& plan) -> auto& { return plan.commands[i].user; });
        better |= lower_what(i, 4);
        better |= lower_what(i, 0);
        if (is_time(best_.commands[i])) continue;
        better |= lower([i](auto& plan) -> auto& { return plan.commands[i].value; });
    }
    return better;
}

bool Search::lower_times() {
    bool better = false;
    for (std::size_t i = 0; i < best_.commands.size(); ++i)
        if (is_time(best_.commands[i]))
            better |= lower([i](auto& plan) -> auto& { return plan.commands[i].value; });
    return better;
}

Shrunk Search::run() {
    asked_.insert(encode(best_));
    cut_the_end();
    while (drop_commands() || drop_faults() || join_slots_and_users() || drop_pairs() ||
           lower_values() || lower_times()) {
    }
    return {best_, plays_, !is_over()};
}

}  // namespace

Shrunk shrink(const Plan& plan, const Fails& fails, const Budget& budget) {
    return Search(plan, fails, budget).run();
}

}  // namespace qmgr::propertytests
