// The bytes of a simulated file as runs of generated or literal bytes, so that a file of gigabytes
// costs a few words.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "fakeserver/responder.hpp"

namespace qmgr::inline v0::world {

using Piece = std::variant<fakeserver::Slice, fakeserver::Literal>;

/// Bytes of a piece.
std::uint64_t length_of(const Piece& piece);
/// The part [begin, begin + length) of a piece.
Piece cut(const Piece& piece, std::uint64_t begin, std::uint64_t length);

class Contents {
  public:
    std::uint64_t size() const { return size_; }
    void append(Piece piece);
    /// Keeps the first `size` bytes; there must be as many.
    void truncate(std::uint64_t size);
    /// True when these are the first size() bytes of the content `seed`.
    bool is_content(std::uint64_t seed) const;
    /// The bytes themselves; for small files only.
    std::string bytes() const;
    bool operator==(const Contents&) const = default;

  private:
    std::vector<Piece> pieces_;
    std::uint64_t size_ = 0;
};

}  // namespace qmgr::inline v0::world
