// Who may include whom. The table is the one of the architecture, in its two columns: `may` is what
// a folder builds on directly, and it may include what that may; `may_not` is taken away again.
// With include paths from the root the compiler alone would accept any header-only piece.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/meta/source_text.hpp"

namespace qmgr::meta {
namespace {

struct Folder {
    std::string_view path;  ///< the longest one that begins a file's path is the file's folder
    Texts may = {};
    Texts may_not = {};
};

// Words that stand for system headers in `may_not`.
constexpr std::string_view kSockets = "sockets";
constexpr std::string_view kFiles = "files";
constexpr auto kSocketHeaders =
    std::to_array<std::string_view>({"<sys/socket.h>", "<netinet/", "<arpa/", "<netdb.h>",
                                     "<poll.h>", "<curl/", "<httplib.h>", "<openssl/"});
constexpr auto kFileHeaders =
    std::to_array<std::string_view>({"<fstream>", "<filesystem>", "<fcntl.h>", "<sys/stat.h>"});

constexpr std::array kFolders = {
    Folder{"reference/contract/", {}},
    Folder{"reference/contract/json", {"reference/contract/"}},
    Folder{"reference/engine/", {"reference/contract/"}},
    Folder{"reference/service/", {"reference/engine/"}, {kSockets, kFiles}},
    Folder{"reference/adapters/", {"reference/service/"}},
    Folder{"reference/library/", {"reference/adapters/"}},
    Folder{"reference/app/", {"reference/library/", "reference/contract/json"}},

    Folder{"fakeserver/", {}},
    Folder{"fakeserver/server/", {"fakeserver/"}},
    Folder{"fakeserver/app/", {"fakeserver/server/"}},

    Folder{"traces/", {"reference/contract/json", "fakeserver/"}},
    Folder{"traces/import/", {"traces/"}},
    Folder{"traces/picture/", {"traces/"}},
    Folder{"traces/app/", {"traces/import/", "traces/picture/"}},

    Folder{"conformance/rig/", {"traces/"}, {kSockets}},
    Folder{"conformance/loopback/", {"conformance/rig/", "fakeserver/server/"}},
    Folder{"conformance/world/", {"conformance/rig/", "reference/service/"}, {kSockets}},
    Folder{"conformance/cases/", {"conformance/rig/"}},
    // A program for Windows, and an example for strangers: it shares nothing with the rest.
    Folder{"conformance/adapters/com/", {}, {kSockets}},
    Folder{"conformance/mutants/", {"conformance/world/"}, {kSockets}},
    Folder{"conformance/explain/", {"conformance/world/", "traces/import/"}, {kSockets}},
    Folder{"conformance/app/",
           {"conformance/cases/", "conformance/world/", "conformance/loopback/",
            "conformance/mutants/", "conformance/explain/", "traces/picture/"}},
    Folder{"conformance/meta/",
           {"conformance/app/", "reference/app/", "fakeserver/app/", "traces/app/"}},

    Folder{"propertytests/",
           {"propertytests/audited_system", "conformance/world/", "conformance/mutants/"},
           {kSockets}},
    // A second opinion is worth something only if it is formed without the first.
    Folder{"propertytests/app/", {"propertytests/", "reference/adapters/"}},
    Folder{"propertytests/auditor", {"reference/contract/"}},
    Folder{"propertytests/audited_system", {"propertytests/auditor"}},

    // Threads of clients over everything that is real.
    Folder{"propertytests/library_",
           {"propertytests/", "reference/library/", "fakeserver/server/"},
           {kSockets}},

    // Programs of our users: they link what is installed.
    Folder{"docs/examples/",
           {"reference/library/", "conformance/world/", "fakeserver/server/"},
           {"reference/adapters/", "reference/service/", "reference/engine/"}},
};

constexpr auto kThirdParty = std::to_array<std::string_view>(
    {"<curl/", "<sqlite3.h>", "<nlohmann/", "<CLI/", "<fmt/", "<httplib.h>", "<openssl/",
     "<rapidcheck", "<gtest/", "<gmock/", "<libevtx", "<pugixml.hpp>", "<benchmark/"});

bool begins_with_one_of(std::string_view text, const auto& beginnings) {
    return std::any_of(beginnings.begin(), beginnings.end(),
                       [text](std::string_view begin) { return text.starts_with(begin); });
}

/// The row of a file; null if no row is for it.
const Folder* folder_of(std::string_view path) {
    const Folder* found = nullptr;
    for (const Folder& folder : kFolders) {
        if (path.starts_with(folder.path) &&
            (found == nullptr || folder.path.size() > found->path.size())) {
            found = &folder;
        }
    }
    return found;
}

/// The folders below `folder`, reached by arrows.
std::set<std::string_view> reached_from(const Folder& folder) {
    std::set<std::string_view> reached;
    const auto below = used(folder.may);
    std::vector<std::string_view> open(below.begin(), below.end());
    while (!open.empty()) {
        const std::string_view next = open.back();
        open.pop_back();
        if (!reached.insert(next).second) continue;
        for (const std::string_view further : used(folder_of(next)->may)) open.push_back(further);
    }
    return reached;
}

std::set<std::string_view> allowed_for(const Folder& folder) {
    std::set<std::string_view> allowed = reached_from(folder);
    for (const std::string_view not_this : used(folder.may_not)) allowed.erase(not_this);
    allowed.insert(folder.path);
    return allowed;
}

std::string place(const SourceFile& file, const Include& include) {
    return file.path + ":" + std::to_string(include.line) + ": " + include.name;
}

const std::vector<SourceFile>& sources() {
    static const std::vector<SourceFile> all = project_sources();
    return all;
}

TEST(Arrows, FormNoCycleAndNameOnlyFoldersOfTheTable) {
    for (const Folder& folder : kFolders) {
        for (const std::string_view below : used(folder.may)) {
            const Folder* row = folder_of(below);
            ASSERT_TRUE(row != nullptr && row->path == below) << below << " has no row";
        }
    }
    for (const Folder& folder : kFolders) {
        EXPECT_FALSE(reached_from(folder).contains(folder.path)) << folder.path;
    }
}

TEST(Arrows, AreRepositoryPathsOfFilesThatExist) {
    std::vector<std::string> wrong;
    for (const SourceFile& file : sources()) {
        for (const Include& include : includes_of(file.text)) {
            if (include.quoted && !std::filesystem::is_regular_file(include.path())) {
                wrong.push_back(place(file, include));
            }
        }
    }
    EXPECT_TRUE(wrong.empty()) << "an include in quotes is a path from the project's root:"
                               << list(wrong);
}

/// What a fuzz target is, is said once for the whole project, and only fuzz targets include it.
bool is_fuzz_driver(const std::string& path, const std::string& included) {
    return path.ends_with("_fuzz.cpp") && included == "reference/contract/fuzz_target.hpp";
}

TEST(Arrows, PointLeftwardsOnly) {
    std::vector<std::string> wrong;
    for (const SourceFile& file : sources()) {
        const Folder* from = folder_of(file.path);
        if (from == nullptr) {
            wrong.push_back(file.path + ": its folder has no row in the table of this test");
            continue;
        }
        const std::set<std::string_view> allowed = allowed_for(*from);
        for (const Include& include : includes_of(file.text)) {
            if (!include.quoted || is_fuzz_driver(file.path, include.path())) continue;
            const Folder* to = folder_of(include.path());
            if (to == nullptr || !allowed.contains(to->path)) {
                wrong.push_back(place(file, include) + " is not for " + std::string(from->path));
            }
        }
    }
    EXPECT_TRUE(wrong.empty()) << list(wrong);
}

TEST(Arrows, ToSocketsAndFilesStartWhereTheTableLetsThem) {
    std::vector<std::string> wrong;
    for (const SourceFile& file : sources()) {
        const Folder* from = folder_of(file.path);
        if (from == nullptr) continue;
        const auto may_not = [&](std::string_view word) {
            return std::count(from->may_not.begin(), from->may_not.end(), word) != 0;
        };
        for (const Include& include : includes_of(file.text)) {
            if ((may_not(kSockets) && begins_with_one_of(include.name, kSocketHeaders)) ||
                (may_not(kFiles) && begins_with_one_of(include.name, kFileHeaders))) {
                wrong.push_back(place(file, include));
            }
        }
    }
    EXPECT_TRUE(wrong.empty()) << list(wrong);
}

TEST(Arrows, ToThirdPartiesStartInSourceFilesOnly) {
    const auto excepted = [](const std::string& path, const std::string& name) {
        // RapidCheck's commands are templates; a mock is made of GoogleMock; json_fwd only names
        // the type that the two JSON forms speak of.
        return path.starts_with("propertytests/") ||
               (path.ends_with("/mock_queue_manager.hpp") && name == "<gmock/gmock.h>") ||
               (name == "<nlohmann/json_fwd.hpp>" &&
                (path == "reference/contract/json.hpp" || path == "fakeserver/script_json.hpp" ||
                 path.starts_with("conformance/adapters/com/")));
    };
    std::vector<std::string> wrong;
    for (const SourceFile& file : sources()) {
        if (file.path.ends_with(".cpp")) continue;
        for (const Include& include : includes_of(file.text)) {
            if (begins_with_one_of(include.name, kThirdParty) &&
                !excepted(file.path, include.name)) {
                wrong.push_back(place(file, include));
            }
        }
    }
    EXPECT_TRUE(wrong.empty()) << "third-party headers belong in *.cpp:" << list(wrong);
}

/// Everything `path` sees through quoted includes, itself included.
void collect_reach(const std::map<std::string, const SourceFile*>& files, const std::string& path,
                   std::set<std::string>& seen) {
    if (!seen.insert(path).second || !files.contains(path)) return;
    for (const Include& include : includes_of(files.at(path)->text)) {
        if (include.quoted) collect_reach(files, include.path(), seen);
    }
}

TEST(Arrows, OfTheLibrarysHeadersShowNoEngineTypes) {
    std::map<std::string, const SourceFile*> files;
    for (const SourceFile& file : sources()) files[file.path] = &file;
    for (const auto& [path, file] : files) {
        if (!path.starts_with("reference/library/") || path.ends_with(".cpp")) continue;
        std::set<std::string> seen;
        collect_reach(files, path, seen);
        for (const std::string& header : seen) {
            EXPECT_FALSE(header.starts_with("reference/engine/")) << path << " shows " << header;
        }
    }
}

TEST(Arrows, TheEngineIncludesNothingButTheContract) {
    // No clock, thread, chance or input and output; and no system header, which all end in .h>.
    constexpr auto banned = std::to_array<std::string_view>(
        {"<chrono>", "<ctime>", "<thread>", "<mutex>", "<shared_mutex>", "<atomic>", "<future>",
         "<random>", "<fstream>", "<iostream>", "<filesystem>", "<stop_token>", "<semaphore>",
         "<condition_variable>", "<latch>", "<barrier>", "<syncstream>", "<csignal>"});
    const std::set<std::string_view> allowed = allowed_for(*folder_of("reference/engine/"));
    std::vector<std::string> wrong;
    for (const SourceFile& file : sources()) {
        if (!file.path.starts_with("reference/engine/") || file.path.ends_with("_test.cpp")) {
            continue;
        }
        for (const Include& include : includes_of(file.text)) {
            const Folder* to = folder_of(include.path());
            const bool fine = include.quoted ? to != nullptr && allowed.contains(to->path)
                                             : !begins_with_one_of(include.name, banned) &&
                                                   !begins_with_one_of(include.name, kThirdParty) &&
                                                   !include.name.ends_with(".h>");
            if (!fine) wrong.push_back(place(file, include));
        }
        for (const std::string_view clock :
             {"system_clock", "steady_clock", "high_resolution_clock", "utc_clock"}) {
            for (const std::size_t line : lines_with(code_only(file.text), clock)) {
                wrong.push_back(file.path + ":" + std::to_string(line) + ": " + std::string(clock));
            }
        }
    }
    EXPECT_TRUE(wrong.empty()) << "the engine is pure; time is handed in as an Instant:"
                               << list(wrong);
}

}  // namespace
}  // namespace qmgr::meta
