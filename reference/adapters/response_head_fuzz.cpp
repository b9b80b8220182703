// The collector of response heads, fed with the lines of an input.
#include "reference/adapters/response_head.hpp"
#include "reference/contract/check.hpp"
#include "reference/contract/fuzz_target.hpp"

namespace qmgr {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

bool is_trimmed(std::string_view text) {
    return text.empty() || (kBlanks.find(text.front()) == kBlanks.npos &&
                            kBlanks.find(text.back()) == kBlanks.npos);
}

bool is_line_end(std::string_view line) { return line.find_first_not_of("\r\n") == line.npos; }

}  // namespace

std::vector<std::string> fuzz_seeds() {
    return {"HTTP/1.1 206 Partial Content\r\nContent-Length:  5 \r\nX-Empty:\r\nno colon\r\n\r\n",
            "HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\nHTTP/1.1 200 OK\r\n\r\nTrailer: 1\r\n",
            "HTTP/1.0 404\nA: 1\n\t2\n  \n 3\n\n",
            "HTTP/1.1 -200 OK\r\n\r\nHTTP/1.1 99999999999 OK\r\n\r\nHTTP/1.1\r\n",
            " folded\r\n: value\r\nHTTP/2 500\r\n\r\n"};
}

}  // namespace qmgr

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace qmgr;
    ResponseHead head;
    std::size_t taken_bytes = 0;
    for (const std::string_view line : fuzz_lines(fuzz_text(data, size))) {
        const bool was_complete = head.is_complete();
        const std::size_t fields_before = head.headers().size();
        head.take(line);
        if (!was_complete) taken_bytes += line.size();
        QMGR_CHECK(head.size_bytes() == taken_bytes, std::to_string(taken_bytes));
        QMGR_CHECK(!was_complete || head.is_complete(), "a head that is no longer complete");
        QMGR_CHECK(!was_complete || head.headers().size() == fields_before, "a trailer in it");
        QMGR_CHECK(!head.is_complete() || head.status() >= 200, std::to_string(head.status()));
        if (!was_complete)
            QMGR_CHECK(head.is_complete() == (is_line_end(line) && head.status() >= 200), line);
    }
    for (const HeaderField& field : head.headers()) {
        QMGR_CHECK(is_trimmed(field.name), field.name);
        QMGR_CHECK(is_trimmed(field.value), field.value);
        QMGR_CHECK(field.name.find(':') == field.name.npos, field.name);
    }
    return 0;
}
