#include "fakeserver/client_view.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include "fakeserver/body_steps.hpp"
#include "fakeserver/pacer.hpp"

namespace qmgr::inline v0::fakeserver {
namespace {

using End = ClientView::End;

End end_of(Ending ending) { return ending == Ending::Stall ? End::Silence : End::Cut; }

/// The length that a client goes by; of two it takes the last, as libcurl does.
struct Promise {
    bool is_readable = true;
    std::optional<std::uint64_t> length{};  ///< none: no line, or one beyond 64 bits
};

Promise promise_of(const ResponsePlan& plan) {
    Promise promise;
    for (const Header& header : plan.headers) {
        if (plan.chunking || !same_word(header.name, "Content-Length")) {
            continue;
        }
        std::uint64_t number = 0;
        const char* const end = header.value.data() + header.value.size();
        const auto read = std::from_chars(header.value.data(), end, number);
        promise.is_readable = read.ptr == end && read.ec != std::errc::invalid_argument;
        promise.length = read.ec == std::errc() ? std::optional(number) : std::nullopt;
    }
    return promise;
}

bool has_no_body(const ResponsePlan& plan, const std::string& method) {
    return method == "HEAD" || plan.status == 204 || plan.status == 304;
}

/// The content as a client reads it that skips what stands between the data of a chunk and the next
/// line end, as libcurl does; up to the chunk that it cannot read, if there is one.
std::vector<BodyStep> readable(const ResponsePlan& plan) {
    using Lie = Chunking::Lie;
    const Lie lie = plan.chunking ? plan.chunking->lie : Lie::None;
    if (lie == Lie::None || lie == Lie::NoLast || plan.chunking->lie_at >= plan.chunking->total) {
        return plan.body;
    }
    const std::uint64_t start =
        plan.chunking->lie_at - plan.chunking->lie_at % plan.chunking->chunk_bytes;
    const std::uint64_t end = std::min(start + plan.chunking->chunk_bytes, plan.chunking->total);
    auto [content, rest] =
        split_body(plan.body, lie == Lie::BadSize || lie == Lie::HugeSize ? start : end);
    if (lie == Lie::TooShort && body_length(content) == end) {
        // The size line counts the CR of the line end.
        content.emplace_back(Literal{"\r"});
        content.insert(content.end(), rest.begin(), rest.end());
    }
    return content;
}

bool is_whole(const ResponsePlan& plan, const Promise& promise, std::uint64_t received) {
    if (plan.chunking) {
        return plan.chunking->lie != Chunking::Lie::NoLast && received >= plan.chunking->total;
    }
    return promise.length ? received >= *promise.length
                          : plan.ending == Ending::Close || plan.ending == Ending::HalfClose;
}

}  // namespace

ClientView view_of(const ResponsePlan& plan, const std::string& method) {
    ClientView view;
    const std::uint64_t head = head_bytes(plan).size();
    const bool cut = plan.head_cut && *plan.head_cut < head;
    const auto wait_for = [&view](std::uint64_t ms) {
        view.head_wait_ms += ms;
        view.longest_head_wait_ms = std::max(view.longest_head_wait_ms, ms);
    };
    for (const HeadWait& wait : plan.head_waits) {
        wait_for(wait.byte <= plan.head_cut.value_or(head) ? wait.ms : 0);
    }
    if (plan.pace && plan.pace->from.where == Where::Head) {
        Pacer pacer(*plan.pace, plan.pace->from.byte);
        for (std::uint64_t at = 0; at + pacer.room(at) < plan.head_cut.value_or(head);) {
            at += pacer.room(at);
            wait_for(pacer.take_gap(at).value_or(0));
        }
    }
    if (cut || (plan.raw_head && !plan.is_raw_head_readable)) {
        view.head = cut ? end_of(plan.ending) : End::Malformed;
        return view;
    }
    if (has_no_body(plan, method)) {
        view.reusable = plan.ending == Ending::KeepAlive && plan.extra.empty();
        return view;
    }
    const Promise promise = promise_of(plan);
    if (!promise.is_readable) {
        view.end = End::Malformed;
        return view;
    }
    view.content = readable(plan);
    if (body_length(view.content) < body_length(plan.body)) {
        view.end = End::Cut;  // a client that cannot read a chunk drops the connection
    } else if (!is_whole(plan, promise, body_length(view.content))) {
        view.end = plan.ending == Ending::KeepAlive ? End::Silence : end_of(plan.ending);
    } else if (promise.length) {
        // What is sent beyond the promise stands in the way of the next answer.
        view.reusable = body_length(view.content) == *promise.length && plan.extra.empty();
        view.content = split_body(view.content, *promise.length).first;
    }
    view.reusable = (view.reusable || plan.chunking) && view.end == End::Whole &&
                    plan.extra.empty() && plan.ending == Ending::KeepAlive;
    return view;
}

}  // namespace qmgr::inline v0::fakeserver
