// A response head on its way from libcurl, which hands it over line by line, to the engine's
// verdict: the collector, and then what the engine would do after each kind of request.
#include "reference/adapters/response_head.hpp"

#include <array>
#include <optional>

#include "reference/contract/check.hpp"
#include "reference/contract/fuzz_target.hpp"
#include "reference/engine/http_fields.hpp"
#include "reference/engine/names.hpp"
#include "reference/engine/response_facts.hpp"

namespace qmgr {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";
const Policy kPolicy;

bool is_trimmed(std::string_view text) {
    return text.empty() || (kBlanks.find(text.front()) == kBlanks.npos &&
                            kBlanks.find(text.back()) == kBlanks.npos);
}

bool is_line_end(std::string_view line) { return line.find_first_not_of("\r\n") == line.npos; }

// Each line with its line feed, as libcurl has it; what comes after the last one is a line, too.
ResponseHead collected(std::string_view text) {
    ResponseHead head;
    std::size_t taken_bytes = 0;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n') + 1);
        const std::string_view taken = line.empty() ? text : line;
        text.remove_prefix(taken.size());
        const bool was_complete = head.is_complete();
        const std::size_t fields_before = head.headers().size();
        head.take(taken);
        if (!was_complete) taken_bytes += taken.size();
        QMGR_CHECK(head.size_bytes() == taken_bytes, std::to_string(taken_bytes));
        QMGR_CHECK(!was_complete || head.is_complete(), "a head that is no longer complete");
        QMGR_CHECK(!was_complete || head.headers().size() == fields_before, "a trailer in it");
        QMGR_CHECK(!head.is_complete() || (head.status() >= 200 && head.status() <= 999),
                   std::to_string(head.status()));
        if (!was_complete)
            QMGR_CHECK(head.is_complete() == (is_line_end(taken) && head.status() >= 200), taken);
    }
    return head;
}

FileRequest request_for(Asked asked, std::optional<std::uint64_t> size) {
    FileRequest request;
    request.asked = asked;
    request.url = "http://host/dir/f";
    request.begin = asked == Asked::FromMiddle ? 5 : 0;
    request.end = 10;
    request.size = size;
    return request;
}

// XFER-RANGE-1, XFER-RANGE-2, XFER-SIZE-1 and XFER-REDIR-1, in the words of a head.
void check_verdict(const FileRequest& request, const event::ResponseStarted& response) {
    const ResponseRow& row = row_for(kResponseTable, facts_of(request, response, kPolicy));
    const ContentLength length = content_length(response.headers);
    switch (row.decision) {
        case Decision::Learn:
            QMGR_CHECK(response.status == 200 && length.kind == Length::Known, row.label);
            QMGR_CHECK(told_total(response) == length.bytes, row.label);
            break;
        case Decision::Append: {
            const auto range = content_range(response.headers);
            const bool whole = response.status == 200 && request.begin == 0;
            const bool part = response.status == 206 && range && range->first == request.begin &&
                              range->last < request.end;
            QMGR_CHECK(whole || part, row.label);
            QMGR_CHECK(!is_encoded(response.headers) && length.kind != Length::Bad, row.label);
            break;
        }
        case Decision::Follow: {
            const auto location = field_value(response.headers, "Location");
            QMGR_CHECK(location && redirect_target(request.url, *location, kPolicy), row.label);
            break;
        }
        case Decision::GiveUp:
        case Decision::RetryLater:
            QMGR_CHECK(failed(code_of(row, response.status, HResult::ConnectionAborted)),
                       row.label);
            break;
        case Decision::FetchBlind:
        case Decision::StartOver:
        case Decision::RetryNow:
            break;
    }
}

}  // namespace

std::vector<std::string> fuzz_seeds() {
    return {"HTTP/1.1 206 Partial Content\r\nContent-Length:  5 \r\nX-Empty:\r\nno colon\r\n\r\n",
            "HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\nHTTP/1.1 200 OK\r\n\r\nTrailer: 1\r\n",
            "HTTP/1.0 404\nA: 1\n\t2\n  \n 3\n\n",
            "HTTP/1.1 -200 OK\r\n\r\nHTTP/1.1 99999999999 OK\r\n\r\nHTTP/1.1\r\n",
            " folded\r\n: value\r\nHTTP/2 500\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nLast-Modified: x\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n",
            "HTTP/1.1 206 P\r\nContent-Range: bytes 5-9/10\r\nContent-Length: 5\r\n\r\n",
            "HTTP/1.1 416 R\r\nContent-Range: bytes */77\r\n\r\n",
            "HTTP/1.1 302 F\r\nLocation: ../x\r\n\r\n",
            "HTTP/1.1 200 OK\r\nLast-Modified: a\rb\r\nc\rd: e\r\n\tf\rg\r\n\r\n",
            "HTTP/1.1 405 N\r\n\r\n",
            "HTTP/1.1 412 P\r\n\r\n",
            "HTTP/1.1 503 S\r\nRetry-After: 120\r\n\r\n"};
}

}  // namespace qmgr

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace qmgr;
    const ResponseHead head = collected(fuzz_text(data, size));
    for (const HeaderField& field : head.headers()) {
        QMGR_CHECK(is_trimmed(field.name), field.name);
        QMGR_CHECK(is_trimmed(field.value), field.value);
        QMGR_CHECK(field.name.find_first_of(":\r\n") == field.name.npos, field.name);
        QMGR_CHECK(field.value.find_first_of("\r\n") == field.value.npos, field.value);
    }
    if (!head.is_complete()) return 0;
    const event::ResponseStarted response{FetchId{1}, head.status(), head.headers()};
    check_verdict(request_for(Asked::Head, std::nullopt), response);  // for that it is sent
    for (const Asked asked : {Asked::Whole, Asked::FromStart, Asked::FromMiddle})
        for (const std::optional<std::uint64_t> known : {std::optional<std::uint64_t>(), {10}})
            check_verdict(request_for(asked, known), response);
    return 0;
}
