#include "reference/app/look.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "reference/contract/check.hpp"
#include "reference/engine/http_fields.hpp"
#include "reference/engine/names.hpp"

namespace qmgr {
namespace {

using Meaning = std::pair<std::string_view, std::string_view>;

constexpr std::string_view kEncoded =
    "The body is encoded (Content-Encoding) although the request allows identity only.";
constexpr std::string_view kTransient = "The server says that it cannot answer now.";
constexpr std::string_view kSilent =
    "No answer that can be read came, or its body ended before its length was reached.";
constexpr std::string_view kUnsized = "GET is answered without a Content-Length.";
constexpr std::string_view kTwoLengths =
    "The Content-Length is no number, or there are two different ones.";
constexpr std::string_view kPartToWhole =
    "A GET without Range is answered with a part (206). BITS asks the same again and again.";

constexpr std::array kMeanings = {
    Meaning{"R-01", "The size is known."},
    Meaning{"R-02",
            "The answer to HEAD is encoded (Content-Encoding): its length is not the "
            "file's."},
    Meaning{"R-03", "HEAD is answered without a usable Content-Length: the size stays unknown."},
    Meaning{"R-04", "HEAD is refused. qmgr goes on with one whole GET; Windows BITS may give up."},
    Meaning{"R-05", "HEAD is answered as if it had a range or a condition, and it has none."},
    Meaning{"R-06", "HEAD is answered with a failure that may pass."},
    Meaning{"R-07", "HEAD gets no answer that can be read."},
    Meaning{"R-08", "A redirect is followed."},
    Meaning{"R-09",
            "This redirect is not followed: there were too many of them, or it has no "
            "target, or one that is neither http nor https, or it leads from https to "
            "http."},
    Meaning{"R-10", "This status is final: it is not tried again."},
    Meaning{"R-11", "GET is refused."},
    Meaning{"R-12", kTransient},
    Meaning{"R-13", kTransient},
    Meaning{"R-14", kSilent},
    Meaning{"R-15", kSilent},
    Meaning{"R-16", "The server says that the file has changed (412) since the answer before."},
    Meaning{"R-17", "The range is refused (416), and the file has another size than before."},
    Meaning{"R-18", "A range within the file is refused (416)."},
    Meaning{"R-19", kTwoLengths},
    Meaning{"R-20", kEncoded},
    Meaning{"R-21", "The answer shows another size or Last-Modified than the one before."},
    Meaning{"R-22", "The body is taken."},
    Meaning{"R-23", kUnsized},
    Meaning{"R-24", kUnsized},
    Meaning{"R-25", "The range is ignored: the whole file comes instead of the part."},
    Meaning{"R-26", kPartToWhole},
    Meaning{"R-27", kPartToWhole},
    Meaning{"R-28", kTwoLengths},
    Meaning{"R-29", kEncoded},
    Meaning{"R-30", "The part is of another size or Last-Modified than the answer before."},
    Meaning{"R-31", "The part that was asked for is taken."},
    Meaning{"R-32",
            "The part is not the one that was asked for: its Content-Range is missing, or "
            "has another unit, start, end or length, or there are several parts."},
};

std::string consequence_of(Decision decision, const Policy& policy) {
    switch (decision) {
        case Decision::RetryNow:
        case Decision::RetryLater: {
            const auto wait = std::chrono::ceil<std::chrono::seconds>(policy.retry_delay).count();
            const auto limit =
                std::chrono::duration_cast<std::chrono::hours>(policy.no_progress_timeout).count();
            return fmt::format(
                " The job waits {} s and tries again, and after {} days without a byte it fails.",
                wait, limit / 24);
        }
        case Decision::StartOver:
            return " The file starts over from byte 0.";
        case Decision::GiveUp:
            return " The job fails.";
        case Decision::Learn:
        case Decision::FetchBlind:
        case Decision::Append:
        case Decision::Follow:
            break;
    }
    return "";
}

Verdict verdict_of(Decision decision) {
    switch (decision) {
        case Decision::Learn:
        case Decision::Append:
            return Verdict::Ok;
        case Decision::FetchBlind:
            return Verdict::Warning;
        case Decision::StartOver:
        case Decision::RetryNow:
        case Decision::RetryLater:
        case Decision::Follow:
        case Decision::GiveUp:
            break;
    }
    return Verdict::Fails;
}

struct Judgement {
    const ResponseRow* row;
    HResult code;
};

Judgement judge_silence(const FileRequest& request, const Response& response) {
    ResponseFacts facts;
    facts.asked = request.asked;
    const ResponseRow& row = row_for(kResponseTable, facts);
    return {&row, code_of(row, 0, code_of(response.failure))};
}

Judgement judge(const FileRequest& request, const Response& response, const Policy& policy) {
    if (response.status == 0) return judge_silence(request, response);
    const ResponseRow& row = row_for(kResponseTable, facts_of(request, head_of(response), policy));
    if (row.decision == Decision::Append) {
        const std::uint64_t promised = accepted_end(request, response) - request.begin;
        if (response.body_bytes < std::min(promised, kBodyLimitBytes))
            return judge_silence(request, response);
    }
    return {&row, code_of(row, response.status, HResult::Ok)};
}

Request wire_request(const FileRequest& request, const Policy& policy) {
    const bool is_head = request.asked == Asked::Head;
    const bool has_range = request.asked == Asked::FromStart || request.asked == Asked::FromMiddle;
    return {is_head ? "HEAD" : "GET", request.url, request_fields(policy, request),
            has_range ? std::min(kBodyLimitBytes, request.end - request.begin) : kBodyLimitBytes};
}

}  // namespace

std::string_view name(Verdict verdict) {
    static constexpr std::array<std::string_view, 5> names = {"ok", "warning", "foreground only",
                                                              "fails", "not asked"};
    return names.at(static_cast<std::size_t>(verdict));
}

std::string_view meaning_of(std::string_view row_label) {
    const auto* const found =
        std::find_if(kMeanings.begin(), kMeanings.end(),
                     [&](const Meaning& one) { return one.first == row_label; });
    QMGR_CHECK(found != kMeanings.end(), row_label);
    return found->second;
}

std::string_view words_for(TransportFailure failure) {
    static constexpr std::array<std::string_view, 6> words = {
        "the name of the server is not resolved",
        "no connection can be made",
        "the connection broke",
        "no byte came for the time allowed",
        "TLS failed: the server's certificate is not trusted, or it speaks no version we do",
        "what came is no HTTP response"};
    return words.at(static_cast<std::size_t>(failure));
}

bool was_read_to_its_end(const Exchange& exchange) {
    const Response& response = exchange.response;
    if (response.status == 0 || response.failure) return false;
    if (exchange.request.method == "HEAD" || response.body_bytes < exchange.request.limit_bytes)
        return true;
    const ContentLength length = content_length(response.headers);
    return length.kind == Length::Known && length.bytes == response.body_bytes;
}

event::ResponseStarted head_of(const Response& response) {
    return {{}, response.status, response.headers};
}

std::uint64_t accepted_end(const FileRequest& request, const Response& response) {
    if (came_of(response.status) == Came::Partial) return content_range(response.headers)->last + 1;
    const auto total = request.size ? request.size : told_total(head_of(response));
    const bool has_range = request.asked == Asked::FromStart;
    return has_range ? std::min(*total, request.end) : *total;
}

Look look_at(std::string name, std::vector<std::string> like, FileRequest request, const Ask& ask,
             const Policy& policy) {
    Exchange exchange;
    for (;;) {
        request.redirect_left = exchange.redirects.size() < policy.redirect_limit;
        exchange.request = wire_request(request, policy);
        exchange.response = ask(exchange.request);
        const Judgement judged = judge(request, exchange.response, policy);
        if (judged.row->decision == Decision::Follow) {
            request.url = *redirect_target(
                request.url, *field_value(exchange.response.headers, "location"), policy);
            exchange.redirects.push_back(request.url);
            continue;
        }
        const Decision decision = judged.row->decision;
        std::string means(meaning_of(judged.row->label));
        if (judged.row->code == HResult::Ok && exchange.response.failure)
            means += fmt::format(" Why: {}.", words_for(*exchange.response.failure));
        means += consequence_of(decision, policy);
        return {std::move(name),
                std::move(like),
                std::move(exchange),
                verdict_of(decision),
                judged.code,
                std::move(means),
                std::string(judged.row->label),
                std::string(judged.row->clause),
                decision};
    }
}

}  // namespace qmgr
