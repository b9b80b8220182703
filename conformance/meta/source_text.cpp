#include "conformance/meta/source_text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace qmgr::meta {
namespace {

constexpr std::array kTops = {"reference",   "fakeserver",    "traces",
                              "conformance", "propertytests", "docs"};

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::size_t line_at(std::string_view text, std::size_t offset) {
    return 1 + static_cast<std::size_t>(std::count(text.begin(), text.begin() + offset, '\n'));
}

/// One pass over a text that blanks what is no code.
class Blanker {
  public:
    explicit Blanker(std::string_view text) : text_(text), code_(text) {}

    std::string run() && {
        while (at_ < text_.size()) {
            if (starts("//")) {
                blank_until("\n", 0);
            } else if (starts("/*")) {
                blank_until("*/", 2);
            } else if (text_[at_] == '"') {
                raw() ? blank_raw() : blank_literal('"');
            } else if (text_[at_] == '\'' && !separates_digits()) {
                blank_literal('\'');
            } else {
                ++at_;
            }
        }
        return std::move(code_);
    }

  private:
    bool starts(std::string_view what) const { return text_.substr(at_).starts_with(what); }

    void blank(std::size_t from, std::size_t to) {
        for (std::size_t i = from; i < std::min(to, code_.size()); ++i) {
            if (code_[i] != '\n') code_[i] = ' ';
        }
    }

    void blank_until(std::string_view end, std::size_t keep_going) {
        const std::size_t found = text_.find(end, at_ + keep_going);
        const std::size_t stop =
            found == std::string_view::npos ? text_.size() : found + keep_going;
        blank(at_, stop);
        at_ = stop;
    }

    /// The quotes stay, so that a literal is still an operand.
    void blank_literal(char quote) {
        std::size_t end = at_ + 1;
        while (end < text_.size() && text_[end] != quote && text_[end] != '\n') {
            end += text_[end] == '\\' ? 2U : 1U;
        }
        blank(at_ + 1, end);
        at_ = end + 1;
    }

    bool raw() const { return at_ > 0 && text_[at_ - 1] == 'R' && (at_ < 2 || raw_prefix()); }

    bool raw_prefix() const {
        const char before = text_[at_ - 2];
        return !is_word(before) || before == '8' || before == 'u' || before == 'U' || before == 'L';
    }

    void blank_raw() {
        const std::size_t open = text_.find('(', at_);
        if (open == std::string_view::npos) {
            at_ = text_.size();
            return;
        }
        const std::string end = ")" + std::string(text_.substr(at_ + 1, open - at_ - 1)) + "\"";
        const std::size_t found = std::min(text_.find(end, open), text_.size());
        blank(at_ + 1, found + end.size() - 1);
        at_ = found + end.size();
    }

    /// 1'000, 0xFF'FF: the word around the quote begins with a digit.
    bool separates_digits() const {
        std::size_t begin = at_;
        while (begin > 0 && (is_word(text_[begin - 1]) || text_[begin - 1] == '\'')) --begin;
        return begin < at_ && std::isdigit(static_cast<unsigned char>(text_[begin])) != 0;
    }

    std::string_view text_;
    std::string code_;
    std::size_t at_ = 0;
};

/// Blanks preprocessor lines, whose braces need not be pairs.
void blank_directives(std::string& code) {
    bool continued = false;
    std::size_t begin = 0;
    while (begin < code.size()) {
        const std::size_t end = std::min(code.find('\n', begin), code.size());
        const std::size_t first = code.find_first_not_of(" \t", begin);
        const bool directive = continued || (first < end && code[first] == '#');
        continued = directive && end > begin && code[end - 1] == '\\';
        if (directive) code.replace(begin, end - begin, end - begin, ' ');
        begin = end + 1;
    }
}

/// Follows the braces of a text that has only code.
class BraceCounter {
  public:
    explicit BraceCounter(std::string_view code) : code_(code) {}

    std::vector<Function> run() && {
        for (at_ = 0; at_ < code_.size(); ++at_) {
            switch (code_[at_]) {
                case '(':
                    ++parentheses_;
                    break;
                case ')':
                    --parentheses_;
                    break;
                case ';':
                    if (parentheses_ == 0 && function_depth_ == 0) head_ = at_ + 1;
                    break;
                case '{':
                    open();
                    break;
                case '}':
                    close();
                    break;
                default:
                    break;
            }
        }
        return std::move(found_);
    }

  private:
    void open() {
        ++depth_;
        if (function_depth_ != 0) return;
        const std::string_view head = code_.substr(head_, at_ - head_);
        if (head.find(')') != std::string_view::npos) {
            function_depth_ = depth_;
            function_begin_ = head_ + std::min(head.find('('), head.size());
        } else {
            outer_parentheses_.push_back(parentheses_);
            parentheses_ = 0;
            head_ = at_ + 1;
        }
    }

    void close() {
        if (function_depth_ == depth_) {
            record();
            function_depth_ = 0;
            head_ = at_ + 1;
        } else if (function_depth_ == 0 && !outer_parentheses_.empty()) {
            parentheses_ = outer_parentheses_.back();
            outer_parentheses_.pop_back();
            head_ = at_ + 1;
        }
        if (depth_ > 0) --depth_;
    }

    void record() {
        const std::size_t line = line_at(code_, function_begin_);
        const std::size_t begin = code_.rfind('\n', function_begin_) + 1;
        const std::size_t end = std::min(code_.find('\n', function_begin_), code_.size());
        found_.push_back({.line = line,
                          .lines = line_at(code_, at_) - line + 1,
                          .head = std::string(code_.substr(begin, end - begin))});
    }

    std::string_view code_;
    std::size_t at_ = 0;
    std::size_t head_ = 0;            ///< where the text before the next brace begins
    std::size_t depth_ = 0;           ///< braces that are open
    std::size_t function_depth_ = 0;  ///< depth_ of the function we are in; 0: in none
    std::size_t function_begin_ = 0;
    int parentheses_ = 0;  ///< open ones since the innermost brace outside of functions
    std::vector<int> outer_parentheses_;
    std::vector<Function> found_;
};

}  // namespace

std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error(path + ": cannot be read");
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<SourceFile> project_sources() {
    std::vector<SourceFile> sources;
    for (const char* top : kTops) {
        for (const auto& entry : std::filesystem::recursive_directory_iterator(top)) {
            const std::string extension = entry.path().extension().string();
            if (extension == ".cpp" || extension == ".hpp" || extension == ".h") {
                const std::string path = entry.path().generic_string();
                sources.push_back({path, read_file(path)});
            }
        }
    }
    std::sort(sources.begin(), sources.end(),
              [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
    return sources;
}

std::string code_only(std::string_view text) { return Blanker(text).run(); }

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::vector<Include> includes_of(std::string_view text) {
    const std::string code = code_only(text);
    const std::vector<std::string_view> code_lines = lines_of(code);
    const std::vector<std::string_view> lines = lines_of(text);
    std::vector<Include> includes;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::size_t hash = code_lines[i].find_first_not_of(" \t");
        if (hash == std::string_view::npos || code_lines[i][hash] != '#') continue;
        const std::size_t word = code_lines[i].find_first_not_of(" \t", hash + 1);
        if (word == std::string_view::npos) continue;
        if (!code_lines[i].substr(word).starts_with("include")) continue;
        const std::size_t begin = lines[i].find_first_of("<\"", word);
        if (begin == std::string_view::npos) continue;
        const bool quoted = lines[i][begin] == '"';
        const std::size_t end = lines[i].find(quoted ? '"' : '>', begin + 1);
        if (end == std::string_view::npos) continue;
        includes.push_back({i + 1, std::string(lines[i].substr(begin, end - begin + 1)), quoted});
    }
    return includes;
}

std::vector<Function> functions_of(std::string_view text) {
    std::string code = code_only(text);
    blank_directives(code);
    return BraceCounter(code).run();
}

std::vector<std::size_t> lines_with(std::string_view text, std::string_view word) {
    std::vector<std::size_t> lines;
    for (std::size_t at = text.find(word); at != std::string_view::npos;
         at = text.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        const bool begins = at == 0 || !is_word(text[at - 1]) || !is_word(word.front());
        const bool ends = end >= text.size() || !is_word(text[end]) || !is_word(word.back());
        if (begins && ends) lines.push_back(line_at(text, at));
    }
    return lines;
}

std::string list(const std::vector<std::string>& entries) {
    std::string text;
    for (const std::string& entry : entries) text += "\n  " + entry;
    return text;
}

}  // namespace qmgr::meta
