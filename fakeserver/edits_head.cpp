#include <algorithm>
#include <charconv>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "fakeserver/content.hpp"
#include "fakeserver/edits.hpp"
#include "fakeserver/honest_plan.hpp"

namespace qmgr::inline v0::fakeserver::edit {
namespace {

constexpr Point kHead{.where = Where::Head, .byte = 0};
constexpr std::string_view kLength = "Content-Length";
constexpr std::string_view kLineEnd = "\r\n";

Header* length_of(ResponsePlan& plan) {
    const auto found = std::ranges::find_if(
        plan.headers, [](const Header& header) { return same_word(header.name, kLength); });
    return plan.raw_head || found == plan.headers.end() ? nullptr : &*found;
}

std::optional<std::uint64_t> number_of(const Header& header) {
    std::uint64_t number = 0;
    const char* const end = header.value.data() + header.value.size();
    const auto read = std::from_chars(header.value.data(), end, number);
    return read.ec == std::errc() && read.ptr == end ? std::optional(number) : std::nullopt;
}

/// Puts `value` in place of the honest length, if there is one.
Happened say_length(Situation& situation, std::string value) {
    Header* const length = length_of(situation.plan);
    if (length == nullptr) {
        return std::nullopt;
    }
    length->value = std::move(value);
    return kHead;
}

/// Puts `line`, whole with its line end, after the status line.
Happened insert_line(Situation& situation, std::string_view line) {
    if (situation.plan.raw_head) {
        return std::nullopt;
    }
    std::string head = head_bytes(situation.plan);
    head.insert(head.find(kLineEnd) + kLineEnd.size(), line);
    situation.plan.raw_head = std::move(head);
    return kHead;
}

Happened say_status_line(Situation& situation, std::string_view line) {
    if (situation.plan.raw_head) {
        return std::nullopt;
    }
    std::string head = head_bytes(situation.plan);
    situation.plan.raw_head =
        std::string(line) + head.substr(head.find(kLineEnd) + (line.empty() ? 2 : 0));
    return kHead;
}

}  // namespace

Happened omit_length(const Fault& /*fault*/, Situation& situation) {
    ResponsePlan& plan = situation.plan;
    if (length_of(plan) == nullptr) {
        return std::nullopt;
    }
    std::erase_if(plan.headers,
                  [](const Header& header) { return same_word(header.name, kLength); });
    if (plan.ending == Ending::KeepAlive) {
        plan.headers.push_back({"Connection", "close"});
        plan.ending = Ending::Close;
    }
    return kHead;
}

Happened length_too_big(const Fault& fault, Situation& situation) {
    const Header* const length = length_of(situation.plan);
    const auto honest = length == nullptr ? std::nullopt : number_of(*length);
    return honest ? say_length(situation, std::to_string(*honest + *fault.bytes)) : std::nullopt;
}

Happened length_too_small(const Fault& fault, Situation& situation) {
    const Header* const length = length_of(situation.plan);
    const auto honest = length == nullptr ? std::nullopt : number_of(*length);
    if (!honest || *honest < *fault.bytes) {
        return std::nullopt;
    }
    return say_length(situation, std::to_string(*honest - *fault.bytes));
}

Happened length_twice(const Fault& fault, Situation& situation) {
    ResponsePlan& plan = situation.plan;
    const Header* const length = length_of(plan);
    const auto honest = length == nullptr ? std::nullopt : number_of(*length);
    if (!honest) {
        return std::nullopt;
    }
    const auto after = plan.headers.begin() + (length - plan.headers.data()) + 1;
    plan.headers.insert(after,
                        {std::string(kLength), std::to_string(*honest + fault.bytes.value_or(1))});
    return kHead;
}

Happened length_negative(const Fault& /*fault*/, Situation& situation) {
    const Header* const length = length_of(situation.plan);
    return length == nullptr
               ? std::nullopt
               : say_length(situation, length->value == "0" ? "-1" : "-" + length->value);
}

Happened length_huge(const Fault& /*fault*/, Situation& situation) {
    // 2 to the 64 needs 20 digits.
    return say_length(situation, "99999999999999999999999");
}

Happened length_not_a_number(const Fault& /*fault*/, Situation& situation) {
    return say_length(situation, "many");
}

Happened garbage_head(const Fault& fault, Situation& situation) {
    std::string garbage(*fault.bytes, '\0');
    fill_content(situation.key, 0, std::as_writable_bytes(std::span(garbage)));
    situation.plan.raw_head = std::move(garbage);
    situation.plan.body.clear();
    situation.plan.ending = Ending::Close;
    return kHead;
}

Happened no_status_line(const Fault& /*fault*/, Situation& situation) {
    return say_status_line(situation, "");
}

Happened bad_status(const Fault& /*fault*/, Situation& situation) {
    return say_status_line(situation, "HTTP/1.1 2OO OK");
}

Happened bad_version(const Fault& /*fault*/, Situation& situation) {
    return say_status_line(situation, "HTTP/9.9 200 OK");
}

Happened header_without_colon(const Fault& /*fault*/, Situation& situation) {
    return insert_line(situation, "This line has no colon\r\n");
}

Happened space_before_colon(const Fault& /*fault*/, Situation& situation) {
    Header* const length = length_of(situation.plan);
    if (length == nullptr) {
        return std::nullopt;
    }
    length->name += ' ';
    return kHead;
}

Happened bare_line_feeds(const Fault& /*fault*/, Situation& situation) {
    std::string head = head_bytes(situation.plan);
    std::erase(head, '\r');
    situation.plan.is_raw_head_readable =
        !situation.plan.raw_head || situation.plan.is_raw_head_readable;
    situation.plan.raw_head = std::move(head);
    return kHead;
}

Happened folded_header(const Fault& /*fault*/, Situation& situation) {
    const Happened happened = insert_line(situation, "X-Folded: one\r\n two\r\n");
    if (happened) {
        situation.plan.headers.insert(situation.plan.headers.begin(), {"X-Folded", "one two"});
        situation.plan.is_raw_head_readable = true;
    }
    return happened;
}

Happened nul_in_header(const Fault& /*fault*/, Situation& situation) {
    constexpr std::string_view kLine{"X-Nul: a\0b\r\n", 12};
    return insert_line(situation, kLine);
}

Happened long_header(const Fault& fault, Situation& situation) {
    return add_headers({.headers = {{"X-Long", std::string(*fault.bytes, 'a')}}}, situation);
}

Happened many_headers(const Fault& fault, Situation& situation) {
    std::vector<Header> headers;
    for (std::uint64_t i = 1; i <= *fault.count; ++i) {
        headers.push_back({"X-" + std::to_string(i), std::to_string(i)});
    }
    return add_headers({.headers = std::move(headers)}, situation);
}

Happened add_headers(const Fault& fault, Situation& situation) {
    if (situation.plan.raw_head) {
        return std::nullopt;
    }
    std::vector<Header>& headers = situation.plan.headers;
    headers.insert(headers.end(), fault.headers.begin(), fault.headers.end());
    return kHead;
}

Happened omit_header(const Fault& fault, Situation& situation) {
    const auto removed =
        situation.plan.raw_head
            ? 0
            : std::erase_if(situation.plan.headers, [&fault](const Header& header) {
                  return same_word(header.name, fault.name);
              });
    return removed == 0 ? Happened() : kHead;
}

Happened http10(const Fault& /*fault*/, Situation& situation) {
    if (situation.plan.raw_head) {
        return std::nullopt;
    }
    situation.plan.version = "HTTP/1.0";
    std::erase_if(situation.plan.headers,
                  [](const Header& header) { return same_word(header.name, "Connection"); });
    situation.plan.ending = Ending::Close;
    return kHead;
}

Happened interim(const Fault& fault, Situation& situation) {
    const ResponsePlan plan{.status = fault.status,
                            .reason = std::string(reason_of(fault.status)),
                            .headers = fault.headers};
    situation.plan.interims.insert(situation.plan.interims.end(), fault.count.value_or(1),
                                   head_bytes(plan));
    return kHead;
}

}  // namespace qmgr::inline v0::fakeserver::edit
