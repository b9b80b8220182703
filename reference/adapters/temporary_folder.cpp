#include "reference/adapters/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace qmgr {

TemporaryFolder::TemporaryFolder() : root_(testing::TempDir() + "/qmgr-adapters-XXXXXX") {
    if (::mkdtemp(root_.data()) == nullptr) ADD_FAILURE() << "no folder " << root_;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
}

}  // namespace qmgr
