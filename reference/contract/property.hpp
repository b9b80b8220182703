// Group properties (GROUPPROP_…) and the values GetProp and SetProp carry.
#pragma once

#include <cstdint>
#include <string>

namespace qmgr::inline v0 {

/// Numbers of qmgr.h. A call may carry any other number too (PROP-ID-1).
enum class GroupProperty : std::uint32_t {
    Priority = 0,
    RemoteUserId = 1,
    RemoteUserPassword = 2,
    LocalUserId = 3,
    LocalUserPassword = 4,
    ProtocolFlags = 5,
    NotifyFlags = 6,
    NotifyClsid = 7,
    ProgressSize = 8,
    ProgressPercent = 9,
    ProgressTime = 10,
    DisplayName = 11,
    Description = 12,
};

/// QM_NOTIFY_…, the bits of GROUPPROP_NOTIFYFLAGS.
struct NotifyFlag {
    static constexpr std::uint32_t file_done = 0x1;
    static constexpr std::uint32_t job_done = 0x2;
    static constexpr std::uint32_t group_done = 0x4;
    static constexpr std::uint32_t disable_notify = 0x40;
    static constexpr std::uint32_t use_progress_ex = 0x80;
};

/// QM_PROGRESS_…, the flag of GetProgress. A call may carry any other number too (GROUP-PROG-4).
enum class ProgressFlag : std::uint32_t { PercentDone = 1, TimeDone = 2, SizeDone = 3 };

/// VARTYPE numbers of the COM headers: those the properties accept, and others that clients pass by
/// mistake (PROP-TYPE-1). Any other 16-bit number is possible.
enum class VariantType : std::uint16_t {
    Empty = 0,
    Null = 1,
    I2 = 2,
    I4 = 3,
    R4 = 4,
    R8 = 5,
    Bstr = 8,
    Bool = 11,
    I1 = 16,
    UI1 = 17,
    UI2 = 18,
    UI4 = 19,
    I8 = 20,
    UI8 = 21,
    Int = 22,
    UInt = 23,
};

/// A VARIANT as far as this interface uses it. `number` is the value of an integer type, `text`
/// (UTF-8) that of a BSTR; the other one is at its default.
struct PropertyValue {
    VariantType type = VariantType::Empty;
    std::int64_t number = 0;
    std::string text;
    bool operator==(const PropertyValue&) const = default;
};

}  // namespace qmgr::inline v0
