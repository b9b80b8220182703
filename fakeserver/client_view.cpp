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

std::optional<std::uint64_t> promised_length(const ResponsePlan& plan) {
    const auto length = find_header(plan.headers, "Content-Length");
    std::uint64_t number = 0;
    if (!length) {
        return std::nullopt;
    }
    const char* const end = length->data() + length->size();
    const auto read = std::from_chars(length->data(), end, number);
    return read.ec == std::errc() && read.ptr == end ? std::optional(number) : std::nullopt;
}

bool has_no_body(const ResponsePlan& plan, const std::string& method) {
    return method == "HEAD" || plan.status == 204 || plan.status == 304;
}

/// The content up to the chunk that lies, if one does.
std::vector<BodyStep> readable(const ResponsePlan& plan) {
    if (!plan.chunking || plan.chunking->lie == Chunking::Lie::None ||
        plan.chunking->lie == Chunking::Lie::NoLast) {
        return plan.body;
    }
    const Chunking& chunking = *plan.chunking;
    std::uint64_t end = chunking.lie_at - chunking.lie_at % chunking.chunk_bytes;
    // These two are seen only behind the data of the chunk.
    if (chunking.lie == Chunking::Lie::TooShort || chunking.lie == Chunking::Lie::NoLineEnd) {
        end = std::min(end + chunking.chunk_bytes, chunking.total);
    }
    return split_body(plan.body, end).first;
}

bool is_whole(const ResponsePlan& plan, std::uint64_t received) {
    if (plan.chunking) {
        return plan.chunking->lie != Chunking::Lie::NoLast && received == plan.chunking->total;
    }
    const auto promised = promised_length(plan);
    return promised ? received >= *promised
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
    if (cut || plan.raw_head) {
        view.head = cut ? end_of(plan.ending) : End::Malformed;
        return view;
    }
    if (has_no_body(plan, method)) {
        view.reusable = plan.ending == Ending::KeepAlive;
        return view;
    }
    view.content = readable(plan);
    const bool broken = body_length(view.content) != body_length(plan.body) ||
                        (plan.chunking && plan.chunking->lie != Chunking::Lie::None &&
                         plan.chunking->lie != Chunking::Lie::NoLast);
    if (broken) {
        view.end = End::Malformed;
    } else if (!is_whole(plan, body_length(view.content))) {
        view.end = plan.ending == Ending::KeepAlive ? End::Silence : end_of(plan.ending);
    }
    view.reusable = view.end == End::Whole && plan.ending == Ending::KeepAlive;
    return view;
}

}  // namespace qmgr::inline v0::fakeserver
