#include "conformance/adapters/com/paths.hpp"

#include <algorithm>

namespace qmgr::com_adapter {
namespace {

std::string replaced(std::string text, char from, char to) {
    std::replace(text.begin(), text.end(), from, to);
    return text;
}

std::string ending_in(std::string text, char separator) {
    if (text.back() != separator) text += separator;
    return text;
}

}  // namespace

SharedFolder shared_folder(const std::string& text) {
    const std::size_t equals = text.find('=');
    if (equals == 0 || equals == std::string::npos || equals + 1 == text.size()) return {{}, {}};
    return {ending_in(text.substr(0, equals), '/'), ending_in(text.substr(equals + 1), '\\')};
}

std::string to_windows(const SharedFolder& shared, const std::string& unix_path) {
    if (unix_path.rfind(shared.unix_name, 0) != 0) return unix_path;
    return shared.windows_name + replaced(unix_path.substr(shared.unix_name.size()), '/', '\\');
}

std::string to_unix(const SharedFolder& shared, const std::string& windows_path) {
    if (windows_path.rfind(shared.windows_name, 0) != 0) return windows_path;
    return shared.unix_name + replaced(windows_path.substr(shared.windows_name.size()), '\\', '/');
}

}  // namespace qmgr::com_adapter
