// The JSON codec. A text is refused with InputError in one line, or taken; what a reader takes is
// written and read again as the same value.
#include <nlohmann/json.hpp>
#include <optional>

#include "reference/contract/check.hpp"
#include "reference/contract/fuzz_target.hpp"
#include "reference/contract/json.hpp"

namespace qmgr {
namespace {

// Whatever `make` gives; nothing if it refused.
template <class Make>
auto unless_refused(Make make) -> std::optional<decltype(make())> {
    try {
        return make();
    } catch (const InputError& error) {
        const std::string_view what = error.what();
        QMGR_CHECK(what.starts_with("fuzz"), what);
        QMGR_CHECK(what.find_first_of("\r\n") == what.npos, what);
        return std::nullopt;
    }
}

template <class Read>
void check_reader(const Json& json, Read read) {
    const auto taken = unless_refused([&] { return read(json); });
    if (!taken) return;
    const std::string line = to_line(to_json(*taken));
    QMGR_CHECK(line.find('\n') == line.npos, line);
    const auto again = unless_refused([&] { return read(parse_json(line, "fuzz")); });
    QMGR_CHECK(again.has_value(), line);
    QMGR_CHECK(*again == *taken, line);
}

}  // namespace

std::vector<std::string> fuzz_seeds() {
    return {
        R"({"create_group":{"group_id":"6f9619ff-8b86-d011-b42d-00c04fc964ff"}})",
        R"({"set_prop":{"group":1,"property":"GROUPPROP_PRIORITY",
            "value":{"type":"VT_I4","number":-1}}})",
        R"({"set_prop":{"group":1,"property":99,"value":{"type":"VT_BSTR","text":"n\u00e4me"}}})",
        R"({"get_group_progress":{"group":3,"flag":"QM_PROGRESS_SIZE_DONE"}})",
        R"({"add_files":{"job":7,"files":[{"remote_name":"http://a/b","local_name":"/b",
            "size_hint":3}]}})",
        R"({"next":{"enumerator":5,"count":2,"fetched_is_null":true}})",
        R"({"release":{"enumerator":4}})",
        R"({"user":"u1","administrator":true})",
        R"({"hresult":"S_OK","group":3})",
        R"({"hresult":"0x80190194","ids":["6f9619ff-8b86-d011-b42d-00c04fc964ff"],"fetched":1})",
        R"({"hresult":"S_OK","group_status":["GROUP_SUSPENDED"],"job_index":0})",
        R"({"hresult":"S_OK","job_status":["JOB_ERROR"],"win32_result":1,"transport_result":404,
            "retries":2})",
        R"({"hresult":"S_OK","file":{"remote_name":"http://a/b","local_name":"/b"}})",
        R"({"unsupported":"not here"})",
        R"({"number":1,"class_id":"6f9619ff-8b86-d011-b42d-00c04fc964ff","group":3,"job":4,
            "file":0,"status":["GROUP_ERROR"],"retries":1,"win32_result":2,
            "transport_result":404})",
        R"({"log_off":{"user":"u1"}})",
        R"({"network_lost":{}})",
        R"({"disk_full":{"on":true}})",
        R"({"retry_delay_ms":50,"wire":"bits_6_6","user_agent":"a","slice_bytes":[1,2]})",
        R"({"name":"n","version":"1","abilities":["users","restart"]})",
        R"([[{"a":null}],-1,1.5e3,"\ud83d\ude00"])",
    };
}

}  // namespace qmgr

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace qmgr;
    const auto json = unless_refused([&] { return parse_json(fuzz_text(data, size), "fuzz"); });
    if (!json) return 0;
    check_reader(*json, [](const Json& one) { return call_from_json(one, "fuzz"); });
    check_reader(*json, [](const Json& one) { return caller_from_json(one, "fuzz"); });
    check_reader(*json, [](const Json& one) { return reply_from_json(one, "fuzz"); });
    check_reader(*json, [](const Json& one) { return notification_from_json(one, "fuzz"); });
    check_reader(*json, [](const Json& one) { return surroundings_from_json(one, "fuzz"); });
    check_reader(*json, [](const Json& one) { return policy_from_json(one, "fuzz"); });
    check_reader(*json, [](const Json& one) { return description_from_json(one, "fuzz"); });
    return 0;
}
