// A whole machine in one thread and in virtual time: the real service with the real engine, and
// simulated clock, network, disk, journal and client. The same Options give the same run, to the
// byte.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "conformance/world/agenda.hpp"
#include "conformance/world/deeds.hpp"
#include "conformance/world/simulated_disk.hpp"
#include "conformance/world/simulated_journal.hpp"
#include "conformance/world/simulated_network.hpp"
#include "conformance/world/virtual_clock.hpp"
#include "reference/contract/system_under_test.hpp"
#include "reference/engine/rules.hpp"
#include "reference/service/callback_desk.hpp"
#include "reference/service/machine.hpp"
#include "reference/service/service.hpp"

namespace qmgr::inline v0::world {

struct Options {
    Policy policy;
    fakeserver::Script script;
    const Rules* rules = &kDocumentedRules;  ///< outlives the world
    /// The ports a service is given, made of those of this machine at each of its starts; the sink
    /// takes events the machine did not report. Empty: as they are. What it makes outlives the
    /// world.
    std::function<Ports(const Ports&, EventSink&)> ports;
    /// Sees what network and disk report before the service does, and may change it; false: the
    /// event is lost. Empty: everything arrives as it was.
    std::function<bool(Event&)> event;
    /// What becomes of each thing the machine does, asked in the order of the deeds. An end by it
    /// is followed by a new start as soon as the service has come to rest, before the function of
    /// the world that was called returns. Empty: everything is done. A judge that ends the machine
    /// whenever it starts never lets that function return.
    std::function<Fate(Deed)> fate;
    /// An end by `fate` is that of the machine's power, as by crash(); false: that of the process
    /// alone, as by restart().
    bool power_fails = false;
    /// Authority of the server's URLs.
    std::string host = "server.test";
    /// What the clock shows at the start: 2020-01-01 00:00:00 UTC, a round number.
    Instant start = instant_from_ms(1577836800000);
};

/// A step the service logged, with its time.
struct LoggedStep {
    Instant at;
    Step step;
};

class World final : public SystemUnderTest, private ReplySink, private Log {
  public:
    explicit World(Options options);
    ~World() override;

    // The client's side.
    Description describe() override;
    /// Answered when it returns. Time passes only for a CancelGroup that waits for renames. A call
    /// that Options::fate left without an answer answers RPC_E_DISCONNECTED, as COM does when the
    /// server is gone: it may have been done or not.
    Reply call(const Caller& caller, const Call& call) override;
    std::optional<std::string> surroundings(const Surroundings& what) override;
    void register_callback(ClassId class_id) override;
    std::vector<Notification> take_notifications() override;
    void answer(NotificationNumber number, HResult hresult) override;
    /// The service ends as by SIGKILL and starts again: what was written but not synced is kept, as
    /// the system keeps it when only a process dies.
    void restart() override;

    // Time.
    Instant now() { return clock_.now(); }
    /// Lets so much time pass.
    void run_for(Duration time);
    /// Lets time pass until `done` holds, at most `limit`; returns whether it does.
    bool run_until(const std::function<bool()>& done, Duration limit);

    // The machine.
    /// Power fails and comes back: only what was synced is still there.
    void crash();
    /// Ends every fault: everybody is logged on, the network is there, nothing is paused, full or
    /// failing, and the server is honest. What the server has by now it keeps, and an answer that
    /// is under way goes on as it began. Hits of the rules are counted anew: read them before.
    void heal();
    /// How often Options::fate has ended the machine.
    std::uint64_t ends() const { return ends_; }
    SimulatedDisk& disk() { return *disk_; }
    SimulatedNetwork& network() { return *network_; }
    SimulatedJournal& journal() { return journal_; }
    /// Null while the journal cannot be read.
    const Engine* engine() const { return service_->engine(); }
    const std::vector<LoggedStep>& steps() const { return steps_; }
    const Policy& policy() const { return options_.policy; }
    /// Who is logged off, whether there is a network, what is held back.
    Circumstances circumstances() { return machine_.current(); }
    /// How often a service was started: once, and once for each restart and crash.
    std::uint64_t starts() const { return starts_; }
    /// Answers that belong to no open call: a second one, or one too late. A correct service gives
    /// none.
    std::uint64_t stray_answers() const { return stray_answers_; }
    std::string url(const std::string& path) const { return "http://" + options_.host + path; }

  private:
    /// Carries the events of network and disk to the inbox, through Options::event.
    class Relay final : public EventSink {
      public:
        Relay(const Options& options, Inbox& inbox) : options_(options), inbox_(inbox) {}
        void post(Event event) override;

      private:
        const Options& options_;
        Inbox& inbox_;
    };

    /// Carries deliveries to the desk.
    class Courier final : public Notifier {
      public:
        Courier(CallbackDesk& desk, EventSink& events, Deeds& deeds)
            : desk_(desk), events_(events), deeds_(deeds) {}
        void deliver(const Notification& notification) override;

      private:
        CallbackDesk& desk_;
        EventSink& events_;
        Deeds& deeds_;
    };

    void replied(CallId call, const Reply& reply) override;
    void wrote(Instant at, const Step& step) override;
    void end_service();
    void start_service();
    void turn();
    void begin_again_after_an_end();
    bool advance(Instant limit);

    Options options_;
    Deeds deeds_{options_.fate};
    VirtualClock clock_;
    Agenda agenda_;
    Inbox inbox_;
    Relay relay_{options_, inbox_};
    Machine machine_;
    CallbackDesk desk_{inbox_};
    Courier courier_{desk_, inbox_, deeds_};
    SimulatedJournal journal_{&deeds_};
    std::unique_ptr<SimulatedDisk> disk_;
    std::unique_ptr<SimulatedNetwork> network_;
    std::unique_ptr<Service> service_;
    std::optional<CallId> asked_;  // the call that waits for its answer
    std::optional<Reply> reply_;   // the answer it got
    std::uint64_t stray_answers_ = 0;
    std::uint64_t starts_ = 0;
    std::vector<LoggedStep> steps_;
    std::uint64_t next_call_ = 1;
    std::uint64_t ends_ = 0;
};

}  // namespace qmgr::inline v0::world
