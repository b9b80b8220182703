#include "reference/engine/names.hpp"

#include <gtest/gtest.h>

namespace qmgr {
namespace {

const Policy kPolicy;

TEST(Utf16Length, CountsUnitsAsTheDocumentsDo) {
    EXPECT_EQ(utf16_length(""), 0U);
    EXPECT_EQ(utf16_length("abc"), 3U);
    EXPECT_EQ(utf16_length("\xC3\xA4"), 1U);          // U+00E4
    EXPECT_EQ(utf16_length("\xE2\x82\xAC"), 1U);      // U+20AC
    EXPECT_EQ(utf16_length("\xF0\x9F\x98\x80"), 2U);  // U+1F600, a surrogate pair
}

TEST(Utf16Length, RefusesWhatIsNotUtf8) {
    for (const char* text :
         {"\x80", "\xC3", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80",
          "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "a\xFF"})
        EXPECT_FALSE(utf16_length(text)) << testing::PrintToString(text);
}

TEST(RemoteName, AcceptsHttpAndHttpsUrls) {
    for (const char* url : {"http://a", "https://a/", "HTTP://A/b?c=d&e=%20f", "http://a:80/b",
                            "http://[::1]:8080/x", "http://user:pass@host/x", "http://a/b#c"})
        EXPECT_TRUE(is_remote_name(url, kPolicy)) << url;
}

TEST(RemoteName, RefusesEverythingElse) {
    for (const char* url : {"",
                            "http:",
                            "http://",
                            "http:///x",
                            "ftp://a/b",
                            "file:///a",
                            "a/b",
                            "http://a b/c",
                            "http://a/*",
                            "http://a/%2",
                            "http://a/%zz",
                            "http://a:port/",
                            "http://a:123456/",
                            "http://a:1:2/",
                            "http://[::1/x",
                            "http://[zz]/x",
                            "http://a:65536/",
                            "http://%00/",
                            "http://a%0d%0aX/f",
                            "http://a/\xC3\xA4",
                            "http://a/<x>",
                            "http://a/\\b"})
        EXPECT_FALSE(is_remote_name(url, kPolicy)) << url;
}

TEST(RemoteName, KeepsTheDocumentedLimits) {
    const std::string base = "http://a/";
    std::string long_url = base;
    while (long_url.size() < 2200) long_url += long_url.size() % 100 == 0 ? '/' : 'x';
    EXPECT_TRUE(is_remote_name(long_url, kPolicy));
    EXPECT_FALSE(is_remote_name(long_url + "x", kPolicy));
    EXPECT_TRUE(is_remote_name(base + std::string(260, 'x'), kPolicy));
    EXPECT_FALSE(is_remote_name(base + std::string(261, 'x'), kPolicy));
    EXPECT_TRUE(is_remote_name(base + "?" + std::string(1000, 'x'), kPolicy));
}

TEST(LocalName, AcceptsFullPathsToAFile) {
    for (const char* path : {"/a", "/tmp/a b", "/tmp/\xC3\xA4", "/C:/x", "/a/.hidden"})
        EXPECT_TRUE(is_local_name(path, kPolicy)) << path;
    EXPECT_TRUE(is_local_name("/" + std::string(259, 'x'), kPolicy));
}

TEST(LocalName, RefusesEverythingElse) {
    for (const char* path : {"", "a", "./a", "/", "/a/", "/a/.", "/a/..", "/a*", "/a?", "/a<",
                             "/a>", "/a|", "/a\"", "/a:b:c", "/\x80"})
        EXPECT_FALSE(is_local_name(path, kPolicy)) << path;
    EXPECT_FALSE(is_local_name("/" + std::string(260, 'x'), kPolicy));
    EXPECT_FALSE(is_local_name(std::string("/a\0b", 4), kPolicy));
}

TEST(PartPath, IsBitAndUpToFourUpperCaseHexDigits) {
    EXPECT_EQ(part_path("/d", 0), "/d/BIT0.tmp");
    EXPECT_EQ(part_path("/d", 0xA67F), "/d/BITA67F.tmp");
    EXPECT_EQ(part_path("/", 0x1000B), "/BITB.tmp");
}

TEST(DirectoryOf, IsEverythingBeforeTheLastSlash) {
    EXPECT_EQ(directory_of("/a/b/c"), "/a/b");
    EXPECT_EQ(directory_of("/c"), "/");
}

TEST(RedirectTarget, ResolvesEveryFormOfLocation) {
    const std::string base = "http://host:81/dir/file?q=1";
    EXPECT_EQ(redirect_target(base, "http://other/x", kPolicy), "http://other/x");
    EXPECT_EQ(redirect_target(base, "//other/x", kPolicy), "http://other/x");
    EXPECT_EQ(redirect_target(base, "/x/y", kPolicy), "http://host:81/x/y");
    EXPECT_EQ(redirect_target(base, "y", kPolicy), "http://host:81/dir/y");
    EXPECT_EQ(redirect_target(base, "?r=2", kPolicy), "http://host:81/dir/file?r=2");
    EXPECT_EQ(redirect_target(base, "#part", kPolicy), "http://host:81/dir/file?q=1#part");
    EXPECT_EQ(redirect_target("http://host/dir/sub/f", "../x", kPolicy), "http://host/dir/x");
    EXPECT_EQ(redirect_target("http://host/dir/f", "./g", kPolicy), "http://host/dir/g");
    EXPECT_EQ(redirect_target("http://host/dir/f", "../../../x?a=../b", kPolicy),
              "http://host/x?a=../b");
    EXPECT_EQ(redirect_target("http://host/dir/f", "..", kPolicy), "http://host/");
    EXPECT_EQ(redirect_target("http://host/dir/f", "g/", kPolicy), "http://host/dir/g/");
    EXPECT_EQ(redirect_target("http://host", "y", kPolicy), "http://host/y");
    EXPECT_EQ(redirect_target("http://host", "https://host/y", kPolicy), "https://host/y");
}

TEST(RedirectTarget, RefusesADowngradeAndOtherSchemes) {
    EXPECT_FALSE(redirect_target("https://host/a", "http://host/a", kPolicy));
    EXPECT_FALSE(redirect_target("http://host/a", "ftp://host/a", kPolicy));
    EXPECT_FALSE(redirect_target("http://host/a", "file:///etc/passwd", kPolicy));
    EXPECT_FALSE(redirect_target("http://host/a", "", kPolicy));
    EXPECT_FALSE(redirect_target("http://host/a", "/a b", kPolicy));
}

}  // namespace
}  // namespace qmgr
