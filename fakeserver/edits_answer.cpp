#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fakeserver/body_steps.hpp"
#include "fakeserver/credentials.hpp"
#include "fakeserver/edits.hpp"
#include "fakeserver/honest_plan.hpp"

namespace qmgr::inline v0::fakeserver::edit {
namespace {

constexpr Point kHead{.where = Where::Head, .byte = 0};
constexpr Point kBody{.where = Where::Body, .byte = 0};

bool has(const std::vector<Header>& headers, std::string_view name) {
    return find_header(headers, name).has_value();
}

/// RFC 9110, 8.6: no Content-Length on these.
bool never_has_length(int status) { return status < 200 || status == 204 || status == 304; }

ResponsePlan answer_of(const Request& request, const Fault& fault) {
    ResponsePlan plan = plain_plan(request, fault.status);
    plan.headers.insert(plan.headers.begin(), fault.headers.begin(), fault.headers.end());
    if (!never_has_length(fault.status) && !has(fault.headers, "Content-Length") &&
        !has(fault.headers, "Transfer-Encoding")) {
        plan.headers.insert(plan.headers.begin(),
                            {"Content-Length", std::to_string(fault.body.size())});
    }
    if (!fault.body.empty() && request.method != "HEAD") {
        plan.body.emplace_back(Literal{fault.body});
    }
    return plan;
}

void replace_all(std::string& text, std::string_view mark, const std::string& value) {
    for (std::size_t at = text.find(mark); at != std::string::npos;
         at = text.find(mark, at + value.size())) {
        text.replace(at, mark.size(), value);
    }
}

/// The challenge goes out with the status of the fault: 407 is a proxy's.
Happened demand(const Fault& fault, Situation& situation, std::string challenge) {
    Fault answer{.status = fault.status == 0 ? 401 : fault.status};
    answer.headers.push_back(
        {fault.status == 407 ? "Proxy-Authenticate" : "WWW-Authenticate", std::move(challenge)});
    return respond_status(answer, situation);
}

std::string_view credentials_of(const Fault& fault, const Request& request) {
    return find_header(request.headers,
                       fault.status == 407 ? "Proxy-Authorization" : "Authorization")
        .value_or("");
}

Request without(const Request& request, std::initializer_list<std::string_view> names) {
    Request rest = request;
    std::erase_if(rest.headers, [names](const Header& header) {
        return std::ranges::any_of(
            names, [&header](std::string_view name) { return same_word(header.name, name); });
    });
    return rest;
}

/// Answers with other bytes than the range that was asked for, and says so unless `says` is set.
Happened serve_range(Situation& situation, ByteRange range, std::optional<std::string> says = {}) {
    const Resource& resource = *situation.resource;
    const std::string honest = "bytes " + std::to_string(range.first) + "-" +
                               std::to_string(range.last) + "/" + std::to_string(resource.size);
    situation.plan = part_plan(situation.request, resource, range, says.value_or(honest));
    return kHead;
}

std::optional<ByteRange> asked(const Situation& situation) {
    return served_range(situation.request, situation.resource);
}

std::string range_words(ByteRange range, const std::string& total) {
    return "bytes " + std::to_string(range.first) + "-" + std::to_string(range.last) + "/" + total;
}

Resource changed(const Fault& fault, Resource resource) {
    resource.seed = fault.seed.value_or(resource.seed);
    resource.size = fault.size.value_or(resource.size);
    if (fault.last_modified) {
        resource.last_modified = fault.last_modified;
    }
    if (fault.etag) {
        resource.etag = fault.etag;
    }
    return resource;
}

}  // namespace

Happened respond_status(const Fault& fault, Situation& situation) {
    situation.plan = answer_of(situation.request, fault);
    return kHead;
}

Happened redirect(const Fault& fault, Situation& situation) {
    std::string location = fault.location;
    replace_all(location, "{n}", std::to_string(situation.hits + 1));
    std::string host(find_header(situation.request.headers, "Host").value_or("localhost"));
    std::erase_if(host, [](char c) { return c <= ' '; });  // no line of its own making
    replace_all(location, "{host}", host);
    Fault answer{.status = fault.status == 0 ? 302 : fault.status};
    answer.headers.push_back({"Location", std::move(location)});
    return respond_status(answer, situation);
}

Happened demand_basic(const Fault& fault, Situation& situation) {
    constexpr std::size_t kScheme = 6;  // "Basic "
    const std::string_view given = credentials_of(fault, situation.request);
    const std::string right = basic_credentials(fault.user, fault.password);
    if (same_word(given.substr(0, kScheme), right.substr(0, kScheme)) &&
        given.substr(std::min(given.size(), kScheme)) == right.substr(kScheme)) {
        return std::nullopt;
    }
    return demand(fault, situation, "Basic realm=\"fakeserver\"");
}

Happened demand_digest(const Fault& fault, Situation& situation) {
    // The rule remembers how many requests it has let pass: from that follows which nonce is good.
    const std::uint64_t uses = fault.count.value_or(0);
    const auto nonce = [&] {
        return digest_nonce(situation.nonce_key, uses == 0 ? 0 : situation.memory / uses);
    };
    const auto proven = proven_nonce(credentials_of(fault, situation.request),
                                     situation.request.method, fault.user, fault.password);
    if (proven == nonce()) {
        ++situation.memory;
        return std::nullopt;
    }
    return demand(fault, situation, digest_challenge(nonce(), proven.has_value()));
}

Happened ignore_range(const Fault& /*fault*/, Situation& situation) {
    if (situation.plan.status != 206 && situation.plan.status != 416) {
        return std::nullopt;
    }
    situation.plan = honest_plan(without(situation.request, {"Range"}), situation.resource);
    return kHead;
}

Happened range_earlier(const Fault& fault, Situation& situation) {
    const auto range = asked(situation);
    if (!range || range->first < *fault.bytes) {
        return std::nullopt;
    }
    return serve_range(situation, {.first = range->first - *fault.bytes, .last = range->last});
}

Happened range_later(const Fault& fault, Situation& situation) {
    const auto range = asked(situation);
    if (!range || range->last - range->first < *fault.bytes) {
        return std::nullopt;
    }
    return serve_range(situation, {.first = range->first + *fault.bytes, .last = range->last});
}

Happened range_too_long(const Fault& fault, Situation& situation) {
    const auto range = asked(situation);
    if (!range || situation.resource->size - 1 - range->last < *fault.bytes) {
        return std::nullopt;
    }
    return serve_range(situation, {.first = range->first, .last = range->last + *fault.bytes});
}

Happened range_too_short(const Fault& fault, Situation& situation) {
    const auto range = asked(situation);
    if (!range || range->last - range->first < *fault.bytes) {
        return std::nullopt;
    }
    return serve_range(situation, {.first = range->first, .last = range->last - *fault.bytes});
}

Happened range_wrong_total(const Fault& fault, Situation& situation) {
    const auto range = asked(situation);
    if (!range) {
        return std::nullopt;
    }
    const std::string total = std::to_string(situation.resource->size + *fault.bytes);
    return serve_range(situation, *range, range_words(*range, total));
}

Happened range_unknown_total(const Fault& /*fault*/, Situation& situation) {
    const auto range = asked(situation);
    return range ? serve_range(situation, *range, range_words(*range, "*")) : std::nullopt;
}

Happened range_other_bytes(const Fault& fault, Situation& situation) {
    const auto range = asked(situation);
    if (!range || range->first < *fault.bytes) {
        return std::nullopt;
    }
    const ByteRange sent{.first = range->first - *fault.bytes, .last = range->last - *fault.bytes};
    serve_range(situation, sent, range_words(*range, std::to_string(situation.resource->size)));
    return kBody;
}

Happened range_unnamed(const Fault& /*fault*/, Situation& situation) {
    const auto range = asked(situation);
    if (!range) {
        return std::nullopt;
    }
    serve_range(situation, *range);
    std::erase_if(situation.plan.headers,
                  [](const Header& header) { return same_word(header.name, "Content-Range"); });
    return kHead;
}

Happened range_as_200(const Fault& fault, Situation& situation) {
    const Happened happened = range_unnamed(fault, situation);
    if (happened) {
        situation.plan.status = 200;
        situation.plan.reason = reason_of(200);
    }
    return happened;
}

Happened range_multipart(const Fault& /*fault*/, Situation& situation) {
    const auto range = asked(situation);
    if (!range) {
        return std::nullopt;
    }
    serve_range(situation, *range);
    ResponsePlan& plan = situation.plan;
    const std::string words = range_words(*range, std::to_string(situation.resource->size));
    plan.body.insert(plan.body.begin(),
                     Literal{"--part\r\nContent-Type: application/octet-stream\r\n"
                             "Content-Range: " +
                             words + "\r\n\r\n"});
    plan.body.emplace_back(Literal{"\r\n--part--\r\n"});
    std::erase_if(plan.headers,
                  [](const Header& header) { return same_word(header.name, "Content-Range"); });
    for (Header& header : plan.headers) {
        if (same_word(header.name, "Content-Length")) {
            header.value = std::to_string(body_length(plan.body));
        } else if (same_word(header.name, "Content-Type")) {
            header.value = "multipart/byteranges; boundary=part";
        }
    }
    return kHead;
}

Happened false_416(const Fault& /*fault*/, Situation& situation) {
    if (!asked(situation)) {
        return std::nullopt;
    }
    Fault answer{.status = 416};
    answer.headers.push_back(
        {"Content-Range", "bytes */" + std::to_string(situation.resource->size)});
    return respond_status(answer, situation);
}

Happened change_content(const Fault& fault, Situation& situation) {
    if (situation.resource == nullptr) {
        return std::nullopt;
    }
    *situation.resource = changed(fault, *situation.resource);
    situation.plan = honest_plan(situation.request, situation.resource);
    return kHead;
}

Happened other_version(const Fault& fault, Situation& situation) {
    if (situation.resource == nullptr) {
        return std::nullopt;
    }
    const Resource other = changed(fault, *situation.resource);
    situation.plan = honest_plan(situation.request, &other);
    return kHead;
}

Happened same_date_other_bytes(const Fault& fault, Situation& situation) {
    return change_content(fault, situation) ? Happened(kBody) : std::nullopt;
}

Happened ignore_condition(const Fault& /*fault*/, Situation& situation) {
    ResponsePlan plan = honest_plan(without(situation.request, {"If-Unmodified-Since", "If-Range"}),
                                    situation.resource);
    if (plan == situation.plan) {
        return std::nullopt;
    }
    situation.plan = std::move(plan);
    return kHead;
}

}  // namespace qmgr::inline v0::fakeserver::edit
