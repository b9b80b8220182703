// The checks of this folder read source as text; here is what they take a text to be.
#include "conformance/meta/source_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace qmgr::meta {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(SourceText, CodeOnlyKeepsCodeAtItsPlaceAndBlanksTheRest) {
    EXPECT_EQ(code_only("int a; // rand()\nint b;"), "int a;          \nint b;");
    EXPECT_EQ(code_only("f(/* x\ny */1);"), "f(    \n    1);");
    EXPECT_EQ(code_only(R"(s = "a\"b//c" + 'd';)"), "s = \"       \" + ' ';");
}

TEST(SourceText, CodeOnlyKnowsRawStringsAndDigitSeparators) {
    EXPECT_EQ(code_only("x = R\"q(a \" )\" b)q\"; y;"), "x = R\"            \"; y;");
    EXPECT_EQ(code_only("n = 1'000 + 0xFF'FF; c = 'a';"), "n = 1'000 + 0xFF'FF; c = ' ';");
}

TEST(SourceText, IncludesAreReadUnlessTheyAreCommentedOut) {
    const auto found = includes_of(
        "#include <vector>\n"
        "// #include \"a/b.hpp\"\n"
        "/*\n#include \"c/d.hpp\"\n*/\n"
        "  #  include \"traces/trace.hpp\"  // why\n"
        "const char* text = \"#include <x>\";\n");
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].name, "<vector>");
    EXPECT_EQ(found[0].line, 1U);
    EXPECT_EQ(found[1].path(), "traces/trace.hpp");
    EXPECT_EQ(found[1].line, 6U);
}

/// What functions_of says, as "line+lines".
std::vector<std::string> shape(std::string_view text) {
    std::vector<std::string> shape;
    for (const Function& function : functions_of(text)) {
        shape.push_back(std::to_string(function.line) + "+" + std::to_string(function.lines));
    }
    return shape;
}

TEST(SourceText, AFunctionGoesFromItsParenthesisToItsClosingBrace) {
    EXPECT_THAT(shape("namespace q {\nint f(int a) {\n  if (a) {\n  }\n  return 1;\n}\n}\n"),
                ElementsAre("2+5"));
    EXPECT_THAT(shape("struct S {\n  S(int a) : b(a) {\n  }\n  int g() const { return 1; }\n};"),
                ElementsAre("2+2", "4+1"));
    EXPECT_THAT(shape("TEST(A, B) {\n}\ntemplate <class T>\nvoid h(\n    T) {\n}\n"),
                ElementsAre("1+2", "4+3"));
}

TEST(SourceText, ALambdaBelongsToItsFunctionAndATableIsNone) {
    EXPECT_THAT(shape("void f() {\n  auto g = [](int a) {\n    return a;\n  };\n}\n"),
                ElementsAre("1+5"));
    EXPECT_THAT(shape("constexpr std::array kTable = [] {\n  return std::array{1,\n 2};\n}();\n"),
                IsEmpty());
    EXPECT_THAT(shape("const Case kCase{\n  .run = [](Rig& rig) {\n  rig.f();\n  }};\n"),
                ElementsAre("2+3"));
}

TEST(SourceText, BracesOfMacrosAndTextsAreNotCounted) {
    EXPECT_THAT(shape("#define OPEN \\\n  if (1) {\nint f() {\n  return '{' + \"{\"[0];\n}\n"),
                ElementsAre("3+3"));
}

TEST(SourceText, AWordIsFoundWhole) {
    EXPECT_THAT(lines_with("brand(); rand();\nstd::rand();\nrandom();", "rand("),
                ElementsAre(1U, 2U));
    EXPECT_THAT(lines_with("my_steady_clock x; steady_clocks", "steady_clock"), IsEmpty());
}

}  // namespace
}  // namespace qmgr::meta
