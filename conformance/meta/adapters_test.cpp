// The adapters in Python are worked examples: short, and nothing to install but Python.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/meta/source_text.hpp"

namespace qmgr::meta {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kAdapterLines = 250;  // fewer than that: an afternoon's work

/// Of Python 3's standard library; another module of it may be added.
constexpr auto kStandardLibrary = std::to_array<std::string_view>(
    {"ctypes", "datetime", "fnmatch", "http", "json", "os", "re", "secrets", "select", "signal",
     "socket", "subprocess", "sys", "time"});

std::vector<SourceFile> adapters() {
    std::vector<SourceFile> found;
    for (const auto& entry : fs::recursive_directory_iterator("conformance/adapters"))
        if (entry.path().extension() == ".py")
            found.push_back({entry.path().string(), read_file(entry.path().string())});
    return found;
}

/// Modules that a Python file imports, without what is inside of them.
std::vector<std::string> imports_of(const std::string& text) {
    const std::regex import(R"((^|\n) *(?:import|from) +(\w+)[^\n]*)");
    std::vector<std::string> found;
    for (std::sregex_iterator it(text.begin(), text.end(), import), end; it != end; ++it)
        found.push_back((*it)[2]);
    return found;
}

TEST(Adapters, ThereAreThoseOfCurlAndAria2) {
    for (const char* path :
         {"conformance/adapters/curl/adapter.py", "conformance/adapters/aria2/adapter.py"}) {
        const auto rights = fs::status(path).permissions();
        EXPECT_NE(rights & fs::perms::owner_exec, fs::perms::none) << path << " can be started";
    }
}

TEST(Adapters, InPythonHaveFewerThan250LinesAFile) {
    for (const SourceFile& file : adapters())
        EXPECT_LT(lines_of(file.text).size(), kAdapterLines) << file.path;
}

TEST(Adapters, InPythonImportTheStandardLibraryAndEachOtherAlone) {
    for (const SourceFile& file : adapters()) {
        const auto imports = imports_of(file.text);
        EXPECT_FALSE(imports.empty()) << file.path;
        for (const std::string& name : imports) {
            const bool ours = fs::exists("conformance/adapters/" + name + ".py");
            const bool standard = std::find(kStandardLibrary.begin(), kStandardLibrary.end(),
                                            name) != kStandardLibrary.end();
            EXPECT_TRUE(ours || standard) << file.path << " imports " << name;
        }
    }
}

TEST(Adapters, AllColumnsOfTheirLinesAreSeenAtOnce) {
    std::vector<std::string> wrong;
    for (const SourceFile& file : adapters())
        for (const std::string_view line : lines_of(file.text))
            if (line.size() > 100) wrong.push_back(file.path + ": " + std::string(line));
    EXPECT_TRUE(wrong.empty()) << list(wrong);
}

}  // namespace
}  // namespace qmgr::meta
