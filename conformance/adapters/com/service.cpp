#include "conformance/adapters/com/service.hpp"

#include <windows.h>

#include <filesystem>
#include <fstream>

namespace qmgr::com_adapter {
namespace {

namespace fs = std::filesystem;

// Between two looks at a service that is stopping; short beside the seconds that takes.
constexpr DWORD kLookMs = 20;

class ServiceKey {
  public:
    explicit ServiceKey(SC_HANDLE handle) : handle_(handle) {}
    ~ServiceKey() {
        if (handle_ != nullptr) CloseServiceHandle(handle_);
    }
    ServiceKey(const ServiceKey&) = delete;
    ServiceKey& operator=(const ServiceKey&) = delete;
    SC_HANDLE get() const { return handle_; }

  private:
    SC_HANDLE handle_;
};

constexpr DWORD kRights = SERVICE_STOP | SERVICE_START | SERVICE_QUERY_STATUS;

// Empty where there is no folder for temporary files.
fs::path ledger() {
    std::error_code ignored;
    const fs::path folder = fs::temp_directory_path(ignored);
    return folder.empty() ? folder : folder / "qmgr-com-adapter";
}

}  // namespace

bool may_restart_bits() {
    const ServiceKey all(OpenSCManagerW(nullptr, nullptr, SC_MANAGER_CONNECT));
    return ServiceKey(OpenServiceW(all.get(), L"BITS", kRights)).get() != nullptr;
}

bool stop_bits(const Deadline& deadline) {
    const ServiceKey all(OpenSCManagerW(nullptr, nullptr, SC_MANAGER_CONNECT));
    const ServiceKey bits(OpenServiceW(all.get(), L"BITS", kRights));
    SERVICE_STATUS status{};
    ControlService(bits.get(), SERVICE_CONTROL_STOP, &status);
    for (;;) {
        if (QueryServiceStatus(bits.get(), &status) == 0) return false;
        if (status.dwCurrentState == SERVICE_STOPPED) return true;
        if (deadline.passed()) return false;
        Sleep(kLookMs);
    }
}

namespace {

// As the file of the service has it, or nothing.
std::string file_version() {
    wchar_t folder[MAX_PATH] = {};
    if (GetSystemDirectoryW(folder, MAX_PATH) == 0) return {};
    const std::wstring file = std::wstring(folder) + L"\\qmgr.dll";
    std::vector<char> data(GetFileVersionInfoSizeW(file.c_str(), nullptr));
    void* found = nullptr;
    UINT size = 0;
    if (data.empty() ||
        GetFileVersionInfoW(file.c_str(), 0, static_cast<DWORD>(data.size()), data.data()) == 0 ||
        VerQueryValueW(data.data(), L"\\", &found, &size) == 0)
        return {};
    const auto* fixed = static_cast<const VS_FIXEDFILEINFO*>(found);
    std::string text;
    for (const DWORD part : {fixed->dwFileVersionMS >> 16, fixed->dwFileVersionMS & 0xFFFF,
                             fixed->dwFileVersionLS >> 16, fixed->dwFileVersionLS & 0xFFFF})
        text += (text.empty() ? "" : ".") + std::to_string(part);
    return text;
}

// Of a Windows that is Wine, else nothing.
std::string wine_version() {
    using Version = const char*(CDECL*)();
    const FARPROC found = GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "wine_get_version");
    if (found == nullptr) return {};
    // Through void*, as a pointer of that kind stands for one of any kind.
    return reinterpret_cast<Version>(reinterpret_cast<void*>(found))();
}

}  // namespace

std::string bits_version() {
    const std::string file = file_version();
    const std::string wine = wine_version();
    if (wine.empty()) return file.empty() ? "unknown" : file;
    return file.empty() ? "Wine " + wine : file + " (Wine " + wine + ")";
}

void note_job(const std::string& bits_id, const std::string& state_folder) {
    const fs::path folder = ledger();
    if (folder.empty()) return;
    std::error_code ignored;
    fs::create_directories(folder, ignored);
    std::ofstream(folder / bits_id, std::ios::binary) << state_folder;
}

std::vector<std::string> abandoned_jobs() {
    std::vector<std::string> found;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(ledger(), ignored)) {
        std::string folder;
        std::getline(std::ifstream(entry.path(), std::ios::binary), folder);
        if (!fs::exists(fs::u8path(folder), ignored))
            found.push_back(entry.path().filename().string());
    }
    return found;
}

void forget_job(const std::string& bits_id) {
    std::error_code ignored;
    fs::remove(ledger() / bits_id, ignored);
}

}  // namespace qmgr::com_adapter
