// One row for each effect: what a raw socket sees. The expected bytes are written out here, and do
// not come from the code under test.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <zlib.h>

#include <array>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "fakeserver/effect_table.hpp"
#include "fakeserver/script_json.hpp"
#include "fakeserver/server/fault_server.hpp"
#include "fakeserver/server/raw_client.hpp"

namespace qmgr::fakeserver {
namespace {

using namespace std::literals;

// "/file" is these ten bytes of content 0; content_test.cpp says where they come from.
constexpr std::string_view kContent = "\xbf\xd4\x3c\xff\x26\x82\x21\x48\x6f\x7e"sv;
// The first ten bytes of content 1.
constexpr std::string_view kOther = "\xb8\xd5\xc0\x82\xfc\x23\xe4\xdc\x1e\x61"sv;

constexpr std::string_view kTail =
    "Last-Modified: Tue, 02 Jan 2001 03:04:05 GMT\r\n"
    "ETag: \"v1\"\r\n"
    "Accept-Ranges: bytes\r\n"
    "Content-Type: application/octet-stream\r\n";

std::string whole_head(std::string_view length = "Content-Length: 10\r\n",
                       std::string_view more = "") {
    std::string head = "HTTP/1.1 200 OK\r\n";
    return head.append(length).append(kTail).append(more).append("\r\n");
}

std::string whole() { return whole_head().append(kContent); }

std::string part_head(std::string_view range, std::string_view length = "4") {
    std::string head = "HTTP/1.1 206 Partial Content\r\nContent-Length: ";
    return head.append(length).append("\r\n").append(range).append(kTail).append("\r\n");
}

std::string bytes(std::size_t from, std::size_t count) {
    return std::string(kContent.substr(from, count));
}

std::string chunked(std::string_view body, std::string_view more = "") {
    return whole_head("Transfer-Encoding: chunked\r\n", more).append(body);
}

std::string asked(std::string_view lines = "", std::string_view path = "/file") {
    std::string request = "GET ";
    return request.append(path).append(" HTTP/1.1\r\nHost: test\r\n").append(lines).append("\r\n");
}

std::string ranged() { return asked("Range: bytes=2-5\r\n"); }

struct Row {
    std::string_view fault;  ///< JSON; one fault or a list
    std::string request;
    std::string answer;
    Ended ended = Ended::NotAtAll;
};

std::string status(std::string_view line, std::string_view headers = "Content-Length: 0\r\n") {
    return std::string("HTTP/1.1 ").append(line).append("\r\n").append(headers).append("\r\n");
}

std::vector<Row> time_rows() {
    return {
        {R"({"effect": "Delay", "at": "before_head", "delay_ms": 20})", asked(), whole()},
        {R"({"effect": "Delay", "at": {"head_byte": 5}, "delay_ms": 20})", asked(), whole()},
        {R"({"effect": "Delay", "at": "end", "delay_ms": {"uniform": [10, 20]}})", asked(),
         whole()},
        {R"({"effect": "Trickle", "at": {"body_byte": 2}, "slices": [1, 2], "delay_ms": 5})",
         asked(), whole()},
        {R"({"effect": "Bandwidth", "bytes_per_second": 500})", asked(), whole()},
        {R"({"effect": "Delay", "at": "accept", "delay_ms": 20})", asked(), whole()},
        {R"({"effect": "Close", "at": "accept"})", asked(), "", Ended::Fin},
        {R"({"effect": "Reset", "at": "accept"})", asked(), "", Ended::Rst},
        {R"({"effect": "Stall", "at": "accept"})", asked(), ""},
        {R"({"effect": "Close", "at": "before_head"})", asked(), "", Ended::Fin},
        {R"({"effect": "Close", "at": {"head_byte": 12}})", asked(), "HTTP/1.1 200", Ended::Fin},
        {R"({"effect": "Close", "at": "before_body"})", asked(), whole_head(), Ended::Fin},
        {R"({"effect": "Close", "at": {"body_byte": 7}})", asked(),
         whole_head().append(bytes(0, 7)), Ended::Fin},
        {R"({"effect": "Close", "at": "end"})", asked(), whole(), Ended::Fin},
        {R"({"effect": "Reset", "at": {"head_byte": 12}})", asked(), "HTTP/1.1 200", Ended::Rst},
        {R"({"effect": "Reset", "at": {"body_byte": 7}})", asked(),
         whole_head().append(bytes(0, 7)), Ended::Rst},
        {R"({"effect": "HalfClose", "at": {"body_byte": 7}})", asked(),
         whole_head().append(bytes(0, 7)), Ended::Fin},
        {R"({"effect": "Stall", "at": {"body_byte": 7}})", asked(),
         whole_head().append(bytes(0, 7))},
    };
}

std::vector<Row> length_rows() {
    const auto says = [](std::string_view length) { return whole_head(length).append(kContent); };
    return {
        {R"({"effect": "OmitLength"})", asked(),
         whole_head("", "Connection: close\r\n").append(kContent), Ended::Fin},
        {R"({"effect": "LengthTooBig", "bytes": 3})", asked(), says("Content-Length: 13\r\n")},
        {R"([{"effect": "LengthTooBig", "bytes": 3}, {"effect": "Close", "at": "end"}])", asked(),
         says("Content-Length: 13\r\n"), Ended::Fin},
        {R"({"effect": "LengthTooSmall", "bytes": 3})", asked(), says("Content-Length: 7\r\n")},
        {R"({"effect": "LengthTwice"})", asked(),
         says("Content-Length: 10\r\nContent-Length: 11\r\n")},
        {R"({"effect": "LengthNegative"})", asked(), says("Content-Length: -10\r\n")},
        {R"({"effect": "LengthHuge"})", asked(),
         says("Content-Length: 99999999999999999999999\r\n")},
        {R"({"effect": "LengthNotANumber"})", asked(), says("Content-Length: many\r\n")},
    };
}

std::vector<Row> head_rows() {
    const auto first_line = [](std::string_view line) {
        std::string head(line);
        return head.append("Content-Length: 10\r\n").append(kTail).append("\r\n").append(kContent);
    };
    const auto extra_line = [](std::string_view line) {
        std::string head = "HTTP/1.1 200 OK\r\n";
        return head.append(line)
            .append("Content-Length: 10\r\n")
            .append(kTail)
            .append("\r\n")
            .append(kContent);
    };
    std::string line_feeds = whole_head();
    std::erase(line_feeds, '\r');
    return {
        {R"({"effect": "NoStatusLine"})", asked(), first_line("")},
        {R"({"effect": "BadStatus"})", asked(), first_line("HTTP/1.1 2OO OK\r\n")},
        {R"({"effect": "BadVersion"})", asked(), first_line("HTTP/9.9 200 OK\r\n")},
        {R"({"effect": "HeaderWithoutColon"})", asked(), extra_line("This line has no colon\r\n")},
        {R"({"effect": "SpaceBeforeColon"})", asked(),
         whole_head("Content-Length : 10\r\n").append(kContent)},
        {R"({"effect": "BareLineFeeds"})", asked(), line_feeds.append(kContent)},
        {R"({"effect": "FoldedHeader"})", asked(), extra_line("X-Folded: one\r\n two\r\n")},
        {R"({"effect": "NulInHeader"})", asked(), extra_line("X-Nul: a\0b\r\n"sv)},
        {R"({"effect": "LongHeader", "bytes": 5})", asked(),
         whole_head("Content-Length: 10\r\n", "X-Long: aaaaa\r\n").append(kContent)},
        {R"({"effect": "ManyHeaders", "count": 2})", asked(),
         whole_head("Content-Length: 10\r\n", "X-1: 1\r\nX-2: 2\r\n").append(kContent)},
        {R"({"effect": "AddHeaders", "headers": [{"name": "Via", "value": "1.1 a"}]})", asked(),
         whole_head("Content-Length: 10\r\n", "Via: 1.1 a\r\n").append(kContent)},
        {R"({"effect": "OmitHeader", "name": "content-length"})", asked(),
         whole_head("").append(kContent)},
        {R"({"effect": "Http10"})", asked(), whole().replace(0, 8, "HTTP/1.0"), Ended::Fin},
        {R"({"effect": "Interim", "status": 103, "count": 2,
             "headers": [{"name": "Link", "value": "</a>"}]})",
         asked(),
         "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
         "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" +
             whole()},
    };
}

std::vector<Row> body_rows() {
    const std::string four = "4\r\n" + bytes(0, 4) + "\r\n";
    const std::string next = "4\r\n" + bytes(4, 4) + "\r\n";
    const std::string rest = "2\r\n" + bytes(8, 2) + "\r\n";
    return {
        {R"({"effect": "CorruptBytes", "at": {"body_byte": 1}, "bytes": 2})", asked(),
         whole_head().append("\xbf\x2b\xc3").append(bytes(3, 7))},
        {R"({"effect": "ExtraBytes", "body": "more"})", asked(), whole().append("more")},
        {R"({"effect": "Chunked", "chunk_bytes": 4})", asked(),
         chunked(four + next + rest + "0\r\n\r\n")},
        {R"([{"effect": "Chunked", "chunk_bytes": 4},
             {"effect": "Close", "at": {"body_byte": 6}}])",
         asked(), chunked(four + "4\r\n" + bytes(4, 2)), Ended::Fin},
        {R"({"effect": "ChunkBadSize", "chunk_bytes": 4, "at": {"body_byte": 5}})", asked(),
         chunked(four + "zz\r\n" + bytes(4, 4) + "\r\n" + rest + "0\r\n\r\n")},
        {R"({"effect": "ChunkHugeSize", "chunk_bytes": 4})", asked(),
         chunked("fffffffffffffffff\r\n" + bytes(0, 4) + "\r\n" + next + rest + "0\r\n\r\n")},
        {R"({"effect": "ChunkTooShort", "chunk_bytes": 4})", asked(),
         chunked("5\r\n" + bytes(0, 4) + "\r\n" + next + rest + "0\r\n\r\n")},
        {R"({"effect": "ChunkNoLineEnd", "chunk_bytes": 4})", asked(),
         chunked("4\r\n" + bytes(0, 4) + next + rest + "0\r\n\r\n")},
        {R"({"effect": "ChunkNoLast", "chunk_bytes": 4})", asked(), chunked(four + next + rest),
         Ended::Fin},
        {R"({"effect": "ChunkExtension", "chunk_bytes": 9, "value": "a=b"})", asked(),
         chunked("9;a=b\r\n" + bytes(0, 9) + "\r\n1;a=b\r\n" + bytes(9, 1) + "\r\n0;a=b\r\n\r\n")},
        {R"({"effect": "ChunkTrailer", "chunk_bytes": 10,
             "headers": [{"name": "X-Sum", "value": "1"}]})",
         asked(), chunked("a\r\n" + bytes(0, 10) + "\r\n0\r\nX-Sum: 1\r\n\r\n")},
        {R"({"effect": "LabelEncoding", "value": "br"})", asked(),
         whole_head("Content-Length: 10\r\n", "Content-Encoding: br\r\n").append(kContent)},
    };
}

std::vector<Row> answer_rows() {
    return {
        {R"({"effect": "RespondStatus", "status": 503, "body": "later\n",
             "headers": [{"name": "Retry-After", "value": "7"}]})",
         asked(),
         status("503 Service Unavailable", "Content-Length: 6\r\nRetry-After: 7\r\n") + "later\n"},
        {R"({"effect": "Redirect", "location": "http://{host}/b/{n}"})", asked(),
         status("302 Found", "Content-Length: 0\r\nLocation: http://test/b/1\r\n")},
        {R"({"effect": "Redirect", "location": "https://other.example/", "status": 308})", asked(),
         status("308 Permanent Redirect",
                "Content-Length: 0\r\nLocation: https://other.example/\r\n")},
        {R"({"effect": "DemandBasic", "user": "u", "password": "p"})", asked(),
         status("401 Unauthorized",
                "Content-Length: 0\r\nWWW-Authenticate: Basic realm=\"fakeserver\"\r\n")},
        {R"({"effect": "DemandBasic", "user": "u", "password": "p", "status": 407})",
         asked("Authorization: Basic dTpw\r\n"),
         status("407 Proxy Authentication Required",
                "Content-Length: 0\r\nProxy-Authenticate: Basic realm=\"fakeserver\"\r\n")},
        {R"({"effect": "IgnoreRange"})", ranged(), whole()},
        {R"({"effect": "RangeEarlier", "bytes": 2})", ranged(),
         part_head("Content-Range: bytes 0-5/10\r\n", "6").append(bytes(0, 6))},
        {R"({"effect": "RangeLater", "bytes": 1})", ranged(),
         part_head("Content-Range: bytes 3-5/10\r\n", "3").append(bytes(3, 3))},
        {R"({"effect": "RangeTooLong", "bytes": 2})", ranged(),
         part_head("Content-Range: bytes 2-7/10\r\n", "6").append(bytes(2, 6))},
        {R"({"effect": "RangeTooShort", "bytes": 2})", ranged(),
         part_head("Content-Range: bytes 2-3/10\r\n", "2").append(bytes(2, 2))},
        {R"({"effect": "RangeWrongTotal", "bytes": 5})", ranged(),
         part_head("Content-Range: bytes 2-5/15\r\n").append(bytes(2, 4))},
        {R"({"effect": "RangeUnknownTotal"})", ranged(),
         part_head("Content-Range: bytes 2-5/*\r\n").append(bytes(2, 4))},
        {R"({"effect": "RangeOtherBytes", "bytes": 1})", ranged(),
         part_head("Content-Range: bytes 2-5/10\r\n").append(bytes(1, 4))},
        {R"({"effect": "RangeUnnamed"})", ranged(), part_head("").append(bytes(2, 4))},
        {R"({"effect": "RangeAs200"})", ranged(),
         whole_head("Content-Length: 4\r\n").append(bytes(2, 4))},
        {R"({"effect": "RangeMultipart"})", ranged(),
         "HTTP/1.1 206 Partial Content\r\nContent-Length: 95\r\n"
         "Last-Modified: Tue, 02 Jan 2001 03:04:05 GMT\r\nETag: \"v1\"\r\n"
         "Accept-Ranges: bytes\r\nContent-Type: multipart/byteranges; boundary=part\r\n\r\n"
         "--part\r\nContent-Type: application/octet-stream\r\n"
         "Content-Range: bytes 2-5/10\r\n\r\n" +
             bytes(2, 4) + "\r\n--part--\r\n"},
        {R"({"effect": "False416"})", ranged(),
         status("416 Range Not Satisfiable", "Content-Length: 0\r\nContent-Range: bytes */10\r\n")},
    };
}

std::vector<Row> version_rows() {
    const std::string other =
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n"
        "Last-Modified: Mon, 01 Jan 2001 03:04:05 GMT\r\nETag: \"v2\"\r\n"
        "Accept-Ranges: bytes\r\nContent-Type: application/octet-stream\r\n\r\n" +
        std::string(kOther.substr(0, 3));
    const std::string late = asked("If-Unmodified-Since: Mon, 01 Jan 2001 03:04:05 GMT\r\n");
    return {
        {R"({"effect": "ChangeContent", "seed": 1, "size": 3, "etag": "\"v2\"",
             "last_modified": "Mon, 01 Jan 2001 03:04:05 GMT"})",
         asked() + asked(), other + other},
        {R"({"effect": "OtherVersion", "seed": 1, "size": 3, "etag": "\"v2\"",
             "last_modified": "Mon, 01 Jan 2001 03:04:05 GMT"})",
         asked() + asked(), other + whole()},
        {R"({"effect": "SameDateOtherBytes", "seed": 1})", asked() + asked(),
         whole_head().append(kOther) + whole_head().append(kOther)},
        {R"({"effect": "IgnoreCondition"})", late + late,
         whole() + status("412 Precondition Failed")},
    };
}

std::vector<Row> all_rows() {
    std::vector<Row> rows;
    for (const auto& some :
         {time_rows(), length_rows(), head_rows(), body_rows(), answer_rows(), version_rows()}) {
        rows.insert(rows.end(), some.begin(), some.end());
    }
    return rows;
}

/// "/file", and the fault once.
Script script_with(std::string_view fault, const std::string& more = R"("times": 1, )") {
    return script_from_json_text(
        R"({"title": "t", "why": "w", "resources": [
             {"path": "/file", "size": 10, "seed": 0, "etag": "\"v1\"",
              "last_modified": "Tue, 02 Jan 2001 03:04:05 GMT"}],
            "rules": [{"name": "fault", )" +
            more + R"("fault": )" + std::string(fault) + "}]}",
        fault);
}

TEST(FaultBytes, AreWhatEachRowPromises) {
    for (const Row& row : all_rows()) {
        SCOPED_TRACE(row.fault);
        FaultServer server(script_with(row.fault));
        const RawClient client(server.port());
        client.send(row.request);
        EXPECT_EQ(client.read(row.answer.size()).bytes, row.answer);
        if (row.ended == Ended::NotAtAll) {
            // Whoever comes later is answered later, so that the first has had its turn.
            const RawClient later(server.port());
            later.send(asked());
            EXPECT_EQ(later.read(1).bytes, "H");
            EXPECT_TRUE(client.is_silent());
        } else {
            EXPECT_EQ(client.read_to_end(), (Received{"", row.ended}));
        }
        EXPECT_EQ(server.hits().front().hits, 1);
    }
}

/// Effects that need more than one row of bytes, each with its test below or in the file named.
constexpr std::array kShownElsewhere{
    Effect::GarbageHead,            // GarbageBytes.ComeFromTheSeed
    Effect::GarbageAfterHead,       // GarbageBytes.ComeFromTheSeed
    Effect::DemandDigest,           // Credentials.…
    Effect::Gzip,                   // GzipBytes.…
    Effect::GzipUnlabelled,         // GzipBytes.…
    Effect::GzipBroken,             // GzipBytes.…
    Effect::GzipTwice,              // GzipBytes.…
    Effect::RefuseConnection,       // fault_server_accept_test.cpp
    Effect::CertificateExpired,     // fault_server_tls_test.cpp
    Effect::CertificateWrongHost,   // fault_server_tls_test.cpp
    Effect::CertificateSelfSigned,  // fault_server_tls_test.cpp
    Effect::CertificateUntrusted,   // fault_server_tls_test.cpp
};

TEST(FaultBytes, HaveARowForEveryEffectThatAServerCanPlay) {
    std::set<Effect> shown(kShownElsewhere.begin(), kShownElsewhere.end());
    for (const Row& row : all_rows()) {
        const Script script = script_with(row.fault);
        for (const Fault& fault : script.rules.front().faults) {
            shown.insert(fault.effect);
        }
    }
    for (const EffectRow& row : effect_table()) {
        EXPECT_NE(shown.contains(row.effect), row.simulated_only) << row.name;
    }
}

TEST(GarbageBytes, ComeFromTheSeed) {
    const auto garbage = [](std::string_view effect, std::string_view seed) {
        Script script = script_with(R"({"effect": ")" + std::string(effect) + R"(", "bytes": 40})");
        script.rules.front().seed = seed == "one" ? 1 : 2;
        FaultServer server(script);
        const RawClient client(server.port());
        client.send(asked());
        const Received received = client.read_to_end();
        EXPECT_EQ(received.ended, Ended::Fin);
        return received.bytes;
    };
    for (const std::string_view effect : {"GarbageHead", "GarbageAfterHead"}) {
        const std::string one = garbage(effect, "one");
        EXPECT_EQ(one.size(), (effect == "GarbageHead" ? 0 : whole_head().size()) + 40);
        EXPECT_EQ(one, garbage(effect, "one"));
        EXPECT_NE(one, garbage(effect, "two"));
    }
    EXPECT_THAT(garbage("GarbageAfterHead", "one"), testing::StartsWith(whole_head()));
}

/// The head without the value of Content-Length, and the body that has that length.
struct Encoded {
    std::string head;
    std::string body;
};

Encoded encoded(std::string_view effect) {
    FaultServer server(script_with(R"({"effect": ")" + std::string(effect) + "\"}"));
    const RawClient client(server.port());
    client.send(asked("Connection: close\r\n"));
    const std::string answer = client.read_to_end().bytes;
    const std::size_t end = answer.find("\r\n\r\n") + 4;
    Encoded result{.head = answer.substr(0, end), .body = answer.substr(end)};
    const std::string length = "Content-Length: " + std::to_string(result.body.size()) + "\r\n";
    EXPECT_THAT(result.head, testing::HasSubstr(length));
    return result;
}

/// By zlib's other half; nothing: these are no gzip bytes.
std::optional<std::string> unzipped(const std::string& text) {
    constexpr int kGzipFormat = 16;
    z_stream stream{};
    inflateInit2(&stream, MAX_WBITS + kGzipFormat);
    std::string in = text;
    std::string out(4096, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int code = inflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    inflateEnd(&stream);
    return code == Z_STREAM_END ? std::optional(out) : std::nullopt;
}

TEST(GzipBytes, AreReadBackByAnybodyUnlessTheyAreBroken) {
    constexpr std::string_view kLabel = "Content-Encoding: gzip\r\n";
    EXPECT_THAT(encoded("Gzip").head, testing::HasSubstr(kLabel));
    EXPECT_EQ(unzipped(encoded("Gzip").body), kContent);
    EXPECT_EQ(encoded("GzipUnlabelled").head.find("Content-Encoding"), std::string::npos);
    EXPECT_EQ(unzipped(encoded("GzipUnlabelled").body), kContent);
    EXPECT_THAT(encoded("GzipBroken").head, testing::HasSubstr(kLabel));
    EXPECT_EQ(unzipped(encoded("GzipBroken").body), std::nullopt);
    EXPECT_THAT(encoded("GzipTwice").head, testing::HasSubstr(kLabel));
    const auto once = unzipped(encoded("GzipTwice").body);
    ASSERT_TRUE(once);
    EXPECT_EQ(unzipped(*once), kContent);
}

std::string md5(const std::string& text) {
    std::array<unsigned char, 16> digest{};
    EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_md5(), nullptr);
    std::string hex;
    for (const unsigned char byte : digest) {
        hex += "0123456789abcdef"[byte >> 4U];
        hex += "0123456789abcdef"[byte & 15U];
    }
    return hex;
}

/// RFC 2617, 3.2.2.1, without qop, as old clients answer.
std::string digest_response(const std::string& nonce) {
    return md5(md5("u:fakeserver:p") + ":" + nonce + ":" + md5("GET:/file"));
}

/// The value of `name` in a challenge, without its quotes.
std::string quoted_value(const std::string& answer, const std::string& name) {
    const std::size_t start = answer.find(name + "=\"") + name.size() + 2;
    return answer.substr(start, answer.find('"', start) - start);
}

TEST(DigestBytes, AskOnceForEachNonceAndSayWhenItIsStale) {
    FaultServer server(
        script_with(R"({"effect": "DemandDigest", "user": "u", "password": "p", "count": 1})", ""));
    const RawClient client(server.port());
    const auto answer_to = [&client](const std::string& lines, std::string_view first_line) {
        client.send(asked(lines));
        std::string answer;
        while (answer.find("\r\n\r\n") == std::string::npos) {
            answer += client.read(1).bytes;
        }
        EXPECT_THAT(answer, testing::StartsWith(std::string(first_line)));
        return answer;
    };
    const std::string first = answer_to("", "HTTP/1.1 401 Unauthorized\r\n");
    EXPECT_THAT(first, testing::HasSubstr("\r\nWWW-Authenticate: Digest realm=\"fakeserver\", "
                                          "qop=\"auth\", nonce=\""));
    EXPECT_THAT(first, testing::Not(testing::HasSubstr("stale")));
    const auto proof = [](const std::string& nonce) {
        return "Authorization: Digest username=\"u\", realm=\"fakeserver\", nonce=\"" + nonce +
               "\", uri=\"/file\", response=\"" + digest_response(nonce) + "\"\r\n";
    };
    const std::string nonce = quoted_value(first, "nonce");
    answer_to(proof(nonce), "HTTP/1.1 200 OK\r\n");
    EXPECT_EQ(client.read(kContent.size()).bytes, kContent);
    const std::string again = answer_to(proof(nonce), "HTTP/1.1 401 Unauthorized\r\n");
    EXPECT_THAT(again, testing::HasSubstr(", stale=true\r\n"));
    EXPECT_NE(quoted_value(again, "nonce"), nonce);
    answer_to(proof(quoted_value(again, "nonce")), "HTTP/1.1 200 OK\r\n");
}

}  // namespace
}  // namespace qmgr::fakeserver
