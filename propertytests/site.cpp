#include "propertytests/site.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reference/contract/check.hpp"

namespace qmgr::propertytests {
namespace {

struct FileRow {
    std::string_view path;
    bool secure;
    std::uint64_t size_bytes;
    std::string_view etag;  ///< empty: none
};

// The large one is three steps of the simulated line; the middle one is less than one.
constexpr std::array<FileRow, kResources> kFiles = {{{"/empty", false, 0, ""},
                                                     {"/small", false, 1'000, ""},
                                                     {"/middle", false, 300'000, "\"one\""},
                                                     {"/large", false, 2'500'000, ""},
                                                     {"/secure", true, 2'000, ""},
                                                     {"/missing", false, 700, ""}}};

constexpr std::uint64_t kGrowth = 1'500;  // bytes; more than a packet
// A plan of thousands of commands must not make a file of gigabytes.
constexpr std::uint64_t kMostBytes = 4'000'000;
constexpr std::uint32_t kSecondsPerDay = 86'400;

}  // namespace

std::string http_date_of(std::uint32_t seconds) {
    const std::uint32_t time = seconds % kSecondsPerDay;
    return fmt::format("Wed, 04 Sep 2024 {:02}:{:02}:{:02} GMT", time / 3600, time / 60 % 60,
                       time % 60);
}

std::string_view path_of(std::size_t resource) { return kFiles.at(resource).path; }

std::string url_of(std::size_t resource, std::string_view authority) {
    const FileRow& file = kFiles.at(resource);
    std::string url(file.secure ? "https://" : "http://");
    url += authority;
    url += file.path;
    return url;
}

Site::Site() {
    for (std::size_t i = 0; i < kResources; ++i)
        versions_[i] = {i + 1, kFiles[i].size_bytes, dates_++,
                        i != static_cast<std::size_t>(SiteFile::Missing)};
}

void Site::change(const Command& command) {
    Version& version = versions_[command.value % kResources];
    const bool grows = command.kind == Kind::ResourceGrows;
    const bool changes = grows || command.kind == Kind::OtherBytes;
    QMGR_CHECK(command.kind >= Kind::ResourceGrows && command.kind <= Kind::ResourceReturns,
               "not a change of the server");
    if (command.kind == Kind::ResourceVanishes) version.there = false;
    if (command.kind == Kind::ResourceReturns) version.there = true;
    if (command.kind == Kind::OtherBytes) version.seed += kResources;
    if (grows) version.size_bytes = std::min(version.size_bytes + kGrowth, kMostBytes);
    if (changes || command.kind == Kind::OtherDate) version.date = dates_++;
}

std::vector<fakeserver::Resource> Site::resources() const {
    std::vector<fakeserver::Resource> resources;
    resources.reserve(kResources);
    for (std::size_t i = 0; i < kResources; ++i) {
        const Version& version = versions_[i];
        if (!version.there) continue;
        fakeserver::Resource& resource = resources.emplace_back();
        resource.path = kFiles[i].path;
        resource.size = version.size_bytes;
        resource.seed = version.seed;
        resource.last_modified = http_date_of(version.date);
        if (!kFiles[i].etag.empty()) resource.etag = std::string(kFiles[i].etag);
    }
    return resources;
}

}  // namespace qmgr::propertytests
