// The two carriers of the fake server agree: a client that says the same to both gets the same
// heads, bodies and endings. The client is a Transport: libcurl on sockets, and the simulated
// network.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "conformance/world/agenda.hpp"
#include "conformance/world/simulated_disk.hpp"
#include "conformance/world/simulated_network.hpp"
#include "conformance/world/virtual_clock.hpp"
#include "fakeserver/effect_table.hpp"
#include "fakeserver/fault_list.hpp"
#include "fakeserver/script_json.hpp"
#include "fakeserver/server/fault_server.hpp"
#include "reference/adapters/curl_transport.hpp"
#include "reference/adapters/memory_store.hpp"
#include "reference/adapters/recording_sink.hpp"
#include "reference/adapters/temporary_folder.hpp"

namespace qmgr {
namespace {

constexpr FileRef kFile{{7}, 0};
/// More than any body here, so that the answer alone decides where it ends.
constexpr std::uint64_t kWholeBody = 1ULL << 40U;

struct Ask {
    std::string method;
    std::string path;
    std::vector<HeaderField> fields;
};

/// What came back: a head, and how it went on; or no head.
struct Got {
    int status = 0;
    std::vector<HeaderField> headers;
    std::string body;
    std::optional<TransportFailure> failure;
    bool operator==(const Got&) const = default;
};

void PrintTo(const Got& got, std::ostream* out) {
    *out << got.status;
    for (const HeaderField& field : got.headers) *out << " | " << field.name << ": " << field.value;
    *out << " | " << got.body.size() << " bytes, ";
    if (got.failure)
        *out << "failure " << static_cast<int>(*got.failure);
    else
        *out << "whole";
}

Policy patience() {
    Policy policy;
    policy.stall_timeout = Duration(1500);
    return policy;
}

/// A carrier, asked one thing after another.
class Carrier {
  public:
    Carrier() = default;
    Carrier(const Carrier&) = delete;
    Carrier& operator=(const Carrier&) = delete;
    virtual ~Carrier() = default;

    Got get(const Ask& ask) {
        const FetchId fetch{++fetches_};
        transport().start({fetch, kFile, ask.method, origin() + ask.path, ask.fields});
        Got got;
        const bool has_head = wait(fetch, got);
        if (!has_head || ask.method == "HEAD") return got;
        transport().store_body({fetch, kFile, "/part", 0, kWholeBody});
        wait_for_end(fetch, got);
        got.body = bytes(fetch);
        return got;
    }

  protected:
    virtual Transport& transport() = 0;
    virtual std::string origin() = 0;
    /// Until there is a head (true) or none will come (false).
    virtual bool wait(FetchId fetch, Got& got) = 0;
    virtual void wait_for_end(FetchId fetch, Got& got) = 0;
    virtual std::string bytes(FetchId fetch) = 0;

    /// In a Location stands the authority, which differs.
    void take_head(const event::ResponseStarted& head, Got& got) {
        const std::string origin = this->origin();
        const std::string authority = origin.substr(origin.find("://") + 3);
        got.status = head.status;
        got.headers = head.headers;
        // libcurl refuses such a line and what follows; the adapter tells that there was one.
        const auto length = std::ranges::find(got.headers, "Content-Length", &HeaderField::name);
        if (length != got.headers.end() &&
            length->value.find_first_not_of("0123456789") != std::string::npos)
            length->value.clear();
        if (length != got.headers.end() && length->value.empty())
            got.headers.erase(length + 1, got.headers.end());
        for (HeaderField& field : got.headers) {
            const std::size_t at = field.value.find(authority);
            if (at != std::string::npos) field.value.replace(at, authority.size(), "server");
        }
    }

  private:
    std::uint64_t fetches_ = 0;
};

class OverSockets final : public Carrier {
  public:
    OverSockets(const fakeserver::Script& script, bool tls)
        : server_(script, {.tls = tls}), transport_(sink_, store_, patience()) {
        const std::string authority = folder_.path("authority.pem");
        std::ofstream(authority) << server_.authority_pem();
        ::setenv("CURL_CA_BUNDLE", authority.c_str(), 1);
        ::setenv("no_proxy", "*", 1);
    }
    std::vector<fakeserver::RuleHits> hits() const { return server_.hits(); }

  protected:
    Transport& transport() override { return transport_; }
    std::string origin() override { return server_.url(""); }
    bool wait(FetchId fetch, Got& got) override {
        const auto is_it = [fetch](const auto& one) { return one.fetch == fetch; };
        sink_.wait_until([&](const Event& event) {
            const auto* head = std::get_if<event::ResponseStarted>(&event);
            const auto* end = std::get_if<event::FetchEnded>(&event);
            return (head != nullptr && is_it(*head)) || (end != nullptr && is_it(*end));
        });
        const auto heads = sink_.all<event::ResponseStarted>();
        const auto head = std::ranges::find_if(heads, is_it);
        if (head != heads.end()) {
            take_head(*head, got);
            return true;
        }
        wait_for_end(fetch, got);
        return false;
    }
    void wait_for_end(FetchId fetch, Got& got) override {
        got.failure = sink_
                          .wait_for<event::FetchEnded>(
                              [fetch](const auto& one) { return one.fetch == fetch; })
                          .failure;
    }
    std::string bytes(FetchId fetch) override { return store_.bytes(fetch); }

  private:
    TemporaryFolder folder_;
    fakeserver::FaultServer server_;
    RecordingSink sink_;
    MemoryStore store_;
    CurlTransport transport_;
};

class InTheWorld final : public Carrier {
  public:
    InTheWorld(fakeserver::Script script, bool tls)
        : origin_(tls ? "https://server" : "http://server") {
        network_.serve("server", std::move(script));
    }
    std::vector<fakeserver::RuleHits> hits() { return network_.responder().hits(); }

  protected:
    Transport& transport() override { return network_; }
    std::string origin() override { return origin_; }
    bool wait(FetchId fetch, Got& got) override {
        disk_.put("/part", {});
        while (true) {
            for (const auto& head : sink_.all<event::ResponseStarted>()) {
                if (head.fetch != fetch) continue;
                take_head(head, got);
                return true;
            }
            if (ended(fetch, got) || testing::Test::HasFatalFailure()) return false;
            step();
        }
    }
    void wait_for_end(FetchId fetch, Got& got) override {
        while (!ended(fetch, got) && !testing::Test::HasFatalFailure()) step();
    }
    std::string bytes(FetchId /*fetch*/) override { return disk_.find("/part")->contents.bytes(); }

  private:
    bool ended(FetchId fetch, Got& got) {
        for (const auto& end : sink_.all<event::FetchEnded>()) {
            if (end.fetch != fetch) continue;
            got.failure = end.failure;
            return true;
        }
        return false;
    }
    void step() {
        ASSERT_TRUE(agenda_.next()) << "nothing more happens, and there is no end";
        clock_.advance_to(*agenda_.next());
        agenda_.take()();
    }

    std::string origin_;
    world::Agenda agenda_;
    world::VirtualClock clock_{Instant(Duration(0))};
    RecordingSink sink_;
    Policy policy_ = patience();
    world::SimulatedDisk disk_{agenda_, clock_, sink_, policy_};
    world::SimulatedNetwork network_{agenda_, clock_, disk_, sink_, policy_};
};

/// What every script is asked: heads, wholes and ranges of all it serves or redirects; and once
/// more unless it is to be short.
std::vector<Ask> questions(const fakeserver::Script& script, bool is_short) {
    std::vector<std::string> paths;
    for (const auto& resource : script.resources) paths.push_back(resource.path);
    for (const auto& rule : script.rules) {
        if (rule.match.path) paths.push_back(*rule.match.path);
        if (rule.match.path_prefix) paths.push_back(*rule.match.path_prefix);
    }
    const std::uint64_t size = script.resources.front().size;
    std::vector<Ask> asks;
    for (const std::string& path : paths) {
        const HeaderField date{"If-Unmodified-Since", "Tue, 02 Jan 2001 03:04:05 GMT"};
        asks.push_back({"HEAD", path, {}});
        asks.push_back({"GET", path, {}});
        asks.push_back({"GET", path, {date, {"Range", "bytes=" + std::to_string(size / 2) + "-"}}});
        asks.push_back({"GET", path, {date, {"Range", "bytes=100-199"}}});
        if (is_short) continue;
        asks.push_back({"HEAD", path, {}});
        asks.push_back(
            {"GET", path, {{"Range", "bytes=" + std::to_string(size / 100 * 99) + "-9000000"}}});
        asks.push_back({"GET", path, {}});
    }
    return asks;
}

bool is_played_by_both(const fakeserver::Script& script) {
    return std::ranges::none_of(script.rules, [](const auto& rule) {
        return std::ranges::any_of(rule.faults, [](const auto& fault) {
            return fakeserver::effect_row(fault.effect).simulated_only;
        });
    });
}

/// Every fault of TLS here is one that ends before a request; no certificate is trusted.
bool needs_tls(const fakeserver::Script& script) {
    return std::ranges::any_of(script.rules, [](const auto& rule) {
        return fakeserver::effect_row(rule.faults.front().effect).needs_tls;
    });
}

bool spoils_chunks(const fakeserver::Script& script) {
    const std::string first(
        fakeserver::effect_row(script.rules.front().faults.front().effect).name);
    return first.starts_with("Chunk") && first != "Chunked";
}

void expect_agreement(const fakeserver::Script& script, bool is_short) {
    OverSockets sockets(script, needs_tls(script));
    InTheWorld simulated(script, needs_tls(script));
    for (const Ask& ask : questions(script, is_short)) {
        SCOPED_TRACE(ask.method + " " + ask.path +
                     (ask.fields.empty() ? "" : " " + ask.fields.back().value));
        Got in_the_world = simulated.get(ask);
        const Got over_sockets = sockets.get(ask);
        // With a chunk that it cannot read libcurl throws away what came along with it.
        if (over_sockets.failure && in_the_world.body.starts_with(over_sockets.body) &&
            spoils_chunks(script))
            in_the_world.body = over_sockets.body;
        EXPECT_EQ(in_the_world, over_sockets);
    }
    EXPECT_EQ(simulated.hits(), sockets.hits());
}

TEST(Carriers, AgreeOnEveryReadyScript) {
    int played = 0;
    for (const auto& entry : std::filesystem::directory_iterator("fakeserver/scripts")) {
        SCOPED_TRACE(entry.path().filename());
        const auto script = fakeserver::script_from_file(entry.path().string());
        if (!is_played_by_both(script)) continue;
        expect_agreement(script, false);
        ++played;
    }
    EXPECT_GE(played, 20);
}

TEST(Carriers, AgreeOnTheExampleOfEveryEffect) {
    for (const auto& row : fakeserver::effect_table()) {
        SCOPED_TRACE(row.name);
        auto script = fakeserver::script_from_file("fakeserver/scripts/second-node.json");
        // Small, because some examples are slow.
        script.resources.front().size = 10'000;
        script.rules = {fakeserver::example_rule(row.effect)};
        if (is_played_by_both(script)) expect_agreement(script, true);
    }
}

}  // namespace
}  // namespace qmgr
