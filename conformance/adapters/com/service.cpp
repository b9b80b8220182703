#include "conformance/adapters/com/service.hpp"

#include <windows.h>

#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace qmgr::com_adapter {
namespace {

namespace fs = std::filesystem;

// Between two looks at a service that is stopping; short beside the seconds that takes.
constexpr DWORD kLookMs = 20;
// Three seconds: a service that then still waits for a transfer is ended as by a crash, and the
// rig, which waits ten, gets its answer.
constexpr int kLooks = 150;

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

SERVICE_STATUS_PROCESS status_of(const ServiceKey& service) {
    SERVICE_STATUS_PROCESS status{};
    std::array<BYTE, sizeof status> bytes{};
    DWORD needed = 0;
    if (QueryServiceStatusEx(service.get(), SC_STATUS_PROCESS_INFO, bytes.data(), bytes.size(),
                             &needed) != 0)
        std::memcpy(&status, bytes.data(), sizeof status);
    return status;
}

bool is_stopped_soon(const ServiceKey& service) {
    for (int look = 0; look < kLooks; ++look) {
        if (status_of(service).dwCurrentState == SERVICE_STOPPED) return true;
        Sleep(kLookMs);
    }
    return false;
}

// Only a process that serves nothing but BITS.
bool end_process(const SERVICE_STATUS_PROCESS& status) {
    if (status.dwServiceType != SERVICE_WIN32_OWN_PROCESS) return false;
    HANDLE process = OpenProcess(PROCESS_TERMINATE, FALSE, status.dwProcessId);
    if (process == nullptr) return false;
    const bool ended = TerminateProcess(process, 1) != 0;
    CloseHandle(process);
    return ended;
}

fs::path ledger() { return fs::temp_directory_path() / "qmgr-com-adapter"; }

}  // namespace

bool may_restart_bits() {
    const ServiceKey all(OpenSCManagerW(nullptr, nullptr, SC_MANAGER_CONNECT));
    return ServiceKey(OpenServiceW(all.get(), L"BITS", kRights)).get() != nullptr;
}

bool stop_bits() {
    const ServiceKey all(OpenSCManagerW(nullptr, nullptr, SC_MANAGER_CONNECT));
    const ServiceKey bits(OpenServiceW(all.get(), L"BITS", kRights));
    SERVICE_STATUS ignored{};
    ControlService(bits.get(), SERVICE_CONTROL_STOP, &ignored);
    if (is_stopped_soon(bits)) return true;
    return end_process(status_of(bits)) && is_stopped_soon(bits);
}

void note_job(const std::string& bits_id, const std::string& state_folder) {
    std::error_code ignored;
    fs::create_directories(ledger(), ignored);
    std::ofstream(ledger() / bits_id, std::ios::binary) << state_folder;
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
    for (const std::string& one : found) fs::remove(ledger() / one, ignored);
    return found;
}

}  // namespace qmgr::com_adapter
