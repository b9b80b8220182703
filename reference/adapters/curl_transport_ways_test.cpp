// The ways to a server: past proxies that the environment names, and through TLS.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <list>
#include <optional>
#include <string>

#include "reference/adapters/curl_transport.hpp"
#include "reference/adapters/memory_store.hpp"
#include "reference/adapters/raw_server.hpp"
#include "reference/adapters/recording_sink.hpp"
#include "reference/adapters/temporary_folder.hpp"
#include "reference/adapters/tls_server.hpp"

namespace qmgr {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

constexpr FetchId kFetch{11};
constexpr const char* kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc";

/// A variable of the environment for the time of a test; null: not there.
class Variable {
  public:
    Variable(std::string name, const char* value) : name_(std::move(name)) {
        if (const char* const before = std::getenv(name_.c_str())) before_ = before;
        set(value);
    }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;
    ~Variable() { set(before_ ? before_->c_str() : nullptr); }

  private:
    void set(const char* value) const {
        if (value != nullptr)
            ::setenv(name_.c_str(), value, 1);
        else
            ::unsetenv(name_.c_str());
    }

    const std::string name_;
    std::optional<std::string> before_;
};

class CurlTransportWaysTest : public testing::Test {
  protected:
    CurlTransportWaysTest() {
        for (const char* name :
             {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy",
              "NO_PROXY", "HTTP_PROXY", "CURL_CA_BUNDLE", "SSL_CERT_FILE"})
            set(name, nullptr);
    }

    void set(const char* name, const char* value) { variables_.emplace_front(name, value); }
    void set(const char* name, const std::string& value) { set(name, value.c_str()); }

    /// What a GET of `url` comes to: its head, or the failure that ended it.
    struct Outcome {
        int status = 0;
        std::optional<TransportFailure> failure;
    };
    Outcome get(const std::string& url) {
        CurlTransport transport(sink_, store_, Policy{});
        transport.start({kFetch, {}, "GET", url, {{"User-Agent", "Microsoft BITS/7.8"}}});
        EXPECT_TRUE(sink_.wait_for_any(1));
        const auto heads = sink_.all<event::ResponseStarted>();
        if (heads.empty()) return {0, sink_.all<event::FetchEnded>().at(0).failure};
        transport.store_body({kFetch, {}, "part", 0, 3});
        EXPECT_TRUE(sink_.wait_for_count<event::FetchEnded>(1));
        return {heads[0].status, sink_.all<event::FetchEnded>().at(0).failure};
    }

    std::string file_with(const std::string& text) {
        const std::string path = folder_.path("bundle.pem");
        std::ofstream(path) << text;
        return path;
    }

    const TemporaryFolder folder_;
    RecordingSink sink_;
    MemoryStore store_;
    std::list<Variable> variables_;  // the last one goes first
};

// ---- proxies ------------------------------------------------------------------------------------

TEST_F(CurlTransportWaysTest, AsksTheProxyOfTheEnvironmentForTheWholeUrl) {
    RawServer proxy({{kAnswer}});
    set("http_proxy", proxy.url(""));
    EXPECT_EQ(get("http://files.test:81/a/b?c").status, 200);
    EXPECT_EQ(store_.bytes(kFetch), "abc");
    ASSERT_THAT(proxy.requests(), SizeIs(1));
    EXPECT_EQ(proxy.requests()[0].bytes,
              "GET http://files.test:81/a/b?c HTTP/1.1\r\nHost: files.test:81\r\n"
              "User-Agent: Microsoft BITS/7.8\r\n\r\n");
}

TEST_F(CurlTransportWaysTest, TellsTheProxyUserAndPasswordOfItsUrl) {
    RawServer proxy({{kAnswer}});
    set("http_proxy", "http://user:pass@127.0.0.1:" + std::to_string(proxy.port()));
    EXPECT_EQ(get("http://files.test/f").status, 200);
    EXPECT_EQ(proxy.requests().at(0).bytes,
              "GET http://files.test/f HTTP/1.1\r\nHost: files.test\r\n"
              "Proxy-Authorization: Basic dXNlcjpwYXNz\r\n"
              "User-Agent: Microsoft BITS/7.8\r\n\r\n");
}

TEST_F(CurlTransportWaysTest, GoesPastTheProxyWhereNoProxySaysSo) {
    RawServer proxy({{kAnswer}});
    RawServer server({{kAnswer}});
    set("http_proxy", proxy.url(""));
    set("no_proxy", "files.test,127.0.0.1");
    EXPECT_EQ(get(server.url()).status, 200);
    EXPECT_THAT(proxy.requests(), IsEmpty());
    EXPECT_THAT(server.requests(), SizeIs(1));
}

TEST_F(CurlTransportWaysTest, DoesNotTakeAHeaderOfARequestForAProxy) {
    RawServer proxy({{kAnswer}});
    RawServer server({{kAnswer}});
    // In a CGI program this variable is the field "Proxy:" of whoever asks.
    set("HTTP_PROXY", proxy.url(""));
    EXPECT_EQ(get(server.url()).status, 200);
    EXPECT_THAT(proxy.requests(), IsEmpty());
}

TEST_F(CurlTransportWaysTest, AsksTheProxyForATunnelToATlsServerAndTellsItNothingElse) {
    RawServer proxy({{"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"}});
    set("https_proxy", proxy.url(""));
    EXPECT_EQ(get("https://files.test/secret").failure, TransportFailure::Unreachable);
    ASSERT_THAT(proxy.requests(), SizeIs(1));
    EXPECT_EQ(proxy.requests()[0].bytes,
              "CONNECT files.test:443 HTTP/1.1\r\nHost: files.test:443\r\n"
              "Proxy-Connection: Keep-Alive\r\n\r\n");
    EXPECT_THAT(sink_.all<event::ResponseStarted>(), IsEmpty());
}

TEST_F(CurlTransportWaysTest, HandsOnThatAProxyWantsToKnowWhoAsksForATunnel) {
    const std::string refusal =
        "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n";
    RawServer proxy({{refusal}});
    set("https_proxy", proxy.url(""));
    CurlTransport transport(sink_, store_, Policy{});
    for (const char* method : {"GET", "HEAD"}) {
        const FetchId fetch{*method == 'G' ? 1U : 2U};
        transport.start({fetch, {}, method, "https://files.test/f", {}});
        const auto head = sink_.wait_for<event::ResponseStarted>(
            [&](const auto& one) { return one.fetch == fetch; });
        EXPECT_EQ(head, (event::ResponseStarted{fetch, 407, {}}));
    }
    EXPECT_THAT(sink_.all<event::FetchEnded>(), IsEmpty());
}

TEST_F(CurlTransportWaysTest, CannotReachAnythingThroughAProxyThatIsNotThere) {
    std::uint16_t port = 0;
    { const Descriptor closed_at_once = listening_socket(port); }
    set("http_proxy", "http://127.0.0.1:" + std::to_string(port));
    EXPECT_EQ(get("http://files.test/f").failure, TransportFailure::Unreachable);
    EXPECT_THAT(sink_.all<event::ResponseStarted>(), IsEmpty());
}

// ---- TLS ----------------------------------------------------------------------------------------

TEST_F(CurlTransportWaysTest, TrustsNoServerThatOnlyVouchesForItself) {
    TlsServer server(kAnswer);
    EXPECT_EQ(get(server.url()).failure, TransportFailure::TlsFailed);
    EXPECT_EQ(server.requests(), 0);
}

TEST_F(CurlTransportWaysTest, TrustsWhatTheBundleOfTheEnvironmentVouchesFor) {
    for (const char* variable : {"CURL_CA_BUNDLE", "SSL_CERT_FILE"}) {
        SCOPED_TRACE(variable);
        TlsServer server(kAnswer);
        const Variable bundle(variable, file_with(server.certificate()).c_str());
        CurlTransport transport(sink_, store_, Policy{});
        const FetchId fetch{*variable == 'C' ? 21U : 22U};
        transport.start({fetch, {}, "HEAD", server.url(), {}});
        const auto head = sink_.wait_for<event::ResponseStarted>(
            [&](const auto& one) { return one.fetch == fetch; });
        EXPECT_EQ(head.status, 200);
        EXPECT_EQ(server.requests(), 1);
    }
}

TEST_F(CurlTransportWaysTest, TakesTheBodyThroughTls) {
    TlsServer server(kAnswer);
    set("CURL_CA_BUNDLE", file_with(server.certificate()));
    EXPECT_EQ(get(server.url()).status, 200);
    EXPECT_EQ(store_.bytes(kFetch), "abc");
}

TEST_F(CurlTransportWaysTest, TrustsNoServerUnderAnothersName) {
    TlsServer server(kAnswer, {.address = "127.0.0.2"});
    set("CURL_CA_BUNDLE", file_with(server.certificate()));
    EXPECT_EQ(get(server.url()).failure, TransportFailure::TlsFailed);
    EXPECT_EQ(server.requests(), 0);
}

TEST_F(CurlTransportWaysTest, TrustsNoCertificateThatHasExpired) {
    TlsServer server(kAnswer, {.expired = true});
    set("CURL_CA_BUNDLE", file_with(server.certificate()));
    EXPECT_EQ(get(server.url()).failure, TransportFailure::TlsFailed);
    EXPECT_EQ(server.requests(), 0);
}

TEST_F(CurlTransportWaysTest, TrustsNobodyOnceTheBundleCannotBeRead) {
    TlsServer server(kAnswer);
    for (const std::string& bundle : {folder_.path("missing.pem"), file_with("no certificate")}) {
        const Variable variable("CURL_CA_BUNDLE", bundle.c_str());
        CurlTransport transport(sink_, store_, Policy{});
        transport.start({kFetch, {}, "GET", server.url(), {}});
        sink_.wait_for_count<event::FetchEnded>(bundle.ends_with("missing.pem") ? 1 : 2);
        EXPECT_EQ(sink_.all<event::FetchEnded>().back().failure, TransportFailure::TlsFailed);
    }
    EXPECT_EQ(server.requests(), 0);
}

TEST_F(CurlTransportWaysTest, FindsAServerThatSpeaksNoTlsWithoutTls) {
    RawServer server({{kAnswer}}, "HTTP/1.1 400 Bad Request\r\n\r\n");
    EXPECT_EQ(get("https://127.0.0.1:" + std::to_string(server.port()) + "/f").failure,
              TransportFailure::TlsFailed);
}

}  // namespace
}  // namespace qmgr
