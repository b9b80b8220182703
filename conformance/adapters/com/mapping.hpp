// What the protocol says and what BITS says, beside each other; docs/com-mapping.md is the same in
// words. Nothing here calls anything.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace qmgr::com_adapter {

/// An HRESULT. The COM headers have it with a sign, the protocol without.
using Code = std::uint32_t;

inline constexpr Code kOk = 0;
inline constexpr Code kFalse = 1;
inline constexpr Code kFailed = 0x80004005;
inline constexpr Code kDisconnected = 0x80010108;  ///< RPC_E_DISCONNECTED: a handle nobody holds
/// QM_E_SERVICE_UNAVAILABLE: the state folder cannot be written.
inline constexpr Code kServiceUnavailable = 0x81001002;
inline constexpr Code kItemNotFound = 0x81001004;  ///< QM_E_ITEM_NOT_FOUND

constexpr bool failed(Code code) { return (code & 0x80000000U) != 0; }

/// As the protocol writes it: the documented name, or 0x and eight digits.
std::string code_name(Code code);
/// The reverse; nothing for a text that is neither.
std::optional<Code> code_from_name(const std::string& text);
/// The code of the queue manager interface for what BITS answers: BG_E_NOT_FOUND is
/// QM_E_ITEM_NOT_FOUND, BG_E_INVALID_STATE is QM_E_INVALID_STATE, all others stay.
Code as_group_code(Code code);
/// The HTTP status in a code of the family 0x8019xxxx, or 0.
std::uint32_t http_status(Code code);

/// BG_JOB_STATE.
enum class JobState : std::uint32_t {
    Queued = 0,
    Connecting = 1,
    Transferring = 2,
    Suspended = 3,
    Error = 4,
    TransientError = 5,
    Transferred = 6,
    Acknowledged = 7,
    Cancelled = 8,
};

/// Flags of IBackgroundCopyGroup::GetStatus without QM_STATUS_, for a job in that state.
/// `foreground`: its priority is BG_JOB_PRIORITY_FOREGROUND.
std::vector<std::string> group_flags(JobState state, bool foreground);
/// The same of IBackgroundCopyJob1::GetStatus.
std::vector<std::string> job_flags(JobState state);
/// All flags that `bits` (QM_STATUS_) has set among those of groups or of jobs, for a queue that
/// answers such numbers itself.
std::vector<std::string> flag_names(std::uint32_t bits);

/// BG_SIZE_UNKNOWN.
inline constexpr std::uint64_t kUnknownSize = ~std::uint64_t{0};
/// get_Size of a BytesTotal: 0 when it is unknown or does not fit.
std::uint32_t size_of(std::uint64_t total);
/// QM_PROGRESS_SIZE_DONE of a BytesTransferred.
std::uint32_t size_done(std::uint64_t transferred);
/// QM_PROGRESS_PERCENT_DONE of both: rounded down, at most 100; 0 while the total is unknown or 0,
/// 100 in the two states of a job that is done.
std::uint32_t percent_done(std::uint64_t transferred, std::uint64_t total, JobState state);

/// BG_NOTIFY_ flags for QM_NOTIFY_ flags; nothing when one has no counterpart. BG_NOTIFY_JOB_ERROR
/// is always among them: the queue manager tells errors without being asked.
std::optional<std::uint32_t> to_bits_notify(std::uint32_t flags);
/// The reverse.
std::uint32_t from_bits_notify(std::uint32_t flags);

/// Milliseconds of a policy as the seconds of a BITS setter: rounded up, so that 1 ms is not never.
std::uint32_t seconds_of(std::uint64_t milliseconds);

}  // namespace qmgr::com_adapter
