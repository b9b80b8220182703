#include "conformance/loopback/pipe_system.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace qmgr::inline v0::conformance {
namespace {

using testing::HasSubstr;

const std::string kHello =
    R"({"hello":{"protocol":1,"name":"n","version":"1","abilities":["notify"]}})";

/// A system that says these lines whatever it is told, and goes on listening.
PipeSystem::Options saying(const std::vector<std::string>& lines) {
    std::string all;
    for (const std::string& line : lines) all += " '" + line + "'";
    return {"sh -c 'printf \"%s\\n\" \"$@\"; exec cat >/dev/null' sh" + all, "state", {}};
}

std::string broken_by_hello(const std::string& line) { return PipeSystem(saying({line})).broken(); }

std::string broken_by_answer(const std::string& line) {
    PipeSystem system(saying({kHello, line}));
    system.call({"u1", false}, call::GetGroupStatus{GroupHandle{1}});
    return system.broken();
}

TEST(PipeSystem, TakesAHelloWithItsFieldsAlone) {
    EXPECT_EQ(broken_by_hello(kHello), "");
    EXPECT_EQ(
        broken_by_hello(
            R"({"hello":{"protocol":1,"name":"n","version":"1","abilities":[],"mising":"x"}})"),
        "hello: expected no field \"mising\"");
    EXPECT_EQ(broken_by_hello(
                  R"({"id":0,"hello":{"protocol":1,"name":"n","version":"1","abilities":[]}})"),
              "answer: expected no field \"id\"");
}

TEST(PipeSystem, TakesAnAnswerWithItsFieldsAlone) {
    EXPECT_EQ(broken_by_answer(R"({"id":1,"reply":{"hresult":"E_FAIL"}})"), "");
    EXPECT_EQ(broken_by_answer(R"({"id":1,"unsupported":"not yet"})"), "");
    for (const char* line :
         {R"({"id":1,"reply":{"hresult":"E_FAIL"},"took_ms":3})", R"({"id":1})",
          R"({"id":1,"reply":{"hresult":"E_FAIL"},"unsupported":"not yet"})",
          R"({"id":1,"reply":{"hresult":"E_FAIL","took_ms":3}})", R"({"id":1,"done":true})",
          R"({"id":1,"unsupported":"not yet","why":"x"})", R"({"id":1,"error":"no"})"})
        EXPECT_NE(broken_by_answer(line), "") << line;
}

TEST(PipeSystem, NamesTheAnswerThatIsNone) {
    EXPECT_THAT(broken_by_answer(R"({"id":1,"replay":{}})"),
                HasSubstr(R"(answered {"id":1,"replay":{}})"));
}

}  // namespace
}  // namespace qmgr::inline v0::conformance
