// What a planned fault means to the fake server: its numbers become the parameters that its effect
// reads, so that a new row of the effect table is planned without a line here.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "fakeserver/effect_table.hpp"
#include "propertytests/plan.hpp"
#include "propertytests/site.hpp"

namespace qmgr::propertytests {
namespace {

using fakeserver::Effect;
using fakeserver::Fault;
using fakeserver::Parameter;
using fakeserver::Where;

template <std::size_t N, class T>
const T& one_of(const std::array<T, N>& all, std::uint32_t number) {
    return all[number % N];
}

constexpr std::array kAnswers = {503, 404, 500, 403, 429, 200, 204, 206, 301, 304, 400,
                                 401, 405, 407, 408, 410, 412, 416, 501, 502, 504, 599};
constexpr std::array kRedirects = {302, 301, 303, 307, 308, 300};
constexpr std::array kInterims = {103, 100, 102};
constexpr std::array kDemands = {401, 407};
// The last one is longer than Policy::stall_timeout.
constexpr std::array<std::uint64_t, 5> kDelaysMs = {1, 30, 400, 4'000, 6'000};
constexpr std::array<std::uint64_t, 6> kAmounts = {1, 10, 100, 999, 1'000, 200'000};
constexpr std::array<std::uint64_t, 3> kCounts = {1, 3, 11};
// Beginning, middle and end of each size, and beyond; a byte of the large file's later writes.
constexpr std::array<std::uint64_t, 9> kBytes = {0,       1,         500,       999,      1'000,
                                                 150'000, 1'048'576, 2'000'000, 2'499'999};
// As many chunks of a large file as the client's buffers have.
constexpr std::array<std::uint64_t, 3> kChunkBytes = {400, 70'000, 1'000'000};
constexpr std::array<std::uint64_t, 3> kRates = {300'000, 2'000'000, 20'000'000};
constexpr std::array<std::string_view, 6> kNames = {"Last-Modified", "ETag", "Accept-Ranges",
                                                    "Content-Range", "Date", "Content-Type"};
constexpr std::array<std::string_view, 4> kLabels = {"gzip", "identity", "br", "x"};
constexpr std::array<std::string_view, 10> kLocations = {"/small",
                                                         "/large",
                                                         "http://{host}/middle",
                                                         "https://{host}/secure",
                                                         "http://nowhere.test/small",
                                                         "/hop/{n}",
                                                         "ftp://{host}/small",
                                                         "/missing",
                                                         "",
                                                         "small?once more"};
// Seeds that no version of the site has, and dates of the second half of its day.
constexpr std::uint64_t kFirstSeed = 1'000'000;
constexpr std::uint32_t kHalfDay = 43'200;

fakeserver::Point point_of(const PlannedFault& planned, const fakeserver::Points& points) {
    const std::uint32_t number = planned.at / 8;
    const std::uint64_t byte = one_of(kBytes, number);
    const std::uint32_t place = planned.at % 8;
    if (points.connection && place == 0) return {Where::Accept, 0};
    if (points.connection && place == 1) return {Where::Handshake, number % 100};
    if (points.end && place == 2) return {Where::End, 0};
    if (points.head && place <= 4) return {Where::Head, number % 120};
    return {Where::Body, byte};
}

int status_of(const fakeserver::ParameterUse& use, Effect effect, std::uint32_t number) {
    if (use.most < 200) return one_of(kInterims, number);
    if (use.least == 401) return one_of(kDemands, number);
    return effect == Effect::Redirect ? one_of(kRedirects, number) : one_of(kAnswers, number);
}

std::vector<fakeserver::Header> headers_of(Effect effect, std::uint32_t number) {
    if (effect != Effect::RespondStatus) return {{"Via", "1.1 proxy"}};
    return {{"Retry-After", std::to_string(number % 200)}};
}

fakeserver::Delay delay_of(std::uint32_t number) {
    return {.kind = fakeserver::Delay::Kind::Fixed, .ms = one_of(kDelaysMs, number)};
}

void set(Fault& fault, const fakeserver::ParameterUse& use, const PlannedFault& planned) {
    const std::uint32_t number = planned.at;
    const auto bounded = [&](std::uint64_t wish) { return std::clamp(wish, use.least, use.most); };
    switch (use.parameter) {
        case Parameter::At:
            fault.at = point_of(planned, fakeserver::effect_row(fault.effect).points);
            break;
        case Parameter::Status:
            fault.status = status_of(use, fault.effect, number);
            break;
        case Parameter::Headers:
            fault.headers = headers_of(fault.effect, number);
            break;
        case Parameter::Body:
            fault.body = "no\n";
            break;
        case Parameter::Name:
            fault.name = one_of(kNames, number);
            break;
        case Parameter::Value:
            fault.value = one_of(kLabels, number);
            break;
        case Parameter::Location:
            fault.location = one_of(kLocations, number);
            break;
        case Parameter::User:
            fault.user = "u";
            break;
        case Parameter::Password:
            fault.password = "p";
            break;
        case Parameter::DelayMs:
            fault.delay = delay_of(number);
            break;
        case Parameter::Bytes:
            fault.bytes = bounded(std::min(one_of(kAmounts, number), std::uint64_t{5'000}));
            break;
        case Parameter::Count:
            fault.count = bounded(one_of(kCounts, number));
            break;
        case Parameter::ChunkBytes:
            fault.chunk_bytes = one_of(kChunkBytes, number);
            break;
        case Parameter::BytesPerSecond:
            fault.bytes_per_second = one_of(kRates, number);
            break;
        case Parameter::Slices:
            fault.slices = {one_of(kAmounts, number) + 50'000, 400'000};
            break;
        case Parameter::Chance:
            fault.chance = {1, 4};
            break;
        case Parameter::Seed:
            fault.seed = kFirstSeed + number % 50;
            break;
        case Parameter::Size:
            if (number % 3 == 0) fault.size = one_of(kBytes, number / 3);
            break;
        case Parameter::LastModified:
            fault.last_modified = http_date_of(kHalfDay + number % kHalfDay);
            break;
        case Parameter::Etag:
            if (number % 2 == 0) fault.etag = "\"two\"";
            break;
    }
}

// Packing a large body would take longer than all the rest of a run.
bool packs(Effect effect) { return effect >= Effect::Gzip && effect <= Effect::GzipTwice; }

fakeserver::Match match_of(const PlannedFault& planned, const Fault& fault) {
    fakeserver::Match match;
    if (fakeserver::is_of_connection(fault)) {
        if (planned.which != 0) match.connection = planned.which;
        return match;
    }
    if (planned.which == 1) match.method = "HEAD";
    if (planned.which == 0 || planned.which == 3) match.method = "GET";
    if (planned.which == 3) match.has_range = true;
    if (planned.resource < kResources) match.path = path_of(planned.resource);
    if (packs(fault.effect)) match.path = path_of(static_cast<std::size_t>(SiteFile::Small));
    return match;
}

}  // namespace

fakeserver::FaultRule rule_of(const PlannedFault& planned, std::size_t number, std::uint64_t seed) {
    Fault fault;
    fault.effect = static_cast<Effect>(planned.effect);
    for (const fakeserver::ParameterUse& use : fakeserver::effect_row(fault.effect).parameters)
        set(fault, use, planned);
    fakeserver::FaultRule rule;
    rule.name = fmt::format("fault-{}", number);
    rule.match = match_of(planned, fault);
    rule.faults = {fault};
    if (planned.times != 0) rule.times = planned.times;
    rule.seed = seed;
    return rule;
}

std::vector<fakeserver::FaultRule> rules_of(const Plan& plan) {
    std::vector<fakeserver::FaultRule> rules;
    for (const PlannedFault& fault : plan.faults)
        rules.push_back(rule_of(fault, rules.size(), plan.seed));
    return rules;
}

fakeserver::Script script_of(const Plan& plan) {
    return {.title = "property tests",
            .why = "A plan drew these faults.",
            .resources = Site().resources(),
            .rules = rules_of(plan)};
}

std::string to_text(const PlannedFault& fault) {
    constexpr std::array<std::string_view, 4> whichs = {"GET", "HEAD", "every request",
                                                        "GET of a range"};
    const std::string_view of =
        fault.resource < kResources ? path_of(fault.resource) : "every resource";
    return fmt::format(
        "{} of {} ({}), {}, at {}", fakeserver::effect_row(static_cast<Effect>(fault.effect)).name,
        of, whichs.at(fault.which),
        fault.times == 0 ? "always" : fmt::format("{} times", fault.times), fault.at);
}

// Besides the two that are there for it, those that lie alike in HEAD and GET, or in the body
// alone: nothing in any head is wrong then.
bool may_break_bytes(std::uint8_t effect) {
    const auto one = static_cast<Effect>(effect);
    return one == Effect::SameDateOtherBytes || one == Effect::CorruptBytes ||
           one == Effect::GzipUnlabelled || one == Effect::LengthTooSmall ||
           one == Effect::RangeOtherBytes;
}

bool may_break_bytes(const Plan& plan) {
    return std::any_of(plan.faults.begin(), plan.faults.end(),
                       [](const PlannedFault& fault) { return may_break_bytes(fault.effect); });
}

}  // namespace qmgr::propertytests
