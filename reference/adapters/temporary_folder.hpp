// A folder for one test, gone with all that is in it when the test ends.
#pragma once

#include <string>

namespace qmgr {

class TemporaryFolder {
  public:
    TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder();

    std::string path(const std::string& name) const { return root_ + "/" + name; }

  private:
    std::string root_;
};

}  // namespace qmgr
