// Group properties (GROUPPROP_…) and the values GetProp and SetProp carry.
#pragma once

#include <cstdint>
#include <string>

namespace qmgr::inline v0 {

/// Numbers of qmgr.h. A call may carry any other number too (PROP-ID-1). Those without a remark are
/// E_NOTIMPL (PROP-UNSUPPORTED-1). Integers are set as VT_I4, VT_I2, VT_UI4, VT_UI2, VT_INT or
/// VT_UINT and read as VT_I4, texts are VT_BSTR; another type or value is E_INVALIDARG, but for
/// notify flags that are not supported (PROP-TYPE-1, PROP-GET-1). Lengths are UTF-16 units.
enum class GroupProperty : std::uint32_t {
    Priority = 0,  ///< integer: 1, which it always is (PROP-PRIORITY-1)
    RemoteUserId = 1,
    RemoteUserPassword = 2,
    LocalUserId = 3,
    LocalUserPassword = 4,
    ProtocolFlags = 5,  ///< integer: 1 (HTTP), which it always is (PROP-PROTOCOL-1)
    NotifyFlags = 6,    ///< integer: group_done, disable_notify; at first 0 (PROP-NOTIFYFLAGS-1)
    NotifyClsid = 7,    ///< text: "{8-4-4-4-12}"; at first zeros (PROP-NOTIFYCLSID-1)
    ProgressSize = 8,
    ProgressPercent = 9,
    ProgressTime = 10,
    DisplayName = 11,  ///< text: at most 256; at first empty (PROP-NAME-1)
    Description = 12,  ///< text: at most 1,024; at first empty (PROP-DESCRIPTION-1)
};

/// QM_NOTIFY_…, the bits of GROUPPROP_NOTIFYFLAGS. SetProp with one of the other three than
/// group_done and disable_notify answers E_NOTIMPL.
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
