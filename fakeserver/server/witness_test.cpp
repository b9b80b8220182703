// Programs that others wrote meet the faults, and end with the exit status that their own manuals
// give for such a thing: what the server sends is seen by them as what it claims to be. The words
// in quotes are those of the manuals curl(1), wget(1) and aria2c(1). Where a manual leaves open
// which of several codes is meant, the codes it allows are listed.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fakeserver/content.hpp"
#include "fakeserver/script_json.hpp"
#include "fakeserver/server/fault_server.hpp"

namespace qmgr::fakeserver {
namespace {

constexpr std::uint64_t kSize = 3'000'000;
/// Bytes of it that a client has which resumes. More than 1 MiB: aria2c goes on from whole ones.
constexpr std::uint64_t kHave = 2'000'000;

using Words = std::vector<std::string>;

/// A new folder that goes with the object.
class Folder {
  public:
    Folder() {
        std::string name = testing::TempDir() + "witness-XXXXXX";
        path = ::mkdtemp(name.data());
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(path); }

    void write(const std::string& name, std::string_view text) const {
        std::ofstream(path / name, std::ios::binary) << text;
    }
    std::string text(const std::string& name) const {
        std::ifstream file(path / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }

    std::filesystem::path path;
};

/// The environment without proxies: *_proxy in either case.
std::vector<char*> environment_without_proxies() {
    std::vector<char*> kept;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        const std::string_view name = text.substr(0, text.find('='));
        if (!name.ends_with("_proxy") && !name.ends_with("_PROXY")) kept.push_back(*entry);
    }
    kept.push_back(nullptr);
    return kept;
}

/// Runs a program in `folder` to its end; what it says goes to the file "said" there. Its exit
/// status, -1 when a signal ended it; none when there is no such program.
std::optional<int> exit_status_of(Words words, const Folder& folder) {
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addchdir_np(&actions, folder.path.c_str());
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "said",
                                       O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ::posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    pid_t pid = -1;
    const int failed = ::posix_spawnp(&pid, arguments[0], &actions, nullptr, arguments.data(),
                                      environment_without_proxies().data());
    ::posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) return std::nullopt;
    int status = 0;
    ::waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// What a client does, and how it has to end.
struct Meeting {
    /// The rules of the script: each a fault, or, if it begins with a quote, a rule without braces
    /// and name. Each must fire.
    std::vector<std::string_view> rules;
    /// More words of the command. "{server}" is the address of the server; without any "://" the
    /// address of the file is the last word.
    Words words;
    std::vector<int> codes;  ///< one of these
    enum class Got : std::uint8_t { Anything, Whole } got = Got::Anything;
    bool resumes = false;  ///< the first kHave bytes are there already
};
constexpr Meeting::Got kWhole = Meeting::Got::Whole;

/// A port that stays closed: a minute is longer than any client here takes.
constexpr std::string_view kRefused = R"("match": {"connection": 1},
    "fault": {"effect": "RefuseConnection", "delay_ms": 60000})";

Script script_with(const std::vector<std::string_view>& rules) {
    std::string text = R"({"title": "t", "why": "w", "resources": [{"path": "/file", "size": )" +
                       std::to_string(kSize) +
                       R"(, "seed": 0, "last_modified": "Tue, 02 Jan 2001 03:04:05 GMT"}],
                         "rules": [)";
    for (std::size_t i = 0; i < rules.size(); ++i) {
        text += (i == 0 ? "" : ", ") + std::string(R"({"name": ")") + std::to_string(i) + "\", " +
                (rules[i].starts_with('"') ? "" : "\"fault\": ") + std::string(rules[i]) + "}";
    }
    return script_from_json_text(text + "]}", "witness");
}

std::string content(std::uint64_t size) {
    std::string bytes(size, '\0');
    fill_content(0, 0, std::as_writable_bytes(std::span(bytes)));
    return bytes;
}

/// `client` are the words that are the same in each meeting.
void expect_meeting(const Words& client, const Meeting& meeting, bool tls = false) {
    SCOPED_TRACE(meeting.rules.empty() ? "no rule" : std::string(meeting.rules.front()));
    SCOPED_TRACE(testing::PrintToString(meeting.words));
    const Folder folder;
    FaultServer server(script_with(meeting.rules), {.tls = tls});
    folder.write("authority.pem", server.authority_pem());
    if (meeting.resumes) folder.write("file", content(kHave));
    Words words = client;
    words.insert(words.end(), meeting.words.begin(), meeting.words.end());
    const auto has_address = [](const std::string& word) {
        return word.find("://") != std::string::npos;
    };
    if (std::ranges::none_of(words, has_address)) words.push_back(server.url("/file"));
    std::ranges::replace(words, "{server}", server.url(""));
    const std::optional<int> status = exit_status_of(words, folder);
    ASSERT_TRUE(status);
    EXPECT_THAT(*status, testing::AnyOfArray(meeting.codes)) << folder.text("said");
    if (meeting.got == kWhole) {
        EXPECT_TRUE(folder.text("file") == content(kSize));
    }
    for (const RuleHits& rule : server.hits()) EXPECT_GT(rule.hits, 0U) << rule.rule;
}

/// Each client has its own time limit: 20 seconds, which only a bug takes, and two where silence is
/// what is tested.
class CurlAsWitness : public testing::Test {
  protected:
    void SetUp() override {
        if (!exit_status_of({"curl", "--version"}, Folder())) GTEST_SKIP() << "no curl here";
    }
    static void meets(const std::vector<Meeting>& meetings, bool tls = false) {
        for (const Meeting& meeting : meetings) expect_meeting(command(), meeting, tls);
    }
    static Words command() {
        return {"curl",       "--disable", "--silent", "--show-error",
                "--max-time", "20",        "--output", "file"};
    }

    // "Success. The operation completed successfully according to the instructions."
    static constexpr int kSuccess = 0;
    // "Unsupported protocol. This build of curl has no support for this protocol."
    static constexpr int kUnsupportedProtocol = 1;
    static constexpr int kNotConnected = 7;  // "Failed to connect to host."
    // "Weird server reply. The server sent data curl could not parse."
    static constexpr int kWeirdReply = 8;
    static constexpr int kPartialFile = 18;  // "Only a part of the file was transferred."
    // "HTTP page not retrieved. The requested URL was not found or returned another error with the
    // HTTP error code being 400 or above."
    static constexpr int kErrorStatus = 22;
    static constexpr int kTimeout = 28;           // "The specified time-out period was reached"
    static constexpr int kRange = 33;             // "The range "command" did not work."
    static constexpr int kHandshake = 35;         // "The SSL handshaking failed."
    static constexpr int kTooManyRedirects = 47;  // "curl hit the maximum amount."
    static constexpr int kNothing = 52;           // "The server did not reply anything"
    static constexpr int kSending = 55;           // "Failed sending network data."
    static constexpr int kReceiving = 56;         // "Failure in receiving network data."
    // "Peer certificate cannot be authenticated with known CA certificates."
    static constexpr int kCertificate = 60;
    static constexpr int kEncoding = 61;  // "Unrecognized transfer encoding."
};

TEST_F(CurlAsWitness, SeesHowAConnectionEnds) {
    meets({
        {{}, {}, {kSuccess}, kWhole},
        {{kRefused}, {}, {kNotConnected}},
        {{R"({"effect": "Close", "at": "accept"})"}, {}, {kNothing, kSending, kReceiving}},
        {{R"({"effect": "Close", "at": "before_head"})"}, {}, {kNothing}},
        // Within the status line. When that has come whole, curl 7.88 ends with 0, which its manual
        // gives no reason for: no row for it.
        {{R"({"effect": "Close", "at": {"head_byte": 10}})"}, {}, {kNothing}},
        {{R"({"effect": "Close", "at": "before_body"})"}, {}, {kPartialFile}},
        {{R"({"effect": "Close", "at": {"body_byte": 500}})"}, {}, {kPartialFile}},
        {{R"({"effect": "Close", "at": "end"})"}, {}, {kSuccess}, kWhole},
        {{R"({"effect": "Reset", "at": "accept"})"}, {}, {kNotConnected, kSending, kReceiving}},
        {{R"({"effect": "Reset", "at": "before_head"})"}, {}, {kReceiving}},
        {{R"({"effect": "Reset", "at": {"body_byte": 2900000}})"}, {}, {kReceiving}},
        {{R"({"effect": "HalfClose", "at": "before_head"})"}, {}, {kNothing}},
        {{R"({"effect": "HalfClose", "at": {"body_byte": 500}})"}, {}, {kPartialFile}},
    });
}

TEST_F(CurlAsWitness, TimesOutInSilence) {
    for (const char* at :
         {R"("accept")", R"("before_head")", R"({"head_byte": 30})", R"({"body_byte": 500})"}) {
        const std::string rule = R"({"effect": "Stall", "at": )" + std::string(at) + "}";
        meets({{{rule}, {"--max-time", "2"}, {kTimeout}}});
    }
    meets({{{R"({"effect": "Stall", "at": "end"})"}, {}, {kSuccess}, kWhole}});
}

TEST_F(CurlAsWitness, SeesLengthsAndChunksThatAreWrong) {
    meets({
        {{R"({"effect": "OmitLength"})"}, {}, {kSuccess}, kWhole},
        {{R"([{"effect": "LengthTooBig", "bytes": 9}, {"effect": "Close", "at": "end"}])"},
         {},
         {kPartialFile}},
        {{R"({"effect": "LengthNegative"})"}, {}, {kWeirdReply}},
        {{R"({"effect": "LengthNotANumber"})"}, {}, {kWeirdReply}},
        {{R"({"effect": "Chunked", "chunk_bytes": 4096})"}, {}, {kSuccess}, kWhole},
        {{R"({"effect": "ChunkExtension", "chunk_bytes": 4096, "value": "a=b"})"},
         {},
         {kSuccess},
         kWhole},
        {{R"({"effect": "ChunkTrailer", "chunk_bytes": 4096,
                       "headers": [{"name": "X-Sum", "value": "1"}]})"},
         {},
         {kSuccess},
         kWhole},
        {{R"({"effect": "ChunkBadSize", "chunk_bytes": 4096, "at": {"body_byte": 5000}})"},
         {},
         {kReceiving}},
        {{R"({"effect": "ChunkHugeSize", "chunk_bytes": 4096})"}, {}, {kReceiving}},
        // ChunkTooShort has no row: curl 7.88 takes the CR of the line end for the missing byte,
        // and is content with the LF.
        {{R"({"effect": "ChunkNoLineEnd", "chunk_bytes": 4096})"}, {}, {kReceiving}},
        {{R"({"effect": "ChunkNoLast", "chunk_bytes": 4096})"}, {}, {kPartialFile}},
    });
}

TEST_F(CurlAsWitness, SeesHeadsThatAreNone) {
    // What does not begin like HTTP/1.x is another protocol, or data that could not be parsed.
    const std::vector<int> no_http{kUnsupportedProtocol, kWeirdReply};
    meets({
        {{R"({"effect": "GarbageHead", "bytes": 100})"}, {}, no_http},
        {{R"({"effect": "NoStatusLine"})"}, {}, no_http},
        {{R"({"effect": "BadStatus"})"}, {}, no_http},
        {{R"({"effect": "BadVersion"})"}, {}, no_http},
        {{R"({"effect": "HeaderWithoutColon"})"}, {}, {kWeirdReply}},
        {{R"({"effect": "NulInHeader"})"}, {}, {kWeirdReply}},
        {{R"({"effect": "BareLineFeeds"})"}, {}, {kSuccess}, kWhole},
        {{R"({"effect": "FoldedHeader"})"}, {}, {kSuccess}, kWhole},
        {{R"({"effect": "Http10"})"}, {}, {kSuccess}, kWhole},
        {{R"({"effect": "Interim", "status": 103, "count": 3})"}, {}, {kSuccess}, kWhole},
    });
}

TEST_F(CurlAsWitness, SeesStatusesRedirectsAndEncodings) {
    meets({
        {{R"({"effect": "RespondStatus", "status": 404})"}, {"--fail"}, {kErrorStatus}},
        {{R"({"effect": "RespondStatus", "status": 503, "body": "later\n",
                       "headers": [{"name": "Retry-After", "value": "7"}]})"},
         {"--fail"},
         {kErrorStatus}},
        {{R"({"effect": "RespondStatus", "status": 503})"}, {}, {kSuccess}},
        {{}, {"--fail", "--range", "9000000-"}, {kErrorStatus}},
        {{R"({"effect": "False416"})"}, {"--fail", "--range", "0-9"}, {kErrorStatus}},
        // "--retry": "If a transient error is returned when curl tries to perform a transfer, it
        // will retry this number of times before giving up." 503 is one, Retry-After obeyed.
        {{R"("fault": {"effect": "RespondStatus", "status": 503,
                       "headers": [{"name": "Retry-After", "value": "1"}]}, "times": 1)"},
         {"--fail", "--retry", "1"},
         {kSuccess},
         kWhole},
        {{R"({"effect": "Redirect", "location": "/file"})"},
         {"--location", "--max-redirs", "5"},
         {kTooManyRedirects}},
        {{R"("fault": {"effect": "Redirect", "location": "/hop/{n}"}, "times": 5)",
          R"("match": {"path": "/hop/5"},
              "fault": {"effect": "Redirect", "location": "http://{host}/file"})"},
         {"--location", "--max-redirs", "6"},
         {kSuccess},
         kWhole},
        {{R"({"effect": "Redirect", "location": "nosuch://{host}/file"})"},
         {"--location"},
         {kUnsupportedProtocol}},
        {{R"({"effect": "Gzip"})"}, {"--compressed"}, {kSuccess}, kWhole},
        {{R"({"effect": "GzipBroken"})"}, {"--compressed"}, {kEncoding}},
        {{R"({"effect": "LabelEncoding", "value": "gzip"})"}, {"--compressed"}, {kEncoding}},
        {{R"({"effect": "LabelEncoding", "value": "gzip"})"}, {}, {kSuccess}, kWhole},
    });
}

TEST_F(CurlAsWitness, RefusesToResumeWhereTheRangeIsNotServed) {
    const Words resume{"--continue-at", "-"};
    for (const std::string_view fault :
         {R"({"effect": "IgnoreRange"})", R"({"effect": "RangeEarlier", "bytes": 100})",
          R"({"effect": "RangeLater", "bytes": 100})", R"({"effect": "RangeUnnamed"})",
          R"({"effect": "RangeAs200"})"}) {
        meets({{{fault}, resume, {kRange}, {}, true}});
    }
    meets({{{}, resume, {kSuccess}, kWhole, true}});
}

TEST_F(CurlAsWitness, SaysWhoItIs) {
    const std::string_view basic = R"({"effect": "DemandBasic", "user": "u", "password": "p"})";
    const std::string_view digest =
        R"({"effect": "DemandDigest", "user": "u", "password": "p", "count": 1})";
    const std::string_view basic_proxy =
        R"({"effect": "DemandBasic", "user": "u", "password": "p", "status": 407})";
    const std::string_view digest_proxy =
        R"({"effect": "DemandDigest", "user": "u", "password": "p", "status": 407})";
    meets({
        {{basic}, {"--fail"}, {kErrorStatus}},
        {{basic}, {"--fail", "--user", "u:wrong"}, {kErrorStatus}},
        {{basic}, {"--fail", "--anyauth", "--user", "u:p"}, {kSuccess}, kWhole},
        {{digest}, {"--fail", "--digest", "--user", "u:wrong"}, {kErrorStatus}},
        {{digest}, {"--fail", "--digest", "--user", "u:p"}, {kSuccess}, kWhole},
        {{basic_proxy},
         {"--fail", "--proxy", "{server}", "--proxy-anyauth", "--proxy-user", "u:p"},
         {kSuccess},
         kWhole},
        {{digest_proxy},
         {"--fail", "--proxy", "{server}", "--proxy-digest", "--proxy-user", "u:p"},
         {kSuccess},
         kWhole},
    });
}

TEST_F(CurlAsWitness, ProvesItselfForEachOfSeveralFilesOnOneConnection) {
    for (const char* effect : {"DemandBasic", "DemandDigest"}) {
        SCOPED_TRACE(effect);
        const Folder folder;
        const std::string demand =
            R"({"effect": ")" + std::string(effect) + R"(", "user": "u", "password": "p"})";
        FaultServer server(script_with({demand}));
        Words words = command();
        words.insert(words.end(), {"--fail", "--anyauth", "--user", "u:p", server.url("/file")});
        for (const char* name : {"two", "three"}) {
            words.insert(words.end(), {"--output", name, server.url("/file")});
        }
        EXPECT_EQ(exit_status_of(words, folder), kSuccess) << folder.text("said");
        for (const char* name : {"file", "two", "three"}) {
            EXPECT_TRUE(folder.text(name) == content(kSize)) << name;
        }
        EXPECT_EQ(server.hits().front().hits, 3U);
        for (const ServedRequest& request : server.requests()) {
            EXPECT_EQ(request.request.connection, 1U);
        }
    }
}

TEST_F(CurlAsWitness, HearsThatItsNonceIsStale) {
    const Folder folder;
    FaultServer server(
        script_with({R"({"effect": "DemandDigest", "user": "u", "password": "p", "count": 1})",
                     R"("match": {"path": "/moved"}, "fault":
                        {"effect": "Redirect", "location": "/file"})"}));
    Words words = command();
    words.insert(words.end(),
                 {"--fail", "--location", "--digest", "--user", "u:p", server.url("/moved")});
    EXPECT_EQ(exit_status_of(words, folder), kSuccess) << folder.text("said");
    EXPECT_TRUE(folder.text("file") == content(kSize));
    std::vector<int> statuses;
    for (const ServedRequest& request : server.requests()) statuses.push_back(request.status);
    // Without a nonce; with one; with the same, which is stale; with the new one.
    EXPECT_THAT(statuses, testing::ElementsAre(401, 302, 401, 200));
}

TEST_F(CurlAsWitness, GoesThroughAProxy) {
    const std::string_view strip =
        R"("match": {"proxied": true}, "fault": {"effect": "IgnoreRange"})";
    meets({
        {{R"("match": {"proxied": true}, "fault": {"effect": "AddHeaders",
              "headers": [{"name": "Via", "value": "1.1 proxy"}]})"},
         {"--proxy", "{server}", "http://nobody.invalid/file"},
         {kSuccess},
         kWhole},
        {{strip}, {"--proxy", "{server}", "--continue-at", "-"}, {kRange}, {}, true},
        {{R"("match": {"method": "CONNECT"}, "fault": {"effect": "RespondStatus", "status": 403})"},
         {"--proxy", "{server}", "--proxytunnel"},
         {kReceiving}},
    });
}

TEST_F(CurlAsWitness, SeesCertificatesAndHandshakesThatAreWrong) {
    const Words trust{"--cacert", "authority.pem"};
    meets({{{}, trust, {kSuccess}, kWhole}, {{}, {}, {kCertificate}}}, true);
    for (const char* effect : {"CertificateExpired", "CertificateWrongHost",
                               "CertificateSelfSigned", "CertificateUntrusted"}) {
        const std::string rule = R"({"effect": ")" + std::string(effect) + "\"}";
        meets({{{rule}, trust, {kCertificate}}}, true);
    }
    meets(
        {
            {{R"({"effect": "Close", "at": {"handshake_byte": 100}})"}, trust, {kHandshake}},
            {{R"({"effect": "Reset", "at": {"handshake_byte": 100}})"}, trust, {kHandshake}},
            {{R"({"effect": "Stall", "at": {"handshake_byte": 100}})"},
             {"--max-time", "2", "--cacert", "authority.pem"},
             {kTimeout}},
            {{R"({"effect": "Close", "at": {"body_byte": 500}})"}, trust, {kPartialFile}},
        },
        true);
}

class WgetAsWitness : public testing::Test {
  protected:
    void SetUp() override {
        if (!exit_status_of({"wget", "--version"}, Folder())) GTEST_SKIP() << "no wget here";
    }
    static void meets(const std::vector<Meeting>& meetings, bool tls = false) {
        for (const Meeting& meeting : meetings) {
            expect_meeting({"wget", "--no-config", "--no-netrc", "--no-hsts", "--no-verbose",
                            "--timeout=20", "--tries=1"},
                           meeting, tls);
        }
    }

    static constexpr int kSuccess = 0;      // "No problems occurred."
    static constexpr int kNetwork = 4;      // "Network failure."
    static constexpr int kCertificate = 5;  // "SSL verification failure."
    static constexpr int kPassword = 6;     // "Username/password authentication failure."
    static constexpr int kProtocol = 7;     // "Protocol errors."
    static constexpr int kErrorStatus = 8;  // "Server issued an error response."
};

TEST_F(WgetAsWitness, SeesHowAConnectionEnds) {
    meets({
        {{}, {}, {kSuccess}, kWhole},
        {{kRefused}, {}, {kNetwork}},
        {{R"({"effect": "Close", "at": "accept"})"}, {}, {kNetwork}},
        {{R"({"effect": "Close", "at": "before_head"})"}, {}, {kNetwork}},
        {{R"({"effect": "Close", "at": {"body_byte": 500}})"}, {}, {kNetwork}},
        {{R"({"effect": "Close", "at": "end"})"}, {}, {kSuccess}, kWhole},
        {{R"({"effect": "Reset", "at": "before_head"})"}, {}, {kNetwork}},
        {{R"({"effect": "Reset", "at": {"body_byte": 2900000}})"}, {}, {kNetwork}},
        {{R"({"effect": "HalfClose", "at": {"body_byte": 500}})"}, {}, {kNetwork}},
        {{R"({"effect": "Stall", "at": "before_head"})"}, {"--timeout=2"}, {kNetwork}},
        {{R"({"effect": "Stall", "at": {"body_byte": 500}})"}, {"--timeout=2"}, {kNetwork}},
        // "--tries": the next one goes on where this one stopped.
        {{R"("fault": {"effect": "Close", "at": {"body_byte": 500}}, "times": 1)"},
         {"--tries=2", "--waitretry=0"},
         {kSuccess},
         kWhole},
    });
}

TEST_F(WgetAsWitness, SeesAnswersThatAreErrors) {
    meets({
        {{R"({"effect": "RespondStatus", "status": 404})"}, {}, {kErrorStatus}},
        {{R"({"effect": "RespondStatus", "status": 503})"}, {}, {kErrorStatus}},
        {{R"({"effect": "Redirect", "location": "/file"})"}, {"--max-redirect=5"}, {kErrorStatus}},
        // wget 1.21 takes this for a failure of the network.
        {{R"({"effect": "BadStatus"})"}, {}, {kNetwork, kProtocol}},
        {{R"({"effect": "Chunked", "chunk_bytes": 4096})"}, {}, {kSuccess}, kWhole},
        {{R"({"effect": "ChunkNoLast", "chunk_bytes": 4096})"}, {}, {kNetwork}},
        {{R"({"effect": "Gzip"})"}, {"--compression=gzip"}, {kSuccess}, kWhole},
        {{}, {"--continue"}, {kSuccess}, kWhole, true},
        {{R"({"effect": "IgnoreRange"})"}, {"--continue"}, {kSuccess}, kWhole, true},
    });
}

TEST_F(WgetAsWitness, SaysWhoItIs) {
    const std::string_view basic = R"({"effect": "DemandBasic", "user": "u", "password": "p"})";
    const std::string_view digest =
        R"({"effect": "DemandDigest", "user": "u", "password": "p", "count": 1})";
    meets({
        {{basic}, {}, {kPassword}},
        {{basic}, {"--user=u", "--password=wrong"}, {kPassword}},
        {{basic}, {"--user=u", "--password=p"}, {kSuccess}, kWhole},
        {{digest}, {"--user=u", "--password=wrong"}, {kPassword}},
        {{digest}, {"--user=u", "--password=p"}, {kSuccess}, kWhole},
    });
}

TEST_F(WgetAsWitness, SeesCertificatesThatAreWrong) {
    const Words trust{"--ca-certificate=authority.pem"};
    meets({{{}, trust, {kSuccess}, kWhole}, {{}, {}, {kCertificate}}}, true);
    for (const char* effect : {"CertificateExpired", "CertificateWrongHost",
                               "CertificateSelfSigned", "CertificateUntrusted"}) {
        const std::string rule = R"({"effect": ")" + std::string(effect) + "\"}";
        meets({{{rule}, trust, {kCertificate}}}, true);
    }
}

class Aria2AsWitness : public testing::Test {
  protected:
    void SetUp() override {
        if (!exit_status_of({"aria2c", "--version"}, Folder())) GTEST_SKIP() << "no aria2c here";
    }
    static void meets(const std::vector<Meeting>& meetings, bool tls = false) {
        for (const Meeting& meeting : meetings) {
            expect_meeting({"aria2c", "--no-conf", "--no-netrc", "--timeout=20",
                            "--connect-timeout=20", "--stop=60", "--max-tries=1",
                            "--auto-file-renaming=false", "--file-allocation=none"},
                           meeting, tls);
        }
    }

    static constexpr int kSuccess = 0;   // "If all downloads were successful."
    static constexpr int kUnknown = 1;   // "If an unknown error occurred."
    static constexpr int kTimeout = 2;   // "If time out occurred."
    static constexpr int kNotFound = 3;  // "If a resource was not found."
    static constexpr int kNetwork = 6;   // "If network problem occurred."
    // "If remote server did not support resume when resume was required to complete download."
    static constexpr int kNoResume = 8;
    static constexpr int kBadHead = 22;  // "If HTTP response header was bad or unexpected."
    static constexpr int kTooManyRedirects = 23;  // "If too many redirects occurred."
    static constexpr int kPassword = 24;          // "If HTTP authorization failed."
    // "If the remote server was unable to handle the request due to a temporary overloading or
    // maintenance."
    static constexpr int kBusy = 29;
};

TEST_F(Aria2AsWitness, SeesHowAConnectionEnds) {
    // aria2c 1.36 calls all of these unknown; its manual would allow a network problem.
    const std::vector<int> network{kUnknown, kNetwork};
    meets({
        {{}, {}, {kSuccess}, kWhole},
        {{kRefused}, {}, network},
        {{R"({"effect": "Close", "at": "before_head"})"}, {}, network},
        {{R"({"effect": "Close", "at": {"body_byte": 500}})"}, {}, network},
        {{R"({"effect": "Close", "at": "end"})"}, {}, {kSuccess}, kWhole},
        {{R"({"effect": "Reset", "at": "before_head"})"}, {}, network},
        {{R"({"effect": "Reset", "at": {"body_byte": 500}})"}, {}, network},
        {{R"({"effect": "HalfClose", "at": {"body_byte": 500}})"}, {}, network},
        {{R"({"effect": "Stall", "at": "before_head"})"}, {"--timeout=2"}, {kTimeout}},
        {{R"({"effect": "Stall", "at": {"body_byte": 500}})"}, {"--timeout=2"}, {kTimeout}},
    });
}

TEST_F(Aria2AsWitness, SeesAnswersThatAreErrors) {
    // aria2c 1.36 calls heads that it cannot read unknown errors; its manual would allow a bad
    // head.
    const std::vector<int> no_head{kUnknown, kBadHead};
    meets({
        {{R"({"effect": "RespondStatus", "status": 404})"}, {}, {kNotFound}},
        {{R"({"effect": "RespondStatus", "status": 503})"}, {}, {kBusy, kBadHead}},
        {{R"({"effect": "RespondStatus", "status": 500})"}, {}, {kBadHead}},
        {{R"({"effect": "GarbageHead", "bytes": 100})"}, {}, no_head},
        {{R"({"effect": "BadStatus"})"}, {}, no_head},
        {{R"({"effect": "LengthNotANumber"})"}, {}, no_head},
        {{R"({"effect": "Redirect", "location": "/file"})"}, {}, {kTooManyRedirects}},
        {{R"({"effect": "DemandBasic", "user": "u", "password": "p"})"}, {}, {kPassword}},
        {{R"({"effect": "DemandBasic", "user": "u", "password": "p"})"},
         {"--http-auth-challenge=true", "--http-user=u", "--http-passwd=p"},
         {kSuccess},
         kWhole},
        {{R"({"effect": "Chunked", "chunk_bytes": 4096})"}, {}, {kSuccess}, kWhole},
        {{R"({"effect": "Gzip"})"}, {"--http-accept-gzip=true"}, {kSuccess}, kWhole},
        {{}, {"--continue"}, {kSuccess}, kWhole, true},
        {{R"({"effect": "IgnoreRange"})"},
         {"--continue", "--always-resume=true"},
         {kNoResume},
         {},
         true},
    });
}

TEST_F(Aria2AsWitness, SeesCertificatesThatAreWrong) {
    const Words trust{"--ca-certificate=authority.pem"};
    meets({{{}, trust, {kSuccess}, kWhole}, {{}, {}, {kUnknown, kNetwork}}}, true);
    for (const char* effect : {"CertificateExpired", "CertificateWrongHost",
                               "CertificateSelfSigned", "CertificateUntrusted"}) {
        const std::string rule = R"({"effect": ")" + std::string(effect) + "\"}";
        meets({{{rule}, trust, {kUnknown, kNetwork}}}, true);
    }
}

}  // namespace
}  // namespace qmgr::fakeserver
