#include "conformance/adapters/com/windows_text.hpp"

#include "conformance/adapters/com/message.hpp"

namespace qmgr::com_adapter {

std::wstring to_utf16(const std::string& text) {
    const int length = static_cast<int>(text.size());
    const int units = MultiByteToWideChar(CP_UTF8, 0, text.data(), length, nullptr, 0);
    std::wstring wide(static_cast<std::size_t>(units), L'\0');
    MultiByteToWideChar(CP_UTF8, 0, text.data(), length, wide.data(), units);
    return wide;
}

std::string to_utf8(const wchar_t* text) {
    if (text == nullptr) return {};
    const int size = WideCharToMultiByte(CP_UTF8, 0, text, -1, nullptr, 0, nullptr, nullptr);
    std::string narrow(static_cast<std::size_t>(size), '\0');
    WideCharToMultiByte(CP_UTF8, 0, text, -1, narrow.data(), size, nullptr, nullptr);
    narrow.resize(narrow.empty() ? 0 : narrow.size() - 1);  // its terminator
    return narrow;
}

GUID to_guid(const std::string& text) {
    GUID guid{};
    IIDFromString(to_utf16("{" + text + "}").c_str(), &guid);
    return guid;
}

std::string to_text(const GUID& guid) {
    wchar_t text[39] = {};  // braces, 36 characters, terminator
    StringFromGUID2(guid, text, 39);
    return plain_guid(to_utf8(text).substr(1, 36));
}

}  // namespace qmgr::com_adapter
