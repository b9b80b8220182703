// A whole answer on the wire: the bytes of an input go out of a socket, through libcurl and the
// transport, and every promise of ports.hpp about what is posted and what is written is kept. The
// first byte of an input is the method, H for HEAD; the rest is what the server says before it
// closes the connection.
#include "reference/adapters/curl_transport.hpp"

#include <algorithm>

#include "reference/adapters/memory_store.hpp"
#include "reference/adapters/raw_server.hpp"
#include "reference/adapters/recording_sink.hpp"
#include "reference/contract/check.hpp"
#include "reference/contract/fuzz_target.hpp"
#include "reference/engine/http_fields.hpp"

namespace qmgr {
namespace {

constexpr FetchId kFetch{1};
constexpr std::uint64_t kLimit = 64;

bool is_end(const Event& event) {
    return std::holds_alternative<event::FetchEnded>(event) ||
           std::holds_alternative<event::StoreFailed>(event);
}

bool is_started(const Event& event) {
    return std::holds_alternative<event::ResponseStarted>(event);
}

// One exchange to its end: what was posted.
std::vector<Event> exchange(bool head_only, const std::string& answer, MemoryStore& store) {
    const RawServer server({Answer{answer, {}, Ending::Close}});
    RecordingSink sink;
    CurlTransport transport(sink, store, Policy{});
    transport.start({kFetch, {}, head_only ? "HEAD" : "GET", server.url(), {}});
    QMGR_CHECK(sink.wait_for_any(1), "nothing was posted");
    if (!head_only && is_started(sink.events().front())) {
        transport.store_body({kFetch, {}, "/part", 0, kLimit});
        QMGR_CHECK(sink.wait_until(is_end), "the exchange did not end");
    }
    return sink.events();
}

void check_head(const event::ResponseStarted& head) {
    QMGR_CHECK(head.status >= 200 && head.status <= 999, std::to_string(head.status));
    for (const HeaderField& field : head.headers) {
        QMGR_CHECK(field.name.find_first_of(":\r\n") == field.name.npos, field.name);
        QMGR_CHECK(field.value.find_first_of("\r\n") == field.value.npos, field.value);
    }
}

// Where nothing is encoded, the body is bytes of the answer, in their order.
void check_body(const event::ResponseStarted& head, const std::string& answer,
                const std::string& body) {
    QMGR_CHECK(body.size() <= kLimit, std::to_string(body.size()));
    if (field_value(head.headers, "Transfer-Encoding")) return;
    QMGR_CHECK(answer.find(body) != answer.npos, body);
    const ContentLength length = content_length(head.headers);
    if (length.kind == Length::Known)
        QMGR_CHECK(body.size() <= length.bytes, std::to_string(body.size()));
}

void check(bool head_only, const std::string& answer) {
    MemoryStore store;
    const std::vector<Event> events = exchange(head_only, answer, store);
    const auto heads = std::count_if(events.begin(), events.end(), is_started);
    const auto ends = std::count_if(events.begin(), events.end(), is_end);
    const std::string body = store.bytes(kFetch);
    if (heads == 0) {
        QMGR_CHECK(events.size() == 1 && ends == 1, "an end, and nothing else");
        const auto* end = std::get_if<event::FetchEnded>(&events.front());
        QMGR_CHECK(end != nullptr && end->failure && body.empty(), "an end without a head");
        return;
    }
    QMGR_CHECK(heads == 1 && is_started(events.front()), "one head, and first");
    QMGR_CHECK(head_only ? events.size() == 1 : ends == 1 && is_end(events.back()), "one end");
    std::uint64_t told = 0;
    for (const Event& event : events)
        if (const auto* stored = std::get_if<event::BytesStored>(&event)) told += stored->count;
    QMGR_CHECK(told == body.size(), std::to_string(told));
    const auto& head = std::get<event::ResponseStarted>(events.front());
    check_head(head);
    check_body(head, answer, body);
}

}  // namespace

std::vector<std::string> fuzz_seeds() {
    return {
        "GHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
        "GHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nA: 1\r\n\r\n",
        "GHTTP/1.1 100 C\r\n\r\nHTTP/1.1 206 P\r\nContent-Range: bytes 0-4/9\r\n\r\nhello",
        "GHTTP/1.0 404 N\nA:\n\t2\n\nno",
        "GHTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nhello",
        "GHTTP/1.1 1000 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\nhello",
        "GICY 200 OK\r\n\r\n"};
}

}  // namespace qmgr

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string input(qmgr::fuzz_text(data, size));
    if (!input.empty()) qmgr::check(input.front() == 'H', input.substr(1));
    return 0;
}
