// The way of a request: bytes of a head, cpp-httplib's reading of them, the Responder, the player.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <variant>

#include "fakeserver/body_steps.hpp"
#include "fakeserver/responder.hpp"
#include "fakeserver/server/plan_player.hpp"
#include "fakeserver/server/request_head.hpp"
#include "fakeserver/wire.hpp"
#include "reference/contract/fuzz_target.hpp"

namespace qmgr {
namespace {

using namespace fakeserver;

void demand(bool holds, const char* what) {
    if (!holds) {
        std::fprintf(stderr, "broken promise: %s\n", what);
        std::abort();
    }
}

Script site() {
    return {.title = "t",
            .why = "w",
            .resources = {{.path = "/f", .size = 100, .seed = 1, .last_modified = "now"}},
            .rules = {{.name = "digest",
                       .match = {.path = "/d"},
                       .faults = {{.effect = Effect::DemandDigest, .user = "u", .password = "p"}}},
                      {.name = "early",
                       .match = {.has_range = true},
                       .faults = {{.effect = Effect::RangeEarlier, .bytes = 3}},
                       .every = 2}}};
}

/// Plays the whole plan, a few bytes at a time.
std::uint64_t play(const ResponsePlan& plan) {
    PlanPlayer player(plan);
    std::array<std::byte, 64> buffer{};
    std::uint64_t played = 0;
    while (true) {
        const std::size_t count = player.peek(buffer);
        if (count == 0 && !player.take_wait()) {
            return played;
        }
        player.advance(count);
        played += count;
    }
}

}  // namespace

std::vector<std::string> fuzz_seeds() {
    return {"GET /f HTTP/1.1\r\nHost: a\r\n\r\n",
            "HEAD /f HTTP/1.0\r\n\r\n",
            "GET http://a/f HTTP/1.1\r\nRange: bytes=1-2\r\nIf-Range: now\r\n\r\n",
            "GET /f HTTP/1.1\r\nRange: bytes=5-\r\nIf-Unmodified-Since: then\r\n\r\n",
            "GET /d HTTP/1.1\r\nAuthorization: Digest username=\"u\", nonce=\"\"\r\n\r\n",
            "CONNECT a:443 HTTP/1.1\r\n\r\n",
            "POST /f HTTP/1.1\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n",
            "\r\n\r\n"};
}

}  // namespace qmgr

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace qmgr;
    static HeadReader reader;  // holds the library's routes and nothing of an input
    Responder responder(site());
    std::string head(fuzz_text(data, size));
    // The connection looks for the first empty line before it asks for a reading.
    head.resize(std::min(head.find("\r\n\r\n"), head.size()));
    const auto read = reader.read(head.append("\r\n\r\n"));
    if (const auto* refusal = std::get_if<Refusal>(&read)) {
        demand(refusal->status >= 400 && refusal->status < 600, "a refusal has an error's status");
        return 0;
    }
    for (int i = 0; i < 2; ++i) {
        const ResponsePlan plan = responder.respond(std::get<Request>(read));
        demand(play(plan) == body_length(wire_steps(plan)), "all of a plan is played");
    }
    return 0;
}
