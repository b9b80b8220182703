// A system under test that is listened to: everything goes on to another one and is told to an
// auditor.
#pragma once

#include <functional>

#include "propertytests/auditor.hpp"
#include "reference/contract/system_under_test.hpp"

namespace qmgr::propertytests {

/// Over any system under test; threads as that has them (one at a time). The auditor is told of a
/// call after its answer came.
///
/// For each delivery that is taken the ids of the group and the job it names are asked for at once
/// (get_GroupID, get_JobID), as a callback would: they say which event it is.
class AuditedSystem final : public SystemUnderTest {
  public:
    /// Both outlive it. `now` is asked after each thing that was passed on.
    AuditedSystem(SystemUnderTest& inner, Auditor& auditor, std::function<Instant()> now);

    Description describe() override;
    Reply call(const Caller& caller, const Call& call) override;
    std::optional<std::string> surroundings(const Surroundings& what) override;
    void register_callback(ClassId class_id) override;
    std::vector<Notification> take_notifications() override;
    void answer(NotificationNumber number, HResult hresult) override;
    void restart() override;

    /// What a system under test cannot be told itself, such as World::crash(): do it, then call
    /// this. The same as after restart().
    void was_restarted();

  private:
    SystemUnderTest& inner_;
    Auditor& auditor_;
    std::function<Instant()> now_;
    Caller last_caller_;  // who asks for the ids of a delivery
};

}  // namespace qmgr::propertytests
