// What the server of property tests has, and how that changes: six resources, each a row of
// versions.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "fakeserver/script.hpp"
#include "propertytests/commands.hpp"

namespace qmgr::propertytests {

/// One for each way a download can go.
enum class SiteFile : std::uint8_t {
    Empty,    ///< 0 bytes
    Small,    ///< one write
    Middle,   ///< one write, with an ETag
    Large,    ///< several writes and several syncs
    Secure,   ///< small, over https
    Missing,  ///< at first not there
};

/// The state of one resource. Every version that differs in bytes or size has a date of its own.
struct Version {
    std::uint64_t seed = 1;
    std::uint64_t size_bytes = 0;
    std::uint32_t date = 0;  ///< seconds after kFirstDate
    bool there = true;
    bool operator==(const Version&) const = default;
};

/// "Wed, 04 Sep 2024 02:15:41 GMT" and so many seconds, as HTTP writes it.
std::string http_date_of(std::uint32_t seconds);

/// The server's, in every world that plays plans.
inline constexpr std::string_view kAuthority = "server.test";
/// The path on the server: "/small".
std::string_view path_of(std::size_t resource);
/// The URL for AddFiles.
std::string url_of(std::size_t resource, std::string_view authority = kAuthority);

/// Everything the server has now.
class Site {
  public:
    Site();
    /// Takes ResourceGrows to ResourceReturns; REQUIRES one of these kinds.
    void change(const Command& command);
    const Version& version(std::size_t resource) const { return versions_.at(resource); }
    /// As the fake server is told; without rules.
    std::vector<fakeserver::Resource> resources() const;

  private:
    std::array<Version, kResources> versions_;
    std::uint32_t dates_ = 0;  ///< given so far
};

}  // namespace qmgr::propertytests
