#include "fakeserver/wire.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <string_view>
#include <variant>

#include "fakeserver/body_steps.hpp"

namespace qmgr::inline v0::fakeserver {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

std::string hex(std::uint64_t value) {
    std::array<char, 16> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16).ptr;
    return {digits.data(), end};
}

/// Puts chunk lines between pieces of content.
class Chunker {
  public:
    Chunker(const Chunking& chunking, std::vector<BodyStep>& out)
        : chunking_(chunking), out_(out) {}

    void add(const BodyStep& step) {
        if (std::holds_alternative<Wait>(step)) {
            out_.push_back(step);
            return;
        }
        std::vector<BodyStep> rest{step};
        while (!rest.empty() && at_ < chunking_.total) {
            const std::uint64_t start = at_ - at_ % chunking_.chunk_bytes;
            const std::uint64_t end = std::min(start + chunking_.chunk_bytes, chunking_.total);
            if (at_ == start) {
                out_.emplace_back(Literal{size_line(start, end)});
            }
            auto [piece, after] = split_body(rest, end - at_);
            at_ += body_length(piece);
            out_.insert(out_.end(), piece.begin(), piece.end());
            if (at_ == end && !lies(start, end, Chunking::Lie::NoLineEnd)) {
                out_.emplace_back(Literal{std::string(kLineEnd)});
            }
            rest = std::move(after);
        }
        // More content than the chunks were made for goes out as it is.
        out_.insert(out_.end(), rest.begin(), rest.end());
    }

    /// The last chunk, unless the content was cut before its end.
    void finish() {
        if (at_ != chunking_.total || chunking_.lie == Chunking::Lie::NoLast) {
            return;
        }
        std::string last = "0" + chunking_.extension + "\r\n";
        for (const Header& header : chunking_.trailer) {
            last.append(header.name).append(": ").append(header.value).append(kLineEnd);
        }
        out_.emplace_back(Literal{last.append(kLineEnd)});
    }

  private:
    bool lies(std::uint64_t start, std::uint64_t end, Chunking::Lie lie) const {
        return chunking_.lie == lie && chunking_.lie_at >= start && chunking_.lie_at < end;
    }
    std::string size_line(std::uint64_t start, std::uint64_t end) const {
        std::string size = hex(end - start);
        if (lies(start, end, Chunking::Lie::BadSize)) {
            size = "zz";
        } else if (lies(start, end, Chunking::Lie::HugeSize)) {
            size = "fffffffffffffffff";
        } else if (lies(start, end, Chunking::Lie::TooShort)) {
            size = hex(end - start + 1);
        }
        return size.append(chunking_.extension).append(kLineEnd);
    }

    const Chunking& chunking_;
    std::vector<BodyStep>& out_;
    std::uint64_t at_ = 0;  ///< content bytes so far
};

void add_framed(const ResponsePlan& plan, const std::vector<BodyStep>& content,
                std::vector<BodyStep>& out) {
    if (!plan.chunking) {
        out.insert(out.end(), content.begin(), content.end());
        return;
    }
    Chunker chunker(*plan.chunking, out);
    for (const BodyStep& step : content) {
        chunker.add(step);
    }
    chunker.finish();
}

std::uint64_t interims_size(const ResponsePlan& plan) {
    std::uint64_t size = 0;
    for (const std::string& interim : plan.interims) {
        size += interim.size();
    }
    return size;
}

void add_head(const ResponsePlan& plan, std::vector<BodyStep>& out) {
    const std::string head = head_bytes(plan);
    const std::uint64_t end =
        std::min<std::uint64_t>(plan.head_cut.value_or(head.size()), head.size());
    std::uint64_t sent = 0;
    for (const HeadWait& wait : plan.head_waits) {
        const std::uint64_t stop = std::clamp(wait.byte, sent, end);
        out.emplace_back(Literal{head.substr(sent, stop - sent)});
        out.emplace_back(Wait{wait.ms});
        sent = stop;
    }
    out.emplace_back(Literal{head.substr(sent, end - sent)});
}

}  // namespace

std::string head_bytes(const ResponsePlan& plan) {
    if (plan.raw_head) {
        return *plan.raw_head;
    }
    std::string head = plan.version + " " + std::to_string(plan.status) + " " + plan.reason;
    head.append(kLineEnd);
    for (const Header& header : plan.headers) {
        head.append(header.name).append(": ").append(header.value).append(kLineEnd);
    }
    return head.append(kLineEnd);
}

std::uint64_t head_size(const ResponsePlan& plan) {
    const std::uint64_t head = head_bytes(plan).size();
    return interims_size(plan) + std::min(plan.head_cut.value_or(head), head);
}

std::vector<BodyStep> wire_steps(const ResponsePlan& plan) {
    std::vector<BodyStep> out;
    for (const std::string& interim : plan.interims) {
        out.emplace_back(Literal{interim});
    }
    add_head(plan, out);
    if (!plan.head_cut) {
        add_framed(plan, plan.body, out);
        if (!plan.extra.empty()) {
            out.emplace_back(Literal{plan.extra});
        }
    }
    if (plan.end_wait_ms != 0) {
        out.emplace_back(Wait{plan.end_wait_ms});
    }
    return out;
}

std::uint64_t wire_offset(const ResponsePlan& plan, Point point) {
    switch (point.where) {
        case Where::Accept:
        case Where::Handshake:
            return 0;
        case Where::Head:
            return std::min(interims_size(plan) + point.byte, head_size(plan));
        case Where::Body: {
            const auto [before, after] = split_body(plan.body, point.byte);
            // The rest only tells the chunker that the content goes on.
            std::vector<BodyStep> framed;
            add_framed(plan, before, framed);
            return head_size(plan) + body_length(framed);
        }
        case Where::End:
            break;
    }
    return body_length(wire_steps(plan));
}

}  // namespace qmgr::inline v0::fakeserver
