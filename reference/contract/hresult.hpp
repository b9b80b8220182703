// HRESULTs: the numbers a call answers with, and their documented names. Numbers are those of the
// published headers qmgr.h, bits.h, bitsmsg.h and winerror.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qmgr::inline v0 {

/// Any 32-bit value is possible; those this project names are listed. The documented name of each
/// is what name() gives.
enum class HResult : std::uint32_t {
    Ok = 0x00000000,
    False = 0x00000001,
    NotImplemented = 0x80004001,
    NullPointer = 0x80004003,
    Failed = 0x80004005,
    AccessDenied = 0x80070005,
    InvalidArgument = 0x80070057,
    RpcDisconnected = 0x80010108,

    QmInvalidState = 0x81001001,
    QmServiceUnavailable = 0x81001002,
    QmDownloaderUnavailable = 0x81001003,
    QmItemNotFound = 0x81001004,

    BgEmpty = 0x80200003,
    BgNetworkDisconnected = 0x80200010,
    BgMissingFileSize = 0x80200011,
    BgInsufficientHttpSupport = 0x80200012,
    BgInsufficientRangeSupport = 0x80200013,
    BgInvalidServerResponse = 0x8020001B,
    BgStringTooLong = 0x80200021,
    BgBlockedByPolicy = 0x8020003E,
    BgTooManyJobsPerUser = 0x80200049,
    BgTooManyJobsPerMachine = 0x80200050,
    BgTooManyFilesInJob = 0x80200051,

    FileChanged = 0x80040009,         ///< the file on the server is another one (recording-facts 5)
    FileNotFound = 0x80070002,        ///< HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND)
    PathNotFound = 0x80070003,        ///< HRESULT_FROM_WIN32(ERROR_PATH_NOT_FOUND)
    FileExists = 0x80070050,          ///< HRESULT_FROM_WIN32(ERROR_FILE_EXISTS)
    DiskFull = 0x80070070,            ///< HRESULT_FROM_WIN32(ERROR_DISK_FULL)
    IoDevice = 0x8007045D,            ///< HRESULT_FROM_WIN32(ERROR_IO_DEVICE)
    NotLoggedOn = 0x800704DD,         ///< HRESULT_FROM_WIN32(ERROR_NOT_LOGGED_ON)
    InternetTimeout = 0x80072EE2,     ///< HRESULT_FROM_WIN32(ERROR_INTERNET_TIMEOUT)
    NameNotResolved = 0x80072EE7,     ///< HRESULT_FROM_WIN32(ERROR_INTERNET_NAME_NOT_RESOLVED)
    CannotConnect = 0x80072EFD,       ///< HRESULT_FROM_WIN32(ERROR_INTERNET_CANNOT_CONNECT)
    ConnectionAborted = 0x80072EFE,   ///< HRESULT_FROM_WIN32(ERROR_INTERNET_CONNECTION_ABORTED)
    InvalidServerReply = 0x80072F78,  ///< HRESULT_FROM_WIN32(ERROR_HTTP_INVALID_SERVER_RESPONSE)
    SecureFailure = 0x80072F8F,       ///< HRESULT_FROM_WIN32(ERROR_WINHTTP_SECURE_FAILURE)

    /// 0x80190000 + status is the code of an HTTP status (OBS-065). In a table row this base stands
    /// for "the status of the response at hand".
    HttpStatusBase = 0x80190000,
};

constexpr bool succeeded(HResult code) {
    return (static_cast<std::uint32_t>(code) & 0x80000000U) == 0;
}
constexpr bool failed(HResult code) { return !succeeded(code); }

/// HRESULT_FROM_WIN32 for an error code other than 0.
constexpr HResult from_win32(std::uint32_t code) {
    return static_cast<HResult>(0x80070000U | (code & 0xFFFFU));
}
/// The code of an HTTP status, 100..599.
constexpr HResult from_http_status(int status) {
    return static_cast<HResult>(0x80190000U + static_cast<std::uint32_t>(status));
}

/// Documented name ("BG_E_EMPTY"), or eight hex digits ("0x80190194") for a value without one.
std::string name(HResult code);
/// Reads what name() writes; hex in either case. Nothing for any other text.
std::optional<HResult> hresult_from_text(std::string_view text);

}  // namespace qmgr::inline v0
