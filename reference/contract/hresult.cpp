#include "reference/contract/hresult.hpp"

#include <array>
#include <charconv>
#include <cstdio>
#include <utility>

namespace qmgr::inline v0 {
namespace {

using Entry = std::pair<HResult, std::string_view>;

// Codes of the HRESULT_FROM_WIN32 family are written in hex: nobody publishes one name for them.
constexpr std::array kNames = {
    Entry{HResult::Ok, "S_OK"},
    Entry{HResult::False, "S_FALSE"},
    Entry{HResult::NotImplemented, "E_NOTIMPL"},
    Entry{HResult::NullPointer, "E_POINTER"},
    Entry{HResult::Failed, "E_FAIL"},
    Entry{HResult::AccessDenied, "E_ACCESSDENIED"},
    Entry{HResult::InvalidArgument, "E_INVALIDARG"},
    Entry{HResult::RpcDisconnected, "RPC_E_DISCONNECTED"},
    Entry{HResult::QmInvalidState, "QM_E_INVALID_STATE"},
    Entry{HResult::QmServiceUnavailable, "QM_E_SERVICE_UNAVAILABLE"},
    Entry{HResult::QmDownloaderUnavailable, "QM_E_DOWNLOADER_UNAVAILABLE"},
    Entry{HResult::QmItemNotFound, "QM_E_ITEM_NOT_FOUND"},
    Entry{HResult::BgEmpty, "BG_E_EMPTY"},
    Entry{HResult::BgNetworkDisconnected, "BG_E_NETWORK_DISCONNECTED"},
    Entry{HResult::BgMissingFileSize, "BG_E_MISSING_FILE_SIZE"},
    Entry{HResult::BgInsufficientHttpSupport, "BG_E_INSUFFICIENT_HTTP_SUPPORT"},
    Entry{HResult::BgInsufficientRangeSupport, "BG_E_INSUFFICIENT_RANGE_SUPPORT"},
    Entry{HResult::BgInvalidServerResponse, "BG_E_INVALID_SERVER_RESPONSE"},
    Entry{HResult::BgStringTooLong, "BG_E_STRING_TOO_LONG"},
    Entry{HResult::BgBlockedByPolicy, "BG_E_BLOCKED_BY_POLICY"},
    Entry{HResult::BgTooManyJobsPerUser, "BG_E_TOO_MANY_JOBS_PER_USER"},
    Entry{HResult::BgTooManyJobsPerMachine, "BG_E_TOO_MANY_JOBS_PER_MACHINE"},
    Entry{HResult::BgTooManyFilesInJob, "BG_E_TOO_MANY_FILES_IN_JOB"},
};

}  // namespace

std::string name(HResult code) {
    for (const Entry& entry : kNames)
        if (entry.first == code) return std::string(entry.second);
    std::array<char, 11> text{};
    std::snprintf(text.data(), text.size(), "0x%08X", static_cast<unsigned>(code));
    return text.data();
}

std::optional<HResult> hresult_from_text(std::string_view text) {
    for (const Entry& entry : kNames)
        if (entry.second == text) return entry.first;
    if (text.size() != 10 || text.substr(0, 2) != "0x") return std::nullopt;
    std::uint32_t value = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + 2, end, value, 16);
    if (error != std::errc{} || stop != end) return std::nullopt;
    return static_cast<HResult>(value);
}

}  // namespace qmgr::inline v0
