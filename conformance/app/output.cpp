#include "conformance/app/output.hpp"

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "reference/contract/input_error.hpp"

namespace qmgr::inline v0::conformance {
namespace {

void make_folder_of(const std::string& path) {
    const auto folder = std::filesystem::path(path).parent_path();
    std::error_code error;  // a file that cannot be opened says enough
    if (!folder.empty()) std::filesystem::create_directories(folder, error);
}

}  // namespace

void say(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stdout); }

bool all_was_said() { return std::fflush(stdout) == 0 && std::ferror(stdout) == 0; }

void demand_file(const std::string& path, const std::string& where) {
    make_folder_of(path);
    std::error_code error;
    const bool is_new = !std::filesystem::exists(path, error);
    if (!std::ofstream(path, std::ios::app))
        throw InputError(where, "expected a file that can be written");
    if (is_new) std::filesystem::remove(path, error);
}

void demand_folder(const std::string& path, const std::string& where) {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (!std::filesystem::is_directory(path, error) || access(path.c_str(), W_OK | X_OK) != 0)
        throw InputError(where, "expected a folder that can be written to");
}

void write_file(const std::string& path, const std::string& text) {
    make_folder_of(path);
    std::ofstream file(path);
    file << text;
    if (!file.flush()) throw InputError(path, "expected a file that can be written");
}

}  // namespace qmgr::inline v0::conformance
