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

fs::path ledger() { return fs::temp_directory_path() / "qmgr-com-adapter"; }

}  // namespace

bool may_restart_bits() {
    const ServiceKey all(OpenSCManagerW(nullptr, nullptr, SC_MANAGER_CONNECT));
    return ServiceKey(OpenServiceW(all.get(), L"BITS", kRights)).get() != nullptr;
}

bool stop_bits(unsigned limit_ms) {
    const ServiceKey all(OpenSCManagerW(nullptr, nullptr, SC_MANAGER_CONNECT));
    const ServiceKey bits(OpenServiceW(all.get(), L"BITS", kRights));
    SERVICE_STATUS status{};
    ControlService(bits.get(), SERVICE_CONTROL_STOP, &status);
    const ULONGLONG end = GetTickCount64() + limit_ms;
    while (GetTickCount64() < end) {
        if (QueryServiceStatus(bits.get(), &status) == 0) return false;
        if (status.dwCurrentState == SERVICE_STOPPED) return true;
        Sleep(kLookMs);
    }
    return false;
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
