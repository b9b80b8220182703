// Reading C++ as text, as far as the checks of this folder need it: no parser, so what each
// function takes a thing to be is said beside it.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace qmgr::meta {

struct SourceFile {
    std::string path;  ///< from the project's root
    std::string text;
};

/// A column of a constexpr table: up to eight texts, the rest empty.
using Texts = std::array<std::string_view, 8>;
constexpr std::span<const std::string_view> used(const Texts& texts) {
    return {texts.begin(), std::find(texts.begin(), texts.end(), std::string_view())};
}

/// The whole file at `path`, seen from the project's root. Throws std::runtime_error if it cannot
/// be read.
std::string read_file(const std::string& path);

/// Every *.cpp, *.hpp and *.h under the project's folders, sorted by path. REQUIRES: the current
/// directory is the project's root.
std::vector<SourceFile> project_sources();

/// The text with comments and the inside of string and character literals blanked, every line kept
/// at its number and length.
std::string code_only(std::string_view text);

/// The lines of a text, without their line ends.
std::vector<std::string_view> lines_of(std::string_view text);

struct Include {
    std::size_t line = 0;  ///< counted from 1
    std::string name;      ///< with its delimiters: <vector>, "traces/trace.hpp"
    bool quoted = false;
    /// A quoted one without its quotes.
    std::string path() const { return name.substr(1, name.size() - 2); }
};
/// The include directives that are not commented out.
std::vector<Include> includes_of(std::string_view text);

struct Function {
    std::size_t line = 0;   ///< where its first parenthesis is
    std::size_t lines = 0;  ///< from there to its closing brace, both counted
    std::string head;       ///< that first line
};
/// Functions by counting braces: a pair of braces outside of any function is a function if the text
/// before it, back to the last ; { or }, has a closing parenthesis. A lambda in a function belongs
/// to it. A lambda without parameters outside of functions, as tables are built with, is none.
std::vector<Function> functions_of(std::string_view text);

/// Where `word` stands in the text as a whole word, as line numbers.
std::vector<std::size_t> lines_with(std::string_view text, std::string_view word);

/// What a failing check prints: each entry on a line of its own.
std::string list(const std::vector<std::string>& entries);

}  // namespace qmgr::meta
