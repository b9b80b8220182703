// What the tables share: sets of states as columns, and the proof that a table is total.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace qmgr {

/// A set of values of a small enum: one bit each.
template <class Enum>
struct SetOf {
    std::uint64_t bits = 0;
    constexpr bool has(Enum value) const {
        return (bits >> static_cast<unsigned>(value) & 1U) != 0;
    }
    constexpr bool operator==(const SetOf&) const = default;
};

template <class Enum, class... More>
constexpr SetOf<Enum> set_of(Enum first, More... more) {
    return {((1ULL << static_cast<unsigned>(first)) | ... | (1ULL << static_cast<unsigned>(more)))};
}

/// Every value of an enum with `count` values.
template <class Enum>
constexpr SetOf<Enum> all_of(std::size_t count) {
    return {(1ULL << count) - 1};
}

/// For rows with `from` (a SetOf) and `trigger`: for every pair, the number of its row. `ok` is
/// false if some pair has no row or two.
template <std::size_t States, std::size_t Triggers>
struct RowIndex {
    std::array<std::uint8_t, States * Triggers> row{};
    bool ok = true;
    constexpr std::size_t operator()(std::size_t state, std::size_t trigger) const {
        return row[state * Triggers + trigger];
    }
};

template <std::size_t States, std::size_t Triggers, class Rows>
constexpr RowIndex<States, Triggers> index_rows(const Rows& rows) {
    constexpr std::uint8_t none = 0xFF;
    RowIndex<States, Triggers> index;
    index.row.fill(none);
    for (std::size_t r = 0; r < rows.size(); ++r) {
        for (std::size_t state = 0; state < States; ++state) {
            if ((rows[r].from.bits >> state & 1U) == 0) continue;
            std::uint8_t& slot =
                index.row[state * Triggers + static_cast<std::size_t>(rows[r].trigger)];
            if (slot != none) index.ok = false;
            slot = static_cast<std::uint8_t>(r);
        }
    }
    for (const std::uint8_t slot : index.row)
        if (slot == none) index.ok = false;
    return index;
}

}  // namespace qmgr
