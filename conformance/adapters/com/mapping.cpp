#include "conformance/adapters/com/mapping.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <limits>

namespace qmgr::com_adapter {
namespace {

struct NamedCode {
    Code code;
    const char* name;
};

constexpr NamedCode kNames[] = {
    {0x00000000, "S_OK"},
    {0x00000001, "S_FALSE"},
    {0x80004001, "E_NOTIMPL"},
    {0x80004003, "E_POINTER"},
    {0x80004005, "E_FAIL"},
    {0x80070005, "E_ACCESSDENIED"},
    {0x80070057, "E_INVALIDARG"},
    {0x80010108, "RPC_E_DISCONNECTED"},
    {0x81001001, "QM_E_INVALID_STATE"},
    {0x81001002, "QM_E_SERVICE_UNAVAILABLE"},
    {0x81001003, "QM_E_DOWNLOADER_UNAVAILABLE"},
    {0x81001004, "QM_E_ITEM_NOT_FOUND"},
    {0x80200003, "BG_E_EMPTY"},
    {0x80200010, "BG_E_NETWORK_DISCONNECTED"},
    {0x80200011, "BG_E_MISSING_FILE_SIZE"},
    {0x80200012, "BG_E_INSUFFICIENT_HTTP_SUPPORT"},
    {0x80200013, "BG_E_INSUFFICIENT_RANGE_SUPPORT"},
    {0x8020001B, "BG_E_INVALID_SERVER_RESPONSE"},
    {0x80200021, "BG_E_STRING_TOO_LONG"},
    {0x8020003E, "BG_E_BLOCKED_BY_POLICY"},
    {0x80200049, "BG_E_TOO_MANY_JOBS_PER_USER"},
    {0x80200050, "BG_E_TOO_MANY_JOBS_PER_MACHINE"},
    {0x80200051, "BG_E_TOO_MANY_FILES_IN_JOB"},
};

constexpr Code kBitsNotFound = 0x80200001;
constexpr Code kBitsInvalidState = 0x80200002;
constexpr Code kInvalidState = 0x81001001;

constexpr std::uint32_t kGroupDone = 0x4;
constexpr std::uint32_t kDisableNotify = 0x40;
constexpr std::uint32_t kBitsTransferred = 0x1;
constexpr std::uint32_t kBitsError = 0x2;
constexpr std::uint32_t kBitsDisable = 0x4;

constexpr std::uint64_t k32Bits = std::numeric_limits<std::uint32_t>::max();

constexpr const char* kFlags[] = {"FILE_COMPLETE",  "FILE_INCOMPLETE",  "JOB_COMPLETE",
                                  "JOB_INCOMPLETE", "JOB_ERROR",        "JOB_FOREGROUND",
                                  "GROUP_COMPLETE", "GROUP_INCOMPLETE", "GROUP_SUSPENDED",
                                  "GROUP_ERROR",    "GROUP_FOREGROUND"};

}  // namespace

std::string code_name(Code code) {
    for (const NamedCode& one : kNames)
        if (one.code == code) return one.name;
    char text[11];
    std::snprintf(text, sizeof text, "0x%08X", static_cast<unsigned>(code));
    return text;
}

std::optional<Code> code_from_name(const std::string& text) {
    for (const NamedCode& one : kNames)
        if (one.name == text) return one.code;
    if (text.size() != 10 || text.rfind("0x", 0) != 0) return std::nullopt;
    Code code = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + 2, end, code, 16);
    if (error != std::errc{} || stop != end) return std::nullopt;
    return code;
}

Code as_group_code(Code code) {
    if (code == kBitsNotFound) return kItemNotFound;
    if (code == kBitsInvalidState) return kInvalidState;
    return code;
}

std::uint32_t http_status(Code code) {
    return (code & 0xFFFF0000U) == 0x80190000U ? code & 0xFFFFU : 0;
}

std::vector<std::string> group_flags(JobState state, bool foreground) {
    std::vector<std::string> flags;
    switch (state) {
        case JobState::Queued:
        case JobState::Connecting:
        case JobState::Transferring:
        case JobState::TransientError:
            flags = {"GROUP_INCOMPLETE"};
            break;
        case JobState::Suspended:
            flags = {"GROUP_INCOMPLETE", "GROUP_SUSPENDED"};
            break;
        case JobState::Error:
            flags = {"GROUP_INCOMPLETE", "GROUP_SUSPENDED", "GROUP_ERROR"};
            break;
        case JobState::Transferred:
        case JobState::Acknowledged:
            flags = {"GROUP_COMPLETE", "GROUP_SUSPENDED"};
            break;
        case JobState::Cancelled:
            return {};
    }
    if (foreground) flags.emplace_back("GROUP_FOREGROUND");
    return flags;
}

std::vector<std::string> job_flags(JobState state) {
    if (state == JobState::Transferred || state == JobState::Acknowledged) return {"JOB_COMPLETE"};
    if (state == JobState::Cancelled) return {};
    if (state == JobState::Error) return {"JOB_INCOMPLETE", "JOB_ERROR"};
    return {"JOB_INCOMPLETE"};
}

std::vector<std::string> flag_names(std::uint32_t bits) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < std::size(kFlags); ++i)
        if ((bits >> i & 1U) != 0) names.emplace_back(kFlags[i]);
    return names;
}

std::uint32_t size_of(std::uint64_t total) {
    return total > k32Bits ? 0 : static_cast<std::uint32_t>(total);
}

std::uint32_t size_done(std::uint64_t transferred) {
    return static_cast<std::uint32_t>(std::min(transferred, k32Bits));
}

std::uint32_t percent_done(std::uint64_t transferred, std::uint64_t total, JobState state) {
    if (state == JobState::Transferred || state == JobState::Acknowledged) return 100;
    if (total == kUnknownSize || total == 0) return 0;
    if (transferred >= total) return 100;
    // transferred * 100 does not fit for the largest files, whose hundredth is large, too.
    constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
    const std::uint64_t percent =
        transferred <= kMost / 100 ? transferred * 100 / total : transferred / (total / 100);
    return static_cast<std::uint32_t>(percent);
}

std::optional<std::uint32_t> to_bits_notify(std::uint32_t flags) {
    if ((flags & ~(kGroupDone | kDisableNotify)) != 0) return std::nullopt;
    std::uint32_t bits = kBitsError;
    if ((flags & kGroupDone) != 0) bits |= kBitsTransferred;
    if ((flags & kDisableNotify) != 0) bits |= kBitsDisable;
    return bits;
}

std::uint32_t from_bits_notify(std::uint32_t flags) {
    return ((flags & kBitsTransferred) != 0 ? kGroupDone : 0) |
           ((flags & kBitsDisable) != 0 ? kDisableNotify : 0);
}

std::uint32_t seconds_of(std::uint64_t milliseconds) {
    return static_cast<std::uint32_t>(
        std::min(milliseconds / 1000 + (milliseconds % 1000 != 0 ? 1 : 0), k32Bits));
}

}  // namespace qmgr::com_adapter
