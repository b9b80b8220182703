#include "reference/contract/url_mask.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace qmgr {
namespace {

TEST(UrlMaskTest, HidesThePasswordAndNothingElse) {
    for (const auto& [url, shown] : {
             std::pair("http://user:secret@h/", "http://user:***@h/"),
             std::pair("https://user:secret@h:8080/a?b@c", "https://user:***@h:8080/a?b@c"),
             std::pair("http://:secret@h/", "http://:***@h/"),
             std::pair("http://user:@h/", "http://user:***@h/"),
             std::pair("http://user:a:b@c@h/", "http://user:***@h/"),
             std::pair("http://user:secret@[::1]:80/", "http://user:***@[::1]:80/"),
             std::pair("http:/user:secret@h", "http:/user:***@h"),
             std::pair("http:///user:secret@h", "http:///user:***@h"),
             std::pair("//user:secret@h/f", "//user:***@h/f"),
             std::pair("//user:secret@h/?u=http://g/", "//user:***@h/?u=http://g/"),
         })
        EXPECT_EQ(masked(url), shown);
}

TEST(UrlMaskTest, LeavesAUrlWithoutAPasswordAsItIs) {
    for (const char* url :
         {"", "http://h/", "http://h:80/a@b", "http://h:80", "http://user@h/", "http://[::1]/a@b",
          "http://[::1]:80/a:b@c", "http://h/a:b@c", "http://h?a:b@c", "http://h#a:b@c", "http://",
          "http://user:***@h/", "//h:80/a@b", "//h/?u=http://a:b@c", "no URL at all", "a:b"})
        EXPECT_EQ(masked(url), url);
}

TEST(UrlMaskTest, HidesAPasswordInWhatIsNoUrl) {
    EXPECT_EQ(masked("user:secret@h/f"), "user:***@h/f");
    EXPECT_EQ(masked("http:user:secret@h"), "http:***@h");
    EXPECT_EQ(masked("http://user:sec/ret@h/f"), "http://user:***@h/f");
    EXPECT_EQ(masked("http://user:sec?r@et@h/f"), "http://user:***@h/f");
}

TEST(UrlMaskTest, HidesThePasswordsOfAllUrlsInAText) {
    EXPECT_EQ(masked_in_text("cannot fetch http://u:p@h/f to /d/a:b@c; see \"ftp://v:q@h\" too"),
              "cannot fetch http://u:***@h/f to /d/a:b@c; see \"ftp://v:***@h\" too");
    EXPECT_EQ(masked_in_text("http://h/ and http://u:p@h"), "http://h/ and http://u:***@h");
    EXPECT_EQ(masked_in_text("nothing: to hide@all"), "nothing: to hide@all");
}

// "'" is a character of URLs, so it ends none.
TEST(UrlMaskTest, HidesAPasswordWithAQuotationMarkInIt) {
    EXPECT_EQ(masked_in_text("from http://u:p'q@h/f"), "from http://u:***@h/f");
    EXPECT_EQ(masked_in_text("from 'http://u:p@h/f' and 'http://h/'"),
              "from 'http://u:***@h/f' and 'http://h/'");
}

TEST(UrlMaskTest, HidesThePasswordsOfUrlsWithoutASchemeInAText) {
    EXPECT_EQ(masked_in_text("//u:p@h/f"), "//u:***@h/f");
    EXPECT_EQ(masked_in_text("<//u:p@h/f>; see //v:q@h"), "<//u:***@h/f>; see //v:***@h");
    EXPECT_EQ(masked_in_text("/d//a:b@c"), "/d//a:b@c");  // a path
}

}  // namespace
}  // namespace qmgr
