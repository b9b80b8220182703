#include "reference/app/probe.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <charconv>
#include <functional>

#include "reference/engine/http_fields.hpp"

namespace qmgr {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view kDate = "Wed, 04 Sep 2024 02:15:41 GMT";
const std::string kUrl = "http://server.test/file";

std::string text(std::uint64_t number) { return std::to_string(number); }

void set(Response& response, const std::string& name, const std::string& value) {
    std::erase_if(response.headers, [&](const HeaderField& one) { return one.name == name; });
    if (!value.empty()) response.headers.push_back({name, value});
}

/// A server that does everything right, and what a test makes of its answers.
struct Site {
    using Change = std::function<void(const Request&, Response&)>;

    std::uint64_t size = 100'000;
    Change change{};
    std::vector<Request> requests{};

    Response honest(const Request& request) const {
        Response response{200, {{"Last-Modified", std::string(kDate)}}, 0, {}, 11, 1};
        const auto condition = field_value(request.headers, "if-unmodified-since");
        if (condition && *http_date(*condition) < *http_date(kDate)) {
            response.status = 412;
            return response;
        }
        std::uint64_t length = size;
        if (const auto range = field_value(request.headers, "range")) {
            const std::size_t dash = range->find('-');
            const std::uint64_t first = std::stoull(range->substr(6, dash - 6));
            const std::uint64_t last =
                std::min<std::uint64_t>(std::stoull(range->substr(dash + 1)), size - 1);
            if (first >= size) {
                response.status = 416;
                set(response, "Content-Range", "bytes */" + text(size));
                return response;
            }
            response.status = 206;
            length = last - first + 1;
            set(response, "Content-Range",
                "bytes " + text(first) + "-" + text(last) + "/" + text(size));
        }
        set(response, "Content-Length", text(length));
        if (request.method == "GET") response.body_bytes = std::min(length, request.limit_bytes);
        return response;
    }

    ServerReport probe() {
        const Ask ask = [this](const Request& request) {
            requests.push_back(request);
            Response response = honest(request);
            if (change) change(request, response);
            return response;
        };
        return probe_server(kUrl, ask, Policy());
    }
};

const Look& look_of(const ServerReport& report, const std::string& name) {
    static const Look none;
    for (const Look& look : report.looks)
        if (look.name == name) return look;
    ADD_FAILURE() << "no look " << name;
    return none;
}

bool has_range(const Request& request) { return field_value(request.headers, "range").has_value(); }

void ignore_range(const Request& request, Response& response) {
    if (!has_range(request)) return;
    response.status = 200;
    set(response, "Content-Range", "");
    set(response, "Content-Length", "100000");
    response.body_bytes = std::min<std::uint64_t>(100'000, request.limit_bytes);
}

TEST(MeaningOf, EveryRowOfTheTableHasWords) {
    for (const ResponseRow& row : kResponseTable) EXPECT_FALSE(meaning_of(row.label).empty());
}

TEST(ProbeServer, SendsTheShapesOfTheCaptures) {
    Site site;
    site.probe();
    std::vector<std::string> shapes;
    for (const Request& request : site.requests) {
        std::string shape = request.method;
        for (const char* name : {"range", "if-unmodified-since"})
            if (const auto value = field_value(request.headers, name)) shape += " " + *value;
        shapes.push_back(shape);
    }
    const std::string date = " " + std::string(kDate);
    EXPECT_THAT(shapes, ElementsAre("HEAD", "GET" + date, "GET bytes=0-99999" + date,
                                    "GET bytes=0-5690" + date, "GET bytes=5691-13739" + date,
                                    "GET bytes=13740-20461" + date, "GET bytes=0-2147483646",
                                    "GET bytes=100000-100099" + date,
                                    "GET bytes=0-5690 Mon, 01 Jan 1990 00:00:00 GMT", "HEAD"));
    for (const Request& request : site.requests) {
        EXPECT_EQ(field_value(request.headers, "user-agent"), "Microsoft BITS/7.8");
        EXPECT_EQ(field_value(request.headers, "accept-encoding"), "identity");
        EXPECT_LE(request.limit_bytes, kBodyLimitBytes);
    }
}

TEST(ProbeServer, FindsNothingWrongWithAnHonestServer) {
    for (const std::uint64_t size : {1ULL, 2ULL, 3ULL, 100ULL, 20'462ULL, 5ULL << 30U}) {
        Site site{size};
        const ServerReport report = site.probe();
        EXPECT_EQ(report.mode, Mode::Background) << size;
        EXPECT_EQ(report.code, HResult::Ok);
        for (const Look& look : report.looks)
            EXPECT_EQ(look.verdict, Verdict::Ok) << size << " " << look.name << ": " << look.means;
    }
}

TEST(ProbeServer, CutsASmallFileInThreeWithoutGapOrOverlap) {
    Site site{100};
    site.probe();
    std::vector<std::string> ranges;
    for (const Request& request : site.requests)
        ranges.push_back(field_value(request.headers, "range").value_or(""));
    EXPECT_EQ(ranges.at(3) + " " + ranges.at(4) + " " + ranges.at(5),
              "bytes=0-32 bytes=33-65 bytes=66-99");
}

TEST(ProbeServer, AsksNoRangesOfAnEmptyFile) {
    Site site{0};
    const ServerReport report = site.probe();
    EXPECT_EQ(report.mode, Mode::Background);
    EXPECT_EQ(look_of(report, "piece-1").verdict, Verdict::NotAsked);
    for (const Request& request : site.requests) EXPECT_FALSE(has_range(request));
}

/// One thing that is wrong with a server, and what has to be said of it.
struct Wrong {
    std::string name;
    Site::Change change;
    Mode mode;
    HResult code;
    std::string look;
    Verdict verdict;
    std::string says;
};

bool is_head(const Request& request) { return request.method == "HEAD"; }
bool is_whole(const Request& request) { return !is_head(request) && !has_range(request); }

std::vector<Wrong> wrong_heads() {
    using enum Verdict;
    const auto status = [](int number) {
        return [number](const Request& request, Response& response) {
            if (is_head(request)) response = {number, {}, 0, {}, 11, 1};
        };
    };
    const auto field = [](const std::string& name, const std::string& value) {
        return [=](const Request& request, Response& response) {
            if (is_head(request)) set(response, name, value);
        };
    };
    const auto failure = [](TransportFailure what) {
        return [what](const Request&, Response& response) { response = {0, {}, 0, what, 0, 0}; };
    };
    const auto redirect = [](const std::string& to) {
        return [to](const Request&, Response& response) {
            response = {302, {{"Location", to}}, 0, {}, 11, 1};
        };
    };
    const HResult found = from_http_status(302);
    return {
        {"no length", field("Content-Length", ""), Mode::None, HResult::BgMissingFileSize, "head",
         Fails, "size stays unknown"},
        {"bad length", field("Content-Length", "12x"), Mode::None, HResult::BgMissingFileSize,
         "head", Fails, "size stays unknown"},
        {"HEAD 403", status(403), Mode::None, from_http_status(403), "head", Fails, "final"},
        {"HEAD 404", status(404), Mode::None, from_http_status(404), "head", Fails, "final"},
        {"HEAD 405", status(405), Mode::Background, HResult::Ok, "head", Warning, "may give up"},
        {"HEAD 503", status(503), Mode::None, from_http_status(503), "head", Fails, "waits 600 s"},
        {"HEAD encoded", field("Content-Encoding", "gzip"), Mode::None,
         HResult::BgInvalidServerResponse, "head", Fails, "encoded"},
        {"no date", field("Last-Modified", ""), Mode::Background, HResult::Ok, "head", Warning,
         "starts over"},
        {"no name", failure(TransportFailure::NameNotResolved), Mode::None,
         HResult::NameNotResolved, "head", Fails, "name of the server is not resolved"},
        {"no connection", failure(TransportFailure::Unreachable), Mode::None,
         HResult::CannotConnect, "head", Fails, "no connection"},
        {"no TLS", failure(TransportFailure::TlsFailed), Mode::None, HResult::SecureFailure, "head",
         Fails, "certificate"},
        {"no time", failure(TransportFailure::TimedOut), Mode::None, HResult::InternetTimeout,
         "head", Fails, "no byte came"},
        {"no HTTP", failure(TransportFailure::Malformed), Mode::None, HResult::InvalidServerReply,
         "head", Fails, "no HTTP response"},
        {"other scheme", redirect("ftp://server.test/file"), Mode::None, found, "head", Fails,
         "not followed"},
        {"loop", redirect("/file"), Mode::None, found, "head", Fails, "too many"},
    };
}

std::vector<Wrong> wrong_gets() {
    using enum Verdict;
    const auto whole = [](const Site::Change& change) {
        return [change](const Request& request, Response& response) {
            if (is_whole(request)) change(request, response);
        };
    };
    const auto all = [](const std::string& name, const std::string& value) {
        return [=](const Request& request, Response& response) {
            if (!is_head(request)) set(response, name, value);
        };
    };
    const auto part = [](const Request&, Response& response) {
        response.status = 206;
        set(response, "Content-Range", "bytes 0-99999/100000");
    };
    const auto cut = [](const Request&, Response& response) {
        response.body_bytes = 7;
        response.failure = TransportFailure::Interrupted;
    };
    unsigned tick = 0;
    const auto new_date = [tick](const Request&, Response& response) mutable {
        set(response, "Last-Modified", "Wed, 04 Sep 2024 03:00:" + text(10 + ++tick) + " GMT");
    };
    const auto longer = [](const Request& request, Response& response) {
        if (is_head(request)) set(response, "Content-Length", "99");
    };
    return {
        {"206 to a whole GET", whole(part), Mode::None, HResult::BgInvalidServerResponse, "whole",
         Fails, "again and again"},
        {"encoded", all("Content-Encoding", "gzip"), Mode::None, HResult::BgInvalidServerResponse,
         "whole", Fails, "encoded"},
        {"no length", whole([](const Request&, Response& r) { set(r, "Content-Length", ""); }),
         Mode::None, HResult::BgMissingFileSize, "whole", Fails, "without a Content-Length"},
        {"cut", whole(cut), Mode::None, HResult::ConnectionAborted, "whole", Fails,
         "connection broke"},
        {"412 to the right date",
         whole([](const Request&, Response& r) { r = {412, {}, 0, {}, 11, 1}; }), Mode::None,
         HResult::FileChanged, "whole", Fails, "no download ends"},
        {"new date each time", new_date, Mode::None, HResult::FileChanged, "whole", Fails,
         "no download ends"},
        {"HEAD has another length", longer, Mode::Background, HResult::Ok, "whole", Warning,
         "starts over"},
        {"403 to GET", whole([](const Request&, Response& r) { r = {403, {}, 0, {}, 11, 1}; }),
         Mode::None, from_http_status(403), "whole", Fails, "final"},
    };
}

std::vector<Wrong> wrong_ranges() {
    using enum Verdict;
    const auto ranged = [](const Site::Change& change) {
        return [change](const Request& request, Response& response) {
            if (response.status == 206) change(request, response);
        };
    };
    const auto range = [&](const std::string& value) {
        return ranged([value](const Request&, Response& r) { set(r, "Content-Range", value); });
    };
    const auto refused = [](const Request&, Response& response) {
        response = {416, {{"Content-Range", "bytes */100000"}}, 0, {}, 11, 1};
    };
    const auto busy = [](const Request&, Response& response) {
        response = {503, {}, 0, {}, 11, 1};
    };
    return {
        {"ranges ignored", ignore_range, Mode::Foreground, HResult::BgInsufficientRangeSupport,
         "piece-2", ForegroundOnly, "range is ignored"},
        {"ranges ignored", ignore_range, Mode::Foreground, HResult::BgInsufficientRangeSupport,
         "whole-as-range", Warning, "no harm"},
        {"no Content-Range", range(""), Mode::Foreground, HResult::BgInvalidServerResponse,
         "piece-1", ForegroundOnly, "Content-Range is missing"},
        {"other Content-Range", range("bytes 1-2/100000"), Mode::Foreground,
         HResult::BgInvalidServerResponse, "piece-2", ForegroundOnly, "not the one"},
        {"416 within the file", ranged(refused), Mode::Foreground, HResult::BgInvalidServerResponse,
         "piece-2", ForegroundOnly, "refused (416)"},
        {"ranges busy", ranged(busy), Mode::Foreground, from_http_status(503), "piece-1",
         ForegroundOnly, "cannot answer now"},
    };
}

std::vector<Wrong> wrong_conditions() {
    using enum Verdict;
    const auto honest_part = [](const Request&, Response& response) {
        set(response, "Content-Range", "bytes 0-5690/100000");
        set(response, "Content-Length", "5691");
        response.body_bytes = 5691;
        response.status = 206;
    };
    const auto no_412 = [=](const Request& request, Response& response) {
        if (response.status == 412) honest_part(request, response);
    };
    const auto no_412_no_date = [=](const Request& request, Response& response) {
        no_412(request, response);
        if (!is_head(request)) set(response, "Last-Modified", "");
    };
    const auto no_total = [](const Request&, Response& response) {
        if (response.status == 416) set(response, "Content-Range", "");
    };
    const auto no_416 = [](const Request&, Response& response) {
        if (response.status != 416) return;
        response.status = 206;
        set(response, "Content-Range", "bytes 100000-100099/100100");
        set(response, "Content-Length", "100");
        response.body_bytes = 100;
    };
    int heads = 0;
    const auto second = [heads](const Request& request, Response& response) mutable {
        if (is_head(request) && ++heads == 2)
            set(response, "Last-Modified", "Wed, 04 Sep 2024 02:15:42 GMT");
    };
    int others = 0;
    const auto gone = [others](const Request& request, Response& response) mutable {
        if (is_head(request) && ++others == 2) response = {404, {}, 0, {}, 11, 1};
    };
    int connection = 0;
    const auto closing = [connection](const Request&, Response& response) mutable {
        response.connection = ++connection;
    };
    return {
        {"no 412", no_412, Mode::Background, HResult::Ok, "old-date", Warning,
         "still seen by the Last-Modified"},
        {"no 412, no date", no_412_no_date, Mode::Background, HResult::Ok, "old-date", Warning,
         "mix of two versions"},
        {"416 without a total", no_total, Mode::Background, HResult::Ok, "past-the-end", Warning,
         "size is not told"},
        {"206 past the end", no_416, Mode::Background, HResult::Ok, "past-the-end", Warning,
         "not refused"},
        {"another date later", second, Mode::Background, HResult::Ok, "second-look", Warning,
         "have to agree"},
        {"gone later", gone, Mode::Background, HResult::Ok, "second-look", Warning,
         "another answer than before"},
        {"closing", closing, Mode::Background, HResult::Ok, "connections", Warning,
         "closes each one"},
    };
}

TEST(ProbeServer, NamesWhatIsWrong) {
    for (const auto& list : {wrong_heads(), wrong_gets(), wrong_ranges(), wrong_conditions()})
        for (const Wrong& wrong : list) {
            Site site{100'000, wrong.change};
            const ServerReport report = site.probe();
            EXPECT_EQ(report.mode, wrong.mode) << wrong.name << ": " << report.summary;
            EXPECT_EQ(name(report.code), name(wrong.code)) << wrong.name;
            const Look& look = look_of(report, wrong.look);
            EXPECT_EQ(look.verdict, wrong.verdict) << wrong.name << ": " << look.means;
            EXPECT_THAT(look.means, HasSubstr(wrong.says)) << wrong.name;
        }
}

TEST(ProbeServer, SaysThatGetWorksWhereOnlyHeadIsRefused) {
    Site site{100'000, [](const Request& request, Response& response) {
                  if (is_head(request)) response = {403, {}, 0, {}, 11, 1};
              }};
    const ServerReport report = site.probe();
    EXPECT_THAT(report.summary, HasSubstr("A plain GET works, but BITS asks by HEAD first."));
    EXPECT_EQ(look_of(report, "piece-2").verdict, Verdict::Ok);
}

TEST(ProbeServer, ALargeFileNeedsRangesInTheForegroundToo) {
    Site site{2ULL << 30U, [](const Request& request, Response& response) {
                  if (!has_range(request)) return;
                  response.status = 200;
                  set(response, "Content-Range", "");
                  set(response, "Content-Length", text(2ULL << 30U));
                  response.body_bytes = request.limit_bytes;
              }};
    const ServerReport report = site.probe();
    EXPECT_EQ(report.mode, Mode::None);
    EXPECT_EQ(report.code, HResult::BgInsufficientRangeSupport);
}

TEST(ProbeServer, FollowsRedirectsAndNamesThem) {
    Site site{100'000, [](const Request& request, Response& response) {
                  if (request.url == kUrl) response = {301, {{"Location", "/other"}}, 0, {}, 11, 1};
              }};
    const ServerReport report = site.probe();
    EXPECT_EQ(report.mode, Mode::Background);
    EXPECT_THAT(look_of(report, "head").exchange->redirects,
                ElementsAre("http://server.test/other"));
    EXPECT_EQ(look_of(report, "connections").verdict, Verdict::Ok);
}

TEST(ProbeServer, AsksNothingMoreAfterSilence) {
    Site site{1, [](const Request&, Response& response) {
                  response = {0, {}, 0, TransportFailure::Unreachable, 0, 0};
              }};
    const ServerReport report = site.probe();
    EXPECT_EQ(site.requests.size(), 1U);
    EXPECT_THAT(report.summary, HasSubstr("cannot download this file now; see head."));
}

}  // namespace
}  // namespace qmgr
