// The reader of scripts: what it accepts it writes so that it reads the same again, and the answers
// of such a script keep the promises of a plan.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "fakeserver/body_steps.hpp"
#include "fakeserver/client_view.hpp"
#include "fakeserver/effect_table.hpp"
#include "fakeserver/responder.hpp"
#include "fakeserver/script_json.hpp"
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

/// Answers in the megabytes are right and slow; what they could break shows in small ones, too.
bool is_small(const Script& script) {
    constexpr std::uint64_t kMost = 10'000;
    for (const FaultRule& rule : script.rules) {
        for (const Fault& fault : rule.faults) {
            if (fault.bytes.value_or(0) > kMost || fault.count.value_or(0) > kMost) {
                return false;
            }
        }
    }
    for (const Resource& resource : script.resources) {
        if (resource.size > kMost) {
            return false;
        }
    }
    return true;
}

void ask(Responder& responder, const Request& request) {
    const ResponsePlan plan = responder.respond(request);
    const std::vector<BodyStep> steps = wire_steps(plan);
    const std::uint64_t size = body_length(steps);
    demand(head_size(plan) <= size, "the head is a part of the answer");
    for (const AppliedFault& fault : plan.faults) {
        demand(fault.wire_byte <= size, "a fault happens in the answer");
    }
    demand(plan.rule.empty() == plan.faults.empty(), "a rule that fired has faults");
    const ClientView view = view_of(plan, request.method);
    demand(!view.reusable || plan.ending == Ending::KeepAlive, "a kept connection is not ended");
}

void ask_everything(const Script& script) {
    Responder responder(script);
    for (std::uint64_t connection = 1; connection <= 3; ++connection) {
        responder.refuse(connection);
        responder.admit(connection);
        for (const Resource& resource : script.resources) {
            for (const char* method : {"HEAD", "GET", "PUT"}) {
                Request request{.method = method, .path = resource.path};
                request.connection = connection;
                ask(responder, request);
                request.headers = {{"Range", "bytes=2-5"}};
                ask(responder, request);
            }
        }
    }
}

}  // namespace

std::vector<std::string> fuzz_seeds() {
    std::vector<std::string> seeds{"{}", "[]", "\"", R"({"title":"t","why":"w"})", R"({"\n":[]})"};
    for (const EffectRow& row : effect_table()) {
        seeds.push_back(R"({"title":"t","why":"w","resources":[{"path":"/f","size":9,"seed":1}],)"
                        R"("rules":[{"name":"r","times":2,"every":1,"chance":[1,1],"seed":3,)"
                        R"("match":)" +
                        std::string(row.match) + R"(,"fault":)" + std::string(row.example) + "}]}");
    }
    return seeds;
}

}  // namespace qmgr

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace qmgr;
    Script script;
    try {
        script = script_from_json_text(fuzz_text(data, size), "input");
    } catch (const InputError& error) {
        demand(std::string_view(error.what()).find('\n') == std::string_view::npos,
               "a mistake is told in one line");
        return 0;
    }
    demand(script_from_json_text(to_json_text(script), "again") == script,
           "what is written is read as the same");
    if (is_small(script)) {
        ask_everything(script);
    }
    return 0;
}
