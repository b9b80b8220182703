// The header fields the engine judges. An input is the lines of a head, "Name: value" each.
#include <algorithm>
#include <array>
#include <cstdio>

#include "reference/contract/check.hpp"
#include "reference/contract/fuzz_target.hpp"
#include "reference/engine/http_fields.hpp"

namespace qmgr {
namespace {

using Fields = std::vector<HeaderField>;

Fields fields_of(std::string_view text) {
    Fields fields;
    for (const std::string_view line : fuzz_lines(text)) {
        const std::size_t colon = std::min(line.find(':'), line.size());
        fields.push_back({std::string(line.substr(0, colon)),
                          std::string(line.substr(std::min(colon + 1, line.size())))});
    }
    return fields;
}

void check_length(const Fields& fields) {
    const ContentLength length = content_length(fields);
    QMGR_CHECK(!is_chunked(fields) || length == ContentLength{}, "a length beside chunked");
    if (length.kind != Length::Known) {
        QMGR_CHECK(length.bytes == 0, std::to_string(length.bytes));
        return;
    }
    const std::string written = std::to_string(length.bytes);
    const auto value = field_value(fields, "CONTENT-LENGTH");
    QMGR_CHECK(value && value->ends_with(written), written);
    QMGR_CHECK(content_length({{"Content-Length", written}}) == length, written);
}

void check_range(const Fields& fields) {
    const auto range = content_range(fields);
    const auto unsatisfied = unsatisfied_total(fields);
    QMGR_CHECK(!range || !unsatisfied, "a range that is and is not satisfied");
    if (unsatisfied) {
        const Fields again = {{"Content-Range", "bytes */" + std::to_string(*unsatisfied)}};
        QMGR_CHECK(unsatisfied_total(again) == unsatisfied, again[0].value);
    }
    if (!range) return;
    QMGR_CHECK(range->first <= range->last, std::to_string(range->first));
    QMGR_CHECK(!range->total || range->last < *range->total, std::to_string(range->last));
    const Fields again = {
        {"Content-Range", "bytes " + std::to_string(range->first) + "-" +
                              std::to_string(range->last) + "/" +
                              (range->total ? std::to_string(*range->total) : "*")}};
    QMGR_CHECK(content_range(again) == range, again[0].value);
}

// Writes the moment that was read, and compares all but the name of the day.
void check_date(const std::string& text) {
    const auto moment = http_date(text);
    if (!moment || text.substr(23, 2) == "60") return;  // a leap second has no number of its own
    constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::chrono::sys_seconds seconds{std::chrono::seconds(*moment)};
    const auto days = std::chrono::floor<std::chrono::days>(seconds);
    const std::chrono::year_month_day date(days);
    const auto second_of_day = static_cast<long>((seconds - days).count());
    std::array<char, 64> again{};
    std::snprintf(again.data(), again.size(), ", %02u %s %04d %02ld:%02ld:%02ld GMT",
                  static_cast<unsigned>(date.day()),
                  months.at(static_cast<unsigned>(date.month()) - 1), static_cast<int>(date.year()),
                  second_of_day / 3600, second_of_day / 60 % 60, second_of_day % 60);
    QMGR_CHECK(text.substr(3) == again.data(), text);
}

}  // namespace

std::vector<std::string> fuzz_seeds() {
    return {"Content-Length: 42\ncontent-length:42\t\nAccept-Ranges: bytes",
            "Content-Length: 18446744073709551615",
            "Transfer-Encoding: Chunked\nContent-Length: 5",
            "Content-Range: bytes 5-9/100\nContent-Encoding: gzip",
            "content-range: BYTES 0-0/*\nContent-Encoding: Identity",
            "Content-Range: bytes */77",
            "Retry-After: 120",
            "Retry-After: Wed, 04 Sep 2024 02:16:41 GMT",
            "Last-Modified: Thu, 29 Feb 2024 23:59:60 GMT",
            "Last-Modified: Thu, 01 Jan 0000 00:00:00 GMT"};
}

}  // namespace qmgr

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace qmgr;
    const Fields fields = fields_of(fuzz_text(data, size));
    check_length(fields);
    check_range(fields);
    static_cast<void>(is_encoded(fields));
    for (const HeaderField& field : fields) {
        const auto value = field_value(fields, field.name);
        QMGR_CHECK(value.has_value(), field.name);
        check_date(*value);
    }
    for (const Instant now : {Instant{}, instant_from_ms(1725416141000)}) {
        const Duration wait = retry_after(fields, now);
        QMGR_CHECK(wait >= Duration(0), std::to_string(wait.count()));
    }
    return 0;
}
