// A folder for one test, gone with all that is in it when the test ends.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include <gtest/gtest.h>

namespace qmgr {

class TemporaryFolder {
  public:
    TemporaryFolder() : root_(testing::TempDir() + "/qmgr-adapters-XXXXXX") {
        if (::mkdtemp(root_.data()) == nullptr) ADD_FAILURE() << "no folder " << root_;
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(root_, ignored);
    }

    std::string path(const std::string& name) const { return root_ + "/" + name; }

  private:
    std::string root_;
};

}  // namespace qmgr
