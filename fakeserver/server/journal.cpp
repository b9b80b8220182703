#include "fakeserver/server/journal.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string_view>
#include <system_error>
#include <utility>

#include "fakeserver/effect_table.hpp"

namespace qmgr::inline v0::fakeserver {
namespace {

std::string_view word_of(Ending ending) {
    switch (ending) {
        case Ending::KeepAlive:
            return "KeepAlive";
        case Ending::Close:
            return "Close";
        case Ending::HalfClose:
            return "HalfClose";
        case Ending::Reset:
            return "Reset";
        case Ending::Stall:
            return "Stall";
    }
    return "";
}

bool is_secret(std::string_view name) {
    constexpr std::array<std::string_view, 2> kSecret{"Authorization", "Proxy-Authorization"};
    return std::ranges::any_of(kSecret, [name](auto secret) { return same_word(secret, name); });
}

nlohmann::ordered_json json_of(const std::vector<Header>& headers) {
    auto list = nlohmann::ordered_json::array();
    for (const Header& header : headers) {
        list.push_back(
            {{"name", header.name}, {"value", is_secret(header.name) ? "***" : header.value}});
    }
    return list;
}

nlohmann::ordered_json json_of(const std::vector<AppliedFault>& faults) {
    auto list = nlohmann::ordered_json::array();
    for (const AppliedFault& fault : faults) {
        list.push_back({{"effect", effect_row(fault.effect).name}, {"byte", fault.wire_byte}});
    }
    return list;
}

}  // namespace

std::string to_json_text(const ServedRequest& served) {
    const nlohmann::ordered_json json{{"connection", served.request.connection},
                                      {"request", served.request.number},
                                      {"method", served.request.method},
                                      {"path", served.request.path},
                                      {"version", served.request.version},
                                      {"headers", json_of(served.request.headers)},
                                      {"status", served.status},
                                      {"rule", served.rule},
                                      {"faults", json_of(served.faults)},
                                      {"body_bytes_sent", served.body_bytes_sent},
                                      {"ending", word_of(served.ending)}};
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Journal::Journal(std::string path) : path_(std::move(path)), file_(path_, std::ios::app) {
    if (!file_) {
        throw JournalError(path_ + ": " + std::generic_category().message(errno));
    }
}

void Journal::write(const ServedRequest& served) {
    file_.clear();
    // A line of which only the beginning found room is ended first.
    file_ << (is_torn_ ? "\n" : "") << to_json_text(served) << '\n' << std::flush;
    is_torn_ = !file_;
    if (is_torn_ && !has_complained_) {
        has_complained_ = true;
        std::cerr << "qmgr-fakeserver: " << path_ << ": " << std::generic_category().message(errno)
                  << "; requests are missing in it" << std::endl;
    }
}

}  // namespace qmgr::inline v0::fakeserver
