// Texts and GUIDs of COM, and those of the protocol.
#pragma once

#include <objbase.h>
#include <windows.h>

#include <string>

#include "conformance/adapters/com/mapping.hpp"

namespace qmgr::com_adapter {

std::wstring to_utf16(const std::string& text);
std::string to_utf8(const wchar_t* text);  ///< null is the empty text
/// `text` is a GUID without braces.
GUID to_guid(const std::string& text);
/// In lower case, without braces.
std::string to_text(const GUID& guid);

inline Code to_code(HRESULT result) { return static_cast<Code>(result); }
inline HRESULT to_hresult(Code code) { return static_cast<HRESULT>(code); }

/// A text that COM allocated: handed out by its address, freed with this object.
class TaskText {
  public:
    TaskText() = default;
    ~TaskText() { CoTaskMemFree(text_); }
    TaskText(const TaskText&) = delete;
    TaskText& operator=(const TaskText&) = delete;
    LPWSTR* out() { return &text_; }
    std::string utf8() const { return to_utf8(text_); }

  private:
    LPWSTR text_ = nullptr;
};

}  // namespace qmgr::com_adapter
