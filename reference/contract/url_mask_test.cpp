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
         })
        EXPECT_EQ(masked(url), shown);
}

TEST(UrlMaskTest, LeavesAUrlWithoutAPasswordAsItIs) {
    for (const char* url :
         {"", "http://h/", "http://h:80/a@b", "http://h:80", "http://user@h/", "http://[::1]/a@b",
          "http://[::1]:80/a:b@c", "http://h/a:b@c", "http://h?a:b@c", "http://h#a:b@c", "http://",
          "http://user:***@h/", "no URL at all", "a:b"})
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

}  // namespace
}  // namespace qmgr
