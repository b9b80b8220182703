// A server that does to your client what you wrote down, in a test of yours: ten lines, on a port
// that is free, over real sockets. docs/server-scripts.md has what can be written.
#include <curl/curl.h>
#include <gtest/gtest.h>

#include <string>

#include "fakeserver/script_json.hpp"
#include "fakeserver/server/fault_server.hpp"

using namespace qmgr::fakeserver;

namespace {

// The client that is to be tested; here a plain one, made with libcurl.
CURLcode download(const std::string& url, std::string& body) {
    const auto append = +[](const char* bytes, std::size_t, std::size_t count, void* to) {
        static_cast<std::string*>(to)->append(bytes, count);
        return count;
    };
    CURL* curl = curl_easy_init();
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");  // whatever the environment says
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, append);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
    const CURLcode result = curl_easy_perform(curl);
    curl_easy_cleanup(curl);
    return result;
}

TEST(YourClient, NoticesThatADownloadWasCutOff) {
    FaultServer server(script_from_json_text(
        R"({"title": "cut once", "why": "A node goes away in the middle of a download.",
            "resources": [{"path": "/file", "size": 100000, "seed": 1}],
            "rules": [{"name": "cut", "times": "once",
                       "fault": {"effect": "Close", "at": {"body_byte": 60000}}}]})",
        "script"));
    std::string part, whole;
    EXPECT_EQ(download(server.url("/file"), part), CURLE_PARTIAL_FILE);
    EXPECT_EQ(download(server.url("/file"), whole), CURLE_OK);
    EXPECT_EQ(part, whole.substr(0, 60000));
    for (const RuleHits& rule : server.hits()) EXPECT_GT(rule.hits, 0U) << rule.rule;
}

}  // namespace
