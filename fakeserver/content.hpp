// Content without files: byte k of a resource is a function of its seed and k, so gigabytes cost no
// memory and any offset can be checked on its own. Pure; safe to call from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace qmgr::inline v0::fakeserver {

/// Fills `out` with the bytes [offset, offset + out.size()) of the content that `seed` names.
/// The same seed and offset give the same byte on every machine and in every release: traces and
/// recordings rely on it.
void fill_content(std::uint64_t seed, std::uint64_t offset, std::span<std::byte> out);

/// True when `bytes` are the bytes of that content from `offset` on.
bool is_content(std::uint64_t seed, std::uint64_t offset, std::span<const std::byte> bytes);

}  // namespace qmgr::inline v0::fakeserver
