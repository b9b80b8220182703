// What a system of others may say on its pipe: an input is its lines, whatever it is told. A system
// that does not keep the protocol is broken from then on and says why, in one line; one that is not
// broken has said what can be written down and read again.
#include "conformance/loopback/pipe_system.hpp"

#include <nlohmann/json.hpp>

#include "reference/contract/check.hpp"
#include "reference/contract/fuzz_target.hpp"

namespace qmgr::conformance {
namespace {

using Lines = std::vector<std::string_view>;

/// Says the lines one after the other, over all its lives, and is silent after them.
class SpokenLines final : public SystemLines {
  public:
    SpokenLines(const Lines& lines, std::size_t& said) : lines_(lines), said_(said) {}
    bool write_line(const std::string& line, std::chrono::milliseconds /*limit*/) override {
        QMGR_CHECK(line.find('\n') == line.npos, line);
        return !killed_;
    }
    std::optional<std::string> read_line(std::chrono::milliseconds /*limit*/) override {
        if (killed_ || said_ == lines_.size()) return std::nullopt;
        return std::string(lines_[said_++]);
    }
    void kill() override { killed_ = true; }

  private:
    const Lines& lines_;
    std::size_t& said_;
    bool killed_ = false;
};

template <class Value, class Read>
void check_written(const Value& value, Read read) {
    const std::string line = to_line(to_json(value));
    QMGR_CHECK(read(parse_json(line, "written"), "written") == value, line);
}

void check_reply(PipeSystem& system, const Call& call) {
    const bool was_broken = !system.broken().empty();
    const Reply reply = system.call({"u1", false}, call);
    if (was_broken) QMGR_CHECK(reply == (Reply{HResult::Failed, {}}), system.broken());
    check_written(reply, reply_from_json);
}

// Ids are counted from 1, so that the lines of an input can be answers.
void converse(PipeSystem& system) {
    check_reply(system, call::CreateGroup{});
    check_reply(system, call::GetGroupStatus{GroupHandle{1}});
    const auto refused = system.surroundings(surroundings::LogOff{"u1"});
    QMGR_CHECK(system.broken().empty() || refused, system.broken());
    system.register_callback({});
    for (const Notification& one : system.take_notifications())
        check_written(one, notification_from_json);
    system.answer(NotificationNumber{1}, HResult::Ok);
    system.restart();
    static_cast<void>(system.refuses_unknown_calls());
    check_reply(system, call::GetGroupStatus{GroupHandle{1}});
}

void check(const Lines& lines) {
    std::size_t said = 0;
    PipeSystem::Options options{"", "/state", {}};
    options.begin = [&](const std::string& /*command*/) {
        return std::make_unique<SpokenLines>(lines, said);
    };
    PipeSystem system(options);
    const std::string at_first = system.broken();
    if (at_first.empty()) check_written(system.describe(), description_from_json);
    converse(system);
    QMGR_CHECK(at_first.empty() || system.broken() == at_first, system.broken());
    QMGR_CHECK(system.broken().find('\n') == std::string::npos, system.broken());
}

}  // namespace
}  // namespace qmgr::conformance

namespace qmgr {

std::vector<std::string> fuzz_seeds() {
    const std::string hello =
        R"({"hello":{"protocol":1,"name":"n","version":"1","abilities":["notify"]}})"
        "\n";
    const std::string called = hello + R"({"id":1,"reply":{"hresult":"S_OK","group":3}})"
                                       "\n"
                                       R"({"id":2,"unsupported":"not yet"})"
                                       "\n";
    return {
        hello,
        R"({"hello":{"protocol":1,"name":"n","version":"1","abilities":[],"missing":"a disk"}})",
        called +
            R"({"id":3,"done":true})"
            "\n"
            R"({"id":4,"done":true})"
            "\n"
            R"({"notification":{"number":1,)"
            R"("class_id":"6f9619ff-8b86-d011-b42d-00c04fc964ff","group":3,"job":4,"file":0,)"
            R"("status":["GROUP_ERROR"],"retries":1,"win32_result":2,"transport_result":4}})"
            "\n"
            R"({"id":5,"done":true})"
            "\n" +
            hello +
            R"({"id":6,"done":true})"
            "\n"
            R"({"id":7,"done":true})"
            "\n"
            R"({"id":8,"unsupported":"never heard of it"})"
            "\n"
            R"({"id":9,"reply":{"hresult":"0x80190194"}})",
        called + R"({"id":3,"unsupported":"no log-off"})"
                 "\n"
                 R"({"id":4,"error":"no"})",
        hello + R"({"id":1,"reply":{"hresult":"E_FAIL"},"took_ms":3})",
        "[]\nno JSON",
    };
}

}  // namespace qmgr

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    qmgr::conformance::check(qmgr::fuzz_lines(qmgr::fuzz_text(data, size)));
    return 0;
}
