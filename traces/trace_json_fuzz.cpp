// The reader of traces, and the replayer over what it has read. A text is refused with InputError
// in one line, or taken; what is taken is written and read again as the same trace, and is replayed
// to an end against a system that knows nothing.
#include "traces/trace_json.hpp"

#include "reference/contract/check.hpp"
#include "reference/contract/fuzz_target.hpp"
#include "traces/replayer.hpp"

namespace qmgr::traces {
namespace {

/// Answers every call S_OK, with the number of the call as the handle it is about.
class BlankSystem final : public SystemUnderTest {
  public:
    Description describe() override { return {"blank", "1", {}}; }
    Reply call(const Caller& /*caller*/, const Call& /*call*/) override {
        return {HResult::Ok, GroupHandle{++calls_}};
    }
    std::optional<std::string> surroundings(const Surroundings& /*what*/) override {
        return std::nullopt;
    }
    void register_callback(ClassId /*class_id*/) override {}
    std::vector<Notification> take_notifications() override { return {}; }
    void answer(NotificationNumber /*number*/, HResult /*hresult*/) override {}
    void restart() override {}

  private:
    std::uint64_t calls_ = 0;
};

class NoPace final : public Pace {
  public:
    void wait_until(Duration /*at*/) override {}
};

void check_refusal(const InputError& error, std::string_view begin) {
    const std::string_view what = error.what();
    QMGR_CHECK(what.starts_with(begin), what);
    QMGR_CHECK(what.find_first_of("\r\n") == what.npos, what);
}

void check_written(const Trace& trace) {
    const std::string text = to_text(trace);
    QMGR_CHECK(trace_from_text(text, "written") == trace, text);
    QMGR_CHECK(to_text(trace_from_text(text, "written")) == text, text);
}

void check_line(const TraceLine& line) {
    QMGR_CHECK(line.at >= Duration(0), std::to_string(line.at.count()));
    if (line.kind == Kind::Note) return;
    QMGR_CHECK(with_prefix_swapped(line.body, kServer, kServer) == line.body, line.body);
    const std::string there = with_prefix_swapped(line.body, kServer, "http://127.0.0.1:1");
    QMGR_CHECK(there.find('\n') == there.npos, there);
}

void check_replay(const Trace& trace) {
    BlankSystem system;
    NoPace pace;
    const Places places{"http://127.0.0.1:1", "/tmp/d"};
    try {
        const auto difference = replay(trace, system, pace, places);
        if (!difference) return;
        QMGR_CHECK(difference->line >= 2 && difference->line <= trace.lines.size() + 1,
                   std::to_string(difference->line));
        QMGR_CHECK(!to_text(*difference).empty(), difference->actual);
    } catch (const InputError& error) {
        check_refusal(error, "line ");
    }
}

}  // namespace
}  // namespace qmgr::traces

namespace qmgr {

std::vector<std::string> fuzz_seeds() {
    const std::string header = R"({"trace":1,"title":"t","covers":["X-1"],"sut":"s"})"
                               "\n";
    const std::string with_server =
        R"({"trace":1,"title":"t","server":{"title":"t","why":"w","resources":[{"path":"/f",)"
        R"("size":9,"seed":1}]}})";
    return {
        header,
        with_server,
        R"({"trace":1,"title":"t","masked":true,"policy":{"retry_delay_ms":50},"server":{
            "title":"t","why":"w","resources":[{"path":"/f","size":9,"seed":1}]}})",
        header + R"({"at":0,"in":{"as":{"user":"u1"},"call":{"resume_group":{"group":3}}}})"
                 "\n"
                 R"({"at":1,"out":{"reply":{"hresult":"S_OK","group":7}}})"
                 "\n"
                 R"({"at":2,"in":{"call":{"get_group_status":{"group":7}}}})"
                 "\n"
                 R"({"at":2,"out":{"reply":{"hresult":"S_OK","group":"*"}}})",
        header + R"({"at":5,"in":{"surroundings":{"log_off":{"user":"u1"}}}})"
                 "\n"
                 R"({"at":6,"in":{"restart":true}})",
        header + R"({"at":7,"seen":{"request":{"url":"http://u:***@server.test/f"}}})"
                 "\n"
                 R"({"at":8,"why":{"row":"J-04"}})"
                 "\n"
                 R"({"note":"n"})",
        header + R"({"at":18446744073709551615,"in":{"restart":true}})",
        header + R"({"at":9,"in":{"call":{"add_files":{"job":7,"files":[{"remote_name":)"
                 R"("http://server.test/f","local_name":"/downloads/f"}]}}}})",
    };
}

}  // namespace qmgr

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace qmgr::traces;
    Trace trace;
    try {
        trace = trace_from_text(qmgr::fuzz_text(data, size), "fuzz");
    } catch (const qmgr::InputError& error) {
        check_refusal(error, "fuzz");
        return 0;
    }
    for (const TraceLine& line : trace.lines) check_line(line);
    check_written(trace);
    check_replay(trace);
    return 0;
}
