// The messages of docs/sut-protocol.md, as far as they are the same for every queue behind them.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "conformance/adapters/com/mapping.hpp"

namespace qmgr::com_adapter {

using Json = nlohmann::json;

/// Thrown for a message that is wrong in a field; it is answered by an error.
struct BadMessage {
    std::string place;  ///< a path into the message, "/call/get_group/group_id"; empty: all of it
    std::string expected;
};
/// What the error says of the line with that number: "stdin:3: /as: expected this field".
std::string error_text(std::uint64_t line_number, const BadMessage& bad);

/// Thrown for what the queue of this machine has no call for; it is answered `unsupported`.
struct Unsupported {
    std::string reason;
};

/// A VARIANT, as far as the protocol carries one.
struct Value {
    std::uint16_t type = 0;   ///< VARTYPE
    std::int64_t number = 0;  ///< of every type but VT_BSTR
    std::string text;         ///< of VT_BSTR, UTF-8
};
inline constexpr std::uint16_t kInteger = 3;  ///< VT_I4
inline constexpr std::uint16_t kText = 8;     ///< VT_BSTR
/// True for the VARTYPEs whose value is an integer and nothing else. Many of the others are a
/// pointer that is followed.
bool is_integer(std::uint16_t type);

// GROUPPROP_ numbers that a BITS job has a place for.
inline constexpr std::uint32_t kNotifyFlags = 6;
inline constexpr std::uint32_t kNotifyClsid = 7;
inline constexpr std::uint32_t kDisplayName = 11;
inline constexpr std::uint32_t kDescription = 12;

// QM_PROGRESS_ numbers.
inline constexpr std::uint32_t kPercentDone = 1;
inline constexpr std::uint32_t kTimeDone = 2;
inline constexpr std::uint32_t kSizeDone = 3;

/// The highest count that is handed to Next: more than any case asks for, and no reason to run out
/// of memory.
inline constexpr std::uint32_t kMostAtOnce = 65536;

/// One entry of AddFiles, names as the protocol has them.
struct FileSet {
    std::string remote_name;
    std::string local_name;
    std::uint32_t size_hint = 0;
};

/// The arguments of one call. Every reader throws BadMessage when the field is missing or is
/// something else.
class Arguments {
  public:
    /// `body` is what stands under `method`; it outlives this object. Throws Unsupported for a
    /// method that nobody knows and BadMessage for a field that the method does not have.
    Arguments(std::string method, const Json& body, const std::string& where);

    const std::string& method() const { return method_; }
    bool has(const std::string& key) const;
    /// A whole number from 0 to 4294967295.
    std::uint32_t number(const std::string& key) const;
    /// A handle.
    std::uint64_t handle(const std::string& key) const;
    /// 8-4-4-4-12 hexadecimal digits, in lower case.
    std::string guid(const std::string& key) const;
    /// False when it is missing.
    bool yes(const std::string& key) const;
    /// The number of a GROUPPROP_ name, or the number that stands there.
    std::uint32_t property(const std::string& key) const;
    /// The same of a QM_PROGRESS_ name.
    std::uint32_t progress(const std::string& key) const;
    Value value(const std::string& key) const;
    std::vector<FileSet> files(const std::string& key) const;

  private:
    const Json& need(const std::string& key) const;

    std::string method_;
    const Json& body_;
    std::string where_;
};

// Fields of any message; `where` is the path of `object`.
const Json& need_field(const Json& object, const std::string& key, const std::string& where);
std::string need_text(const Json& object, const std::string& key, const std::string& where);
std::uint64_t need_number(const Json& object, const std::string& key, const std::string& where);
/// Refuses every field that is not among `keys`.
void allow_only(const Json& object, const std::vector<std::string>& keys, const std::string& where);

/// The reply of a call that has nothing beside its code, or failed.
Json reply(Code code);
/// The property value of a reply.
Json to_json(const Value& value);
/// The file of a reply.
Json to_json(const FileSet& file);

/// In lower case; empty if `text` is no GUID of 8-4-4-4-12 hexadecimal digits.
std::string plain_guid(const std::string& text);
/// The same of a text in registry form, with braces around it.
std::string guid_in_braces(const std::string& text);

}  // namespace qmgr::com_adapter
