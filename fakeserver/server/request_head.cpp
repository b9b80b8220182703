// cpp-httplib 0.11.4 parses the head and routes it to one catch-all that keeps the Request and
// mutes the library's own answer: our plans are played on the socket afterwards. Three habits of
// the library are worked around here:
// - Its header map loses the order of lines, so the lines are taken from the head itself.
// - It answers a Range it does not like with 416, and Expect with 100, before any handler is asked:
//   these two lines are kept from it.
// - It refuses descriptors from FD_SETSIZE on: our stream shows it none.
#include "fakeserver/server/request_head.hpp"

#include <httplib.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>
#include <string>
#include <utility>

namespace qmgr::inline v0::fakeserver {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

/// Reads from memory; keeps the start of what is written.
class HeadStream : public httplib::Stream {
  public:
    explicit HeadStream(std::string head) : head_(std::move(head)) {}

    bool is_readable() const override { return true; }
    bool is_writable() const override { return true; }
    ssize_t read(char* to, size_t size) override {
        const std::size_t count = head_.copy(to, size, position_);
        position_ += count;
        return static_cast<ssize_t>(count);
    }
    ssize_t write(const char* from, size_t size) override {
        constexpr std::size_t kEnough = 64;
        written_.append(from, std::min(size, kEnough - std::min(kEnough, written_.size())));
        return static_cast<ssize_t>(size);
    }
    void get_remote_ip_and_port(std::string& /*ip*/, int& /*port*/) const override {}
    void get_local_ip_and_port(std::string& /*ip*/, int& /*port*/) const override {}
    socket_t socket() const override { return INVALID_SOCKET; }

    const std::string& written() const { return written_; }

  private:
    std::string head_;
    std::size_t position_ = 0;
    std::string written_;
};

/// The status in the library's own refusal, "HTTP/1.1 414 …"; 400 when it wrote none.
int status_of(std::string_view answer) {
    constexpr std::size_t kStatusAt = 9;
    int status = 0;
    if (answer.size() > kStatusAt) {
        std::from_chars(answer.data() + kStatusAt, answer.data() + answer.size(), status);
    }
    return status >= 400 ? status : 400;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlank = " \t";
    text.remove_prefix(std::min(text.find_first_not_of(kBlank), text.size()));
    return text.substr(0, text.find_last_not_of(kBlank) + 1);
}

/// "Name: value", or nothing.
std::optional<Header> header_of(std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) {
        return std::nullopt;
    }
    return Header{.name = std::string(trimmed(line.substr(0, colon))),
                  .value = std::string(trimmed(line.substr(colon + 1)))};
}

bool is_kept_from_library(const std::optional<Header>& header) {
    return header && (same_word(header->name, "Range") || same_word(header->name, "Expect"));
}

/// A line that goes on with the header before it, as it was allowed until 2014.
bool is_folded(std::string_view line) { return line.starts_with(' ') || line.starts_with('\t'); }

/// What stands before the first blank, and what stands between it and the second.
struct RequestLine {
    std::string method{};
    std::string target{};
};

RequestLine request_line_of(std::string_view line) {
    const std::size_t first = std::min(line.find(' '), line.size());
    const std::size_t second = std::min(line.find(' ', first + 1), line.size());
    return {.method = std::string(line.substr(0, first)),
            .target = std::string(line.substr(std::min(first + 1, second), second - first - 1))};
}

/// RFC 9110, 5.6.2: what a method is made of, beside letters and digits.
constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";

bool is_token(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
               kMarks.find(c) != std::string_view::npos;
    });
}

/// As a client writes it to a proxy: "http://host/path".
bool is_absolute(const std::string& target) {
    return !target.starts_with('/') && target.find("://") != std::string::npos;
}

std::string origin_form(const std::string& target) {
    if (!is_absolute(target)) {
        return target;
    }
    const std::size_t rest = target.find_first_of("/?", target.find("://") + 3);
    if (rest == std::string::npos) {
        return "/";
    }
    return (target[rest] == '?' ? "/" : "") + target.substr(rest);
}

}  // namespace

class HeadReader::Parser : public httplib::Server {
  public:
    Parser() {
        set_pre_routing_handler([](const httplib::Request& /*request*/, httplib::Response& answer) {
            answer.status = 200;
            return HandlerResponse::Handled;
        });
    }

    /// Calls `take` with the parsed request, or gives back the library's refusal.
    template <typename Take>
    Refusal process(std::string head, const Take& take) {
        HeadStream stream(std::move(head));
        bool closed = false;
        process_request(stream, true, closed,
                        [&take](const httplib::Request& request) { take(request); });
        return {.status = status_of(stream.written())};
    }
};

HeadReader::HeadReader() : parser_(std::make_unique<Parser>()) {}
HeadReader::~HeadReader() = default;

std::variant<Request, Refusal> HeadReader::read(std::string_view head) {
    std::size_t start = std::min(head.find(kLineEnd), head.size() - kLineEnd.size());
    start += kLineEnd.size();
    const RequestLine asked = request_line_of(head.substr(0, start));
    // The library knows a dozen methods and one question mark; any other is none of its business.
    std::string for_library(head.substr(0, start));
    if (is_token(asked.method)) {
        std::ranges::replace(for_library, '?', '_');
        for_library.replace(0, asked.method.size(), "GET");
    }
    std::vector<Header> headers;
    while (start < head.size()) {
        const std::size_t end = std::min(head.find(kLineEnd, start), head.size());
        const std::string_view line = head.substr(start, end - start);
        std::optional<Header> header = is_folded(line) ? std::nullopt : header_of(line);
        if (!is_kept_from_library(header)) {
            for_library.append(line).append(kLineEnd);
        }
        if (is_folded(line) && !headers.empty()) {
            headers.back().value.append(" ").append(trimmed(line));
        } else if (header) {
            headers.push_back(std::move(*header));
        }
        start = end + kLineEnd.size();
    }
    std::optional<Request> request;
    const Refusal refusal =
        parser_->process(std::move(for_library), [&](const httplib::Request& parsed) {
            request = Request{.method = asked.method,
                              .path = origin_form(asked.target),
                              .headers = std::move(headers),
                              .version = parsed.version,
                              .proxied = is_absolute(asked.target)};
        });
    if (request) {
        return std::move(*request);
    }
    return refusal;
}

}  // namespace qmgr::inline v0::fakeserver
