#include "reference/library/local_queue.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <utility>

#include "reference/adapters/curl_transport.hpp"
#include "reference/adapters/disk_file_store.hpp"
#include "reference/adapters/observed_ports.hpp"
#include "reference/adapters/sqlite_journal.hpp"
#include "reference/adapters/steady_clock.hpp"
#include "reference/adapters/troubled_ports.hpp"
#include "reference/contract/input_error.hpp"
#include "reference/engine/rules.hpp"
#include "reference/service/service_under_test.hpp"

namespace qmgr::inline v0 {
namespace {

Description describe_this_program() {
    Description description{"qmgr reference",
                            QMGR_VERSION,
                            {"disk", "journal", "network", "notify", "pause", "policy", "restart",
                             "sessions", "users"}};
    // The super-user may write everywhere, so no directory can be forbidden.
    if (::geteuid() != 0) description.abilities.insert("permissions");
    return description;
}

// Members are made from top to bottom and end from bottom to top: the service's thread first, then
// the transport, which writes to the file store, and so on.
class LocalQueue final : public RunningQueue {
  public:
    LocalQueue(std::unique_ptr<Journal> journal, const Policy& policy, QueueObserver* observer)
        : policy_(policy),
          journal_(std::move(journal)),
          failing_journal_(*journal_, machine_),
          observed_journal_(failing_journal_, observer),
          log_(observer),
          disk_(inbox_, policy_),
          file_store_(disk_, machine_, inbox_),
          transport_(inbox_, file_store_, policy_),
          service_({clock_, transport_, file_store_, observed_journal_, desk_, machine_,
                    observer != nullptr ? &log_ : nullptr},
                   inbox_, kDocumentedRules, policy_),
          running_(service_, inbox_, machine_, desk_, describe_this_program()) {}

    RunningSystem& service() override { return running_; }

  private:
    const Policy policy_;
    Inbox inbox_;
    SteadyClock clock_;
    Machine machine_;
    CallbackDesk desk_{inbox_};
    std::unique_ptr<Journal> journal_;
    FailingJournal failing_journal_;
    ObservedJournal observed_journal_;
    ObservedLog log_;
    DiskFileStore disk_;
    FillableFileStore file_store_;
    CurlTransport transport_;
    Service service_;
    ServiceUnderTest running_;
};

// Every missing folder on the way is made for its owner only.
void make_folder(const std::filesystem::path& folder) {
    std::error_code ignored;
    if (std::filesystem::is_directory(folder, ignored)) return;
    if (folder.has_parent_path() && folder.parent_path() != folder)
        make_folder(folder.parent_path());
    if (::mkdir(folder.c_str(), S_IRWXU) != 0 && errno != EEXIST)
        throw InputError(folder, std::strerror(errno));
}

}  // namespace

std::string journal_in(const std::string& folder) {
    return (std::filesystem::path(folder) / "queue.db").string();
}

std::unique_ptr<RunningQueue> open_local_queue(const std::string& folder, const Policy& policy,
                                               QueueObserver* observer) {
    make_folder(folder);
    auto journal = std::make_unique<SqliteJournal>(journal_in(folder));
    const OpenResult result = journal->open();
    if (result == OpenResult::Busy) return nullptr;
    if (result != OpenResult::Ok) std::cerr << "qmgr: " << journal->error() << std::endl;
    return std::make_unique<LocalQueue>(std::move(journal), policy, observer);
}

}  // namespace qmgr::inline v0
