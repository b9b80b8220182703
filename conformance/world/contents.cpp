#include "conformance/world/contents.hpp"

#include <algorithm>
#include <cstddef>
#include <span>

#include "fakeserver/content.hpp"
#include "reference/contract/check.hpp"

namespace qmgr::inline v0::world {
namespace {

using fakeserver::Literal;
using fakeserver::Slice;

std::string bytes_of(const Piece& piece) {
    if (const auto* literal = std::get_if<Literal>(&piece)) return literal->bytes;
    const Slice& slice = std::get<Slice>(piece);
    std::string bytes(slice.length, '\0');
    fakeserver::fill_content(slice.seed, slice.offset, std::as_writable_bytes(std::span(bytes)));
    return bytes;
}

// Whether the bytes of a piece are those of the content `seed` from `offset` on. A block at a time:
// what is something else is so from its first bytes on.
bool spells(const Piece& piece, std::uint64_t seed, std::uint64_t offset) {
    constexpr std::uint64_t block = 256;
    const std::uint64_t length = length_of(piece);
    for (std::uint64_t at = 0; at < length; at += block) {
        const std::string bytes = bytes_of(cut(piece, at, std::min(block, length - at)));
        if (!fakeserver::is_content(seed, offset + at, std::as_bytes(std::span(bytes))))
            return false;
    }
    return true;
}

}  // namespace

std::uint64_t length_of(const Piece& piece) {
    if (const auto* literal = std::get_if<Literal>(&piece)) return literal->bytes.size();
    return std::get<Slice>(piece).length;
}

Piece cut(const Piece& piece, std::uint64_t begin, std::uint64_t length) {
    if (const auto* literal = std::get_if<Literal>(&piece))
        return Literal{literal->bytes.substr(begin, length)};
    const Slice& slice = std::get<Slice>(piece);
    return Slice{slice.seed, slice.offset + begin, length};
}

void Contents::append(Piece piece) {
    const std::uint64_t length = length_of(piece);
    if (length == 0) return;
    size_ += length;
    auto* last = pieces_.empty() ? nullptr : std::get_if<Slice>(&pieces_.back());
    const auto* next = std::get_if<Slice>(&piece);
    const bool joins = last != nullptr && next != nullptr && last->seed == next->seed &&
                       last->offset + last->length == next->offset;
    if (joins)
        last->length += length;
    else
        pieces_.push_back(std::move(piece));
}

void Contents::truncate(std::uint64_t size) {
    QMGR_CHECK(size <= size_, "a file cannot be cut beyond its end");
    while (size_ > size) {
        const std::uint64_t length = length_of(pieces_.back());
        const std::uint64_t begin = size_ - length;
        if (begin >= size) {
            pieces_.pop_back();
            size_ = begin;
        } else {
            pieces_.back() = cut(pieces_.back(), 0, size - begin);
            size_ = size;
        }
    }
}

bool Contents::is_content(std::uint64_t seed) const {
    std::uint64_t offset = 0;
    for (const Piece& piece : pieces_) {
        const auto* slice = std::get_if<Slice>(&piece);
        const bool named = slice != nullptr && slice->seed == seed && slice->offset == offset;
        if (!named && !spells(piece, seed, offset)) return false;
        offset += length_of(piece);
    }
    return true;
}

std::string Contents::bytes() const {
    std::string all;
    for (const Piece& piece : pieces_) all += bytes_of(piece);
    return all;
}

}  // namespace qmgr::inline v0::world
