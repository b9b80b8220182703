// A conversation with `qmgr stdio`, the lines of an input, over a queue that answers every call at
// once. Each line that comes back is one JSON object, and every call is answered.
#include <nlohmann/json.hpp>

#include "reference/app/stdio_session.hpp"
#include "reference/contract/check.hpp"
#include "reference/contract/fuzz_target.hpp"

namespace qmgr {
namespace {

class AnsweringSystem final : public RunningSystem {
  public:
    Description describe() override { return {"answering", "1", {"users"}}; }
    Reply call(const Caller& /*caller*/, const Call& /*call*/) override { return {}; }
    void submit(const Caller& caller, const Call& call, Completion completion) override {
        completion(this->call(caller, call));
    }
    void set_arrival(std::function<void()> /*arrived*/) override {}
    std::optional<std::string> surroundings(const Surroundings& what) override {
        if (std::holds_alternative<surroundings::Paused>(what)) return "nothing to pause";
        return std::nullopt;
    }
    void register_callback(ClassId /*class_id*/) override {}
    std::vector<Notification> take_notifications() override { return {}; }
    void answer(NotificationNumber /*number*/, HResult /*hresult*/) override {}
    void restart() override {}
};

class AnsweringQueue final : public RunningQueue {
  public:
    RunningSystem& service() override { return system_; }

  private:
    AnsweringSystem system_;
};

class Pipe final : public LineSource, public LineSink {
  public:
    explicit Pipe(std::string_view text) : lines_(fuzz_lines(text)) {}
    std::optional<std::string> next() override {
        if (said_ == lines_.size()) return std::nullopt;
        return std::string(lines_[said_++]);
    }
    void write(const std::string& lines) override { heard_ += lines; }
    const std::string& heard() const { return heard_; }

  private:
    const std::vector<std::string_view> lines_;
    std::size_t said_ = 0;
    std::string heard_;
};

}  // namespace

std::vector<std::string> fuzz_seeds() {
    const std::string hello =
        R"({"hello":{"protocol":1,"state":"/q","policy":{"retry_delay_ms":50}}})"
        "\n";
    return {
        hello + R"({"id":1,"as":{"user":"u1"},"call":{"resume_group":{"group":3}}})",
        hello + R"({"id":2,"as":{"user":"u1","administrator":true},"call":{"fly":{}}})",
        hello + R"({"id":3,"surroundings":{"log_off":{"user":"u1"}}})",
        hello + R"({"id":3,"surroundings":{"paused":{"reason":"battery"}}})",
        hello + R"({"id":4,"register":{"clsid":"{6f9619ff-8b86-d011-b42d-00c04fc964ff}"}})",
        hello + R"({"answer":{"number":1,"hresult":"S_OK"}})",
        R"({"hello":{"protocol":1,"state":"busy"}})",
        "[]\n{\"id\":-1}\n{}",
    };
}

}  // namespace qmgr

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace qmgr;
    Pipe pipe(fuzz_text(data, size));
    StdioSession session(pipe, pipe, [](const std::string& state, const Policy& /*policy*/) {
        return state == "busy" ? nullptr : std::make_unique<AnsweringQueue>();
    });
    const int status = session.run();
    QMGR_CHECK(status == 0 || status == 3, std::to_string(status));
    const auto lines = fuzz_lines(pipe.heard());
    QMGR_CHECK(lines.back().empty(), lines.back());
    for (std::size_t i = 0; i + 1 < lines.size(); ++i)
        QMGR_CHECK(parse_json(lines[i], "heard").is_object(), lines[i]);
    return 0;
}
