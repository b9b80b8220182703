// A rig: one system under test, one fake server, one place for files and one notion of time, ready
// for one case. A case sees nothing else, so it runs unchanged on every rig.
//
// Judging. Every expectation names the clause it is about and the set of allowed answers, first the
// one the reference gives. What is found is collected; a case goes on after a wrong answer, so that
// a report tells everything at once. A call answered `unsupported`, or skip(), ends the judging:
// whatever comes after it, the case is unsupported or skipped.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "conformance/rig/verdict.hpp"
#include "fakeserver/responder.hpp"
#include "reference/contract/policy.hpp"
#include "reference/contract/system_under_test.hpp"
#include "traces/recorder.hpp"
#include "traces/replayer.hpp"

namespace qmgr::inline v0::conformance {

/// What was found wrong, or only allowed.
struct Finding {
    Verdict verdict = Verdict::Fail;  ///< Fail, Lenient, Inconclusive; Difference once graded
    std::string clause;
    std::string what;      ///< the sentence of the expectation
    std::string expected;  ///< the allowed answers
    std::string actual;
};

/// A request the fake server understood, and what it answered.
struct SeenRequest {
    fakeserver::Request request;
    int status = 0;
    std::string rule;  ///< the fault rule that was applied, or empty
};

/// A published file as its user sees it.
struct FileLook {
    std::uint64_t size = 0;
    std::optional<std::int64_t> last_write_s;  ///< seconds since 1970, UTC
};

/// What a case asks the rig to be.
struct Setting {
    Policy policy;
    fakeserver::Script script;
};

// The words of an answer, for reports.
std::string describe(HResult value);
std::string describe(GroupStatus value);
std::string describe(JobStatus value);
std::string describe(bool value);
std::string describe(int value);
std::string describe(std::uint32_t value);
std::string describe(std::uint64_t value);
std::string describe(std::int64_t value);
std::string describe(const std::string& value);
std::string describe(const std::vector<std::string>& value);
std::string describe(const std::vector<Guid>& value);
std::string describe(const PropertyValue& value);

class Rig : public traces::Pace {
  public:
    /// How long a call may take to be answered, as docs/sut-protocol.md tells whoever implements
    /// it.
    static constexpr Duration kCallBudget = std::chrono::seconds(10);

    // ---- acting ----
    /// The caller of a call that names none: user u1, no administrator.
    static Caller user(std::string name = "u1") { return {std::move(name), false}; }
    static Caller administrator(std::string name = "admin") { return {std::move(name), true}; }
    Reply call(const Call& call, const Caller& caller = user());
    /// Something happens around the service; unsupported if the system cannot be told.
    void surroundings(const Surroundings& what);
    /// An object of the client is known under that class from now on.
    void register_callback(ClassId class_id);
    /// Deliveries that came since the last look, in order; each waits for answer().
    std::vector<Notification> notifications();
    void answer(NotificationNumber number, HResult hresult);
    /// The service ends without warning and starts again.
    void restart();
    /// A file, a program or a right that the case needs is missing on this machine, and it is not
    /// the system that lacks it: whatever comes after, the case is skipped.
    void skip(const std::string& reason);
    /// Another script from now on; hits and requests are counted from the beginning.
    virtual void serve(const fakeserver::Script& script) = 0;

    // ---- names ----
    /// URL of a path of the fake server.
    virtual std::string url(const std::string& path) const = 0;
    /// Full path of a file of that name in the directory for downloads.
    std::string local(const std::string& file_name) const { return directory() + "/" + file_name; }
    virtual std::string directory() const = 0;

    // ---- looking ----
    virtual std::optional<FileLook> look(const std::string& file_name) = 0;
    /// True when that file is there and is the whole content of that seed and size.
    virtual bool is_content(const std::string& file_name, std::uint64_t seed,
                            std::uint64_t size) = 0;
    /// Names of all files in the directory for downloads, in order.
    virtual std::vector<std::string> files() = 0;
    virtual std::vector<SeenRequest> requests() = 0;
    virtual std::vector<fakeserver::RuleHits> hits() = 0;
    /// Puts a small file into the directory for downloads.
    virtual void put_file(const std::string& file_name, const std::string& bytes) = 0;
    /// Makes, removes (with what is in it) a directory inside the one for downloads.
    virtual void make_directory(const std::string& name) = 0;
    virtual void remove_directory(const std::string& name) = 0;
    /// Takes the right to make files in it away from every user who is no administrator, for the
    /// rest of the case. Means nothing to a system without the ability `permissions`.
    virtual void protect_directory(const std::string& name) = 0;

    // ---- time ----
    /// Since the case began.
    virtual Duration elapsed() = 0;
    /// Lets that much time pass.
    virtual void let_pass(Duration time) = 0;
    /// Lets time pass until `done` holds. Not within the rig's budget: inconclusive, and false.
    bool eventually(const std::string& clause, const std::string& what,
                    const std::function<bool()>& done);
    void wait_until(Duration at) override;

    // ---- judging ----
    template <class T>
    bool expect(const std::string& clause, const std::string& what, const T& actual,
                const std::vector<T>& allowed) {
        if constexpr (std::is_same_v<T, HResult>) ++hresult_expectations_;
        std::vector<std::string> words;
        std::size_t place = allowed.size();
        for (std::size_t i = 0; i < allowed.size(); ++i) {
            if (place == allowed.size() && allowed[i] == actual) place = i;
            words.push_back(describe(allowed[i]));
        }
        return judge(clause, what, describe(actual), words, place);
    }
    template <class T>
    bool expect(const std::string& clause, const std::string& what, const T& actual,
                std::initializer_list<T> allowed) {
        return expect(clause, what, actual, std::vector<T>(allowed));
    }
    bool expect_true(const std::string& clause, const std::string& what, bool holds) {
        return expect<bool>(clause, what, holds, {true});
    }

    // ---- for the runner ----
    const std::vector<Finding>& findings() const { return findings_; }
    std::uint64_t expectations() const { return expectations_; }
    /// How many of them looked at an HRESULT.
    std::uint64_t hresult_expectations() const { return hresult_expectations_; }
    /// Why the case counts as unsupported, or empty.
    const std::string& unsupported_reason() const { return unsupported_; }
    /// Why the case counts as skipped, or empty.
    const std::string& skip_reason() const { return skipped_; }
    const std::vector<traces::TraceLine>& lines() { return recorder().lines(); }
    /// Everything that happened, in order of time: lines(), and where the rig knows them, the
    /// requests as the server saw them and the steps of the reference.
    virtual std::vector<traces::TraceLine> story() { return lines(); }
    virtual Description describe_system() = 0;
    /// Why a case that needs `ability`, which the system does not state, is skipped: because
    /// something is missing on this machine. Empty: the system lacks it, the case is unsupported.
    virtual std::string missing_here(const std::string& /*ability*/) const { return {}; }
    /// Names for a trace recorded or replayed here.
    traces::Places places() const { return {url(""), directory()}; }
    /// The system with everything written down.
    SystemUnderTest& recorded_system() { return recorder(); }

  protected:
    virtual traces::Recorder& recorder() = 0;
    /// Real or virtual, until `done` or `budget` is over.
    virtual bool run_until(const std::function<bool()>& done, Duration budget) = 0;
    /// How long eventually() may take.
    virtual Duration budget() const = 0;

  private:
    bool judge(const std::string& clause, const std::string& what, const std::string& actual,
               const std::vector<std::string>& allowed, std::size_t place);

    /// Nothing more is asked of the system or judged.
    bool is_over() const { return !unsupported_.empty() || !skipped_.empty(); }

    std::vector<Finding> findings_;
    std::uint64_t expectations_ = 0;
    std::uint64_t hresult_expectations_ = 0;
    std::string unsupported_;
    std::string skipped_;
};

}  // namespace qmgr::inline v0::conformance
