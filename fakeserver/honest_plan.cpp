#include "fakeserver/honest_plan.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "fakeserver/byte_range.hpp"

namespace qmgr::inline v0::fakeserver {
namespace {

struct ReasonRow {
    int status;
    std::string_view reason;
};

constexpr std::array kReasons{
    ReasonRow{100, "Continue"},
    ReasonRow{101, "Switching Protocols"},
    ReasonRow{102, "Processing"},
    ReasonRow{103, "Early Hints"},
    ReasonRow{200, "OK"},
    ReasonRow{204, "No Content"},
    ReasonRow{206, "Partial Content"},
    ReasonRow{301, "Moved Permanently"},
    ReasonRow{302, "Found"},
    ReasonRow{303, "See Other"},
    ReasonRow{304, "Not Modified"},
    ReasonRow{307, "Temporary Redirect"},
    ReasonRow{308, "Permanent Redirect"},
    ReasonRow{400, "Bad Request"},
    ReasonRow{401, "Unauthorized"},
    ReasonRow{403, "Forbidden"},
    ReasonRow{404, "Not Found"},
    ReasonRow{405, "Method Not Allowed"},
    ReasonRow{407, "Proxy Authentication Required"},
    ReasonRow{408, "Request Timeout"},
    ReasonRow{409, "Conflict"},
    ReasonRow{410, "Gone"},
    ReasonRow{412, "Precondition Failed"},
    ReasonRow{414, "URI Too Long"},
    ReasonRow{416, "Range Not Satisfiable"},
    ReasonRow{429, "Too Many Requests"},
    ReasonRow{431, "Request Header Fields Too Large"},
    ReasonRow{500, "Internal Server Error"},
    ReasonRow{501, "Not Implemented"},
    ReasonRow{502, "Bad Gateway"},
    ReasonRow{503, "Service Unavailable"},
    ReasonRow{504, "Gateway Timeout"},
    ReasonRow{505, "HTTP Version Not Supported"},
};

/// `word` as an element of a comma list.
bool lists(std::string_view list, std::string_view word) {
    constexpr std::string_view kBlank = " \t";
    while (true) {
        const std::size_t comma = list.find(',');
        std::string_view element = list.substr(0, comma);
        element.remove_prefix(std::min(element.find_first_not_of(kBlank), element.size()));
        element = element.substr(0, element.find_last_not_of(kBlank) + 1);
        if (same_word(element, word)) {
            return true;
        }
        if (comma == std::string_view::npos) {
            return false;
        }
        list.remove_prefix(comma + 1);
    }
}

bool wants_close(const Request& request) {
    const auto connection = find_header(request.headers, "Connection");
    return request.version == "HTTP/1.0" || (connection && lists(*connection, "close"));
}

/// RFC 9110, 13.1.5: a validator that is not ours means that the range is not to be served.
bool if_range_holds(const Request& request, const Resource& resource) {
    const auto validator = find_header(request.headers, "If-Range");
    return !validator || validator == resource.last_modified ||
           (validator == resource.etag && !validator->starts_with("W/"));
}

RangeAnswer asked_range(const Request& request, const Resource& resource) {
    const auto range = find_header(request.headers, "Range");
    if (request.method != "GET" || !range || !if_range_holds(request, resource)) {
        return {};
    }
    return read_range(*range, resource.size);
}

void add_resource_headers(std::vector<Header>& headers, const Resource& resource) {
    if (resource.last_modified) {
        headers.push_back({"Last-Modified", *resource.last_modified});
    }
    if (resource.etag) {
        headers.push_back({"ETag", *resource.etag});
    }
    headers.push_back({"Accept-Ranges", "bytes"});
    headers.push_back({"Content-Type", "application/octet-stream"});
}

/// Before what plain_plan has put there.
void put_first(ResponsePlan& plan, const std::vector<Header>& headers) {
    plan.headers.insert(plan.headers.begin(), headers.begin(), headers.end());
}

ResponsePlan without_body(const Request& request, int status, std::vector<Header> headers = {}) {
    ResponsePlan plan = plain_plan(request, status);
    headers.insert(headers.begin(), {"Content-Length", "0"});
    put_first(plan, headers);
    return plan;
}

/// RFC 9110, 13.1.4: a date that is not ours means that the client has another version.
bool condition_holds(const Request& request, const Resource& resource) {
    const auto date = find_header(request.headers, "If-Unmodified-Since");
    return !date || !resource.last_modified || *date == *resource.last_modified;
}

bool is_served(const Request& request) {
    return request.method == "GET" || request.method == "HEAD";
}

ResponsePlan slice_plan(const Request& request, const Resource& resource, int status, Slice slice,
                        const std::vector<Header>& range) {
    std::vector<Header> headers{{"Content-Length", std::to_string(slice.length)}};
    headers.insert(headers.end(), range.begin(), range.end());
    add_resource_headers(headers, resource);
    ResponsePlan plan = plain_plan(request, status);
    put_first(plan, headers);
    if (request.method == "GET" && slice.length != 0) {
        plan.body.emplace_back(slice);
    }
    return plan;
}

std::string content_range(ByteRange range, std::uint64_t size) {
    return "bytes " + std::to_string(range.first) + "-" + std::to_string(range.last) + "/" +
           std::to_string(size);
}

}  // namespace

std::string_view reason_of(int status) {
    for (const ReasonRow& row : kReasons) {
        if (row.status == status) {
            return row.reason;
        }
    }
    return {};
}

ResponsePlan part_plan(const Request& request, const Resource& resource, ByteRange range,
                       const std::string& content_range) {
    const Slice slice{
        .seed = resource.seed, .offset = range.first, .length = range.last - range.first + 1};
    return slice_plan(request, resource, 206, slice, {{"Content-Range", content_range}});
}

std::optional<ByteRange> served_range(const Request& request, const Resource* resource) {
    if (resource == nullptr || !is_served(request) || !condition_holds(request, *resource)) {
        return std::nullopt;
    }
    const RangeAnswer answer = asked_range(request, *resource);
    return answer.kind == RangeAnswer::Kind::Part ? std::optional(answer.range) : std::nullopt;
}

ResponsePlan plain_plan(const Request& request, int status) {
    ResponsePlan plan;
    plan.status = status;
    plan.reason = reason_of(status);
    if (wants_close(request)) {
        plan.headers.push_back({"Connection", "close"});
        plan.ending = Ending::Close;
    }
    return plan;
}

ResponsePlan honest_plan(const Request& request, const Resource* resource) {
    if (resource == nullptr) {
        return without_body(request, 404);
    }
    if (!is_served(request)) {
        return without_body(request, 405, {{"Allow", "GET, HEAD"}});
    }
    if (!condition_holds(request, *resource)) {
        return without_body(request, 412);
    }
    const RangeAnswer answer = asked_range(request, *resource);
    switch (answer.kind) {
        case RangeAnswer::Kind::Unsatisfiable:
            return without_body(request, 416,
                                {{"Content-Range", "bytes */" + std::to_string(resource->size)}});
        case RangeAnswer::Kind::Part:
            return part_plan(request, *resource, answer.range,
                             content_range(answer.range, resource->size));
        case RangeAnswer::Kind::Whole:
            break;
    }
    return slice_plan(request, *resource, 200,
                      {.seed = resource->seed, .offset = 0, .length = resource->size}, {});
}

}  // namespace qmgr::inline v0::fakeserver
