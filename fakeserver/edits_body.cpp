#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "fakeserver/body_steps.hpp"
#include "fakeserver/content.hpp"
#include "fakeserver/edits.hpp"
#include "fakeserver/gzip.hpp"
#include "fakeserver/wire.hpp"

namespace qmgr::inline v0::fakeserver::edit {
namespace {

constexpr Point kHead{.where = Where::Head, .byte = 0};
constexpr Point kBody{.where = Where::Body, .byte = 0};

void set_length(ResponsePlan& plan, std::uint64_t length) {
    for (Header& header : plan.headers) {
        if (same_word(header.name, "Content-Length")) {
            header.value = std::to_string(length);
        }
    }
}

/// Chunks in place of a length. An answer without a body, or with more chunks than are made, has
/// none.
Happened chunk(const Fault& fault, Situation& situation, Chunking chunking) {
    ResponsePlan& plan = situation.plan;
    const std::uint64_t total = body_length(plan.body);
    const bool fits = total != 0 && total / fault.chunk_bytes < kMostChunks &&
                      (chunking.lie == Chunking::Lie::None || fault.at.byte < total);
    if (plan.raw_head || plan.chunking || !fits || !find_header(plan.headers, "Content-Length")) {
        return std::nullopt;
    }
    for (Header& header : plan.headers) {
        if (same_word(header.name, "Content-Length")) {
            header = {"Transfer-Encoding", "chunked"};
        }
    }
    chunking.chunk_bytes = fault.chunk_bytes;
    chunking.total = total;
    chunking.lie_at = fault.at.byte;
    if (chunking.lie == Chunking::Lie::NoLast) {
        plan.ending = Ending::Close;
    }
    const bool lies = chunking.lie != Chunking::Lie::None;
    plan.chunking = std::move(chunking);
    return lies ? fault.at : kBody;
}

/// The content in gzip, where the whole of it is served. Bodies above 16 MiB are left as they are,
/// because this one is held in memory.
Happened encode(Situation& situation, bool label, std::string (*encoded)(std::string)) {
    constexpr std::uint64_t kMost = std::uint64_t{16} << 20U;
    ResponsePlan& plan = situation.plan;
    const Resource* const resource = situation.resource;
    if (plan.raw_head || plan.status != 200 || resource == nullptr || resource->size > kMost ||
        plan.chunking) {
        return std::nullopt;
    }
    std::string content(resource->size, '\0');
    fill_content(resource->seed, 0, std::as_writable_bytes(std::span(content)));
    std::string body = encoded(std::move(content));
    set_length(plan, body.size());
    if (label) {
        plan.headers.push_back({"Content-Encoding", "gzip"});
    }
    if (situation.request.method == "GET") {
        plan.body = {Literal{std::move(body)}};
    }
    return kHead;
}

std::string broken(std::string content) {
    std::string bytes = gzipped(std::move(content));
    // Behind the ten bytes of gzip's own head, so that a reader begins in good faith.
    for (std::size_t i = bytes.size() / 2; i < std::min(bytes.size(), bytes.size() / 2 + 8); ++i) {
        bytes[i] = static_cast<char>(~bytes[i]);
    }
    return bytes;
}

}  // namespace

Happened corrupt_bytes(const Fault& fault, Situation& situation) {
    ResponsePlan& plan = situation.plan;
    const std::uint64_t count = fault.bytes.value_or(1);
    if (fault.at.byte >= body_length(plan.body) || body_length(plan.body) - fault.at.byte < count) {
        return std::nullopt;
    }
    auto [body, rest] = split_body(plan.body, fault.at.byte);
    auto [wrong, after] = split_body(rest, count);
    for (BodyStep& step : wrong) {
        if (std::holds_alternative<Wait>(step)) {
            continue;
        }
        std::string bytes(step_length(step), '\0');
        copy_bytes(step, 0, std::as_writable_bytes(std::span(bytes)));
        for (char& byte : bytes) {
            byte = static_cast<char>(~byte);
        }
        step = Literal{std::move(bytes)};
    }
    body.insert(body.end(), wrong.begin(), wrong.end());
    body.insert(body.end(), after.begin(), after.end());
    plan.body = std::move(body);
    return fault.at;
}

Happened garbage_after_head(const Fault& fault, Situation& situation) {
    if (situation.plan.head_cut) {
        return std::nullopt;
    }
    situation.plan.chunking.reset();
    situation.plan.body = {Slice{.seed = situation.key, .offset = 0, .length = *fault.bytes}};
    situation.plan.ending = Ending::Close;
    return kBody;
}

Happened extra_bytes(const Fault& fault, Situation& situation) {
    if (situation.plan.head_cut) {
        return std::nullopt;
    }
    situation.plan.extra += fault.body;
    return Point{.where = Where::End, .byte = 0};
}

Happened chunked(const Fault& fault, Situation& situation) { return chunk(fault, situation, {}); }

Happened chunk_bad_size(const Fault& fault, Situation& situation) {
    return chunk(fault, situation, {.lie = Chunking::Lie::BadSize});
}

Happened chunk_huge_size(const Fault& fault, Situation& situation) {
    return chunk(fault, situation, {.lie = Chunking::Lie::HugeSize});
}

Happened chunk_too_short(const Fault& fault, Situation& situation) {
    return chunk(fault, situation, {.lie = Chunking::Lie::TooShort});
}

Happened chunk_no_line_end(const Fault& fault, Situation& situation) {
    return chunk(fault, situation, {.lie = Chunking::Lie::NoLineEnd});
}

Happened chunk_no_last(const Fault& fault, Situation& situation) {
    return chunk(fault, situation, {.lie = Chunking::Lie::NoLast})
               ? Happened(Point{.where = Where::End, .byte = 0})
               : std::nullopt;
}

Happened chunk_extension(const Fault& fault, Situation& situation) {
    return chunk(fault, situation, {.extension = ";" + fault.value});
}

Happened chunk_trailer(const Fault& fault, Situation& situation) {
    return chunk(fault, situation, {.trailer = fault.headers});
}

Happened label_encoding(const Fault& fault, Situation& situation) {
    if (situation.plan.raw_head || situation.resource == nullptr) {
        return std::nullopt;
    }
    situation.plan.headers.push_back({"Content-Encoding", fault.value});
    return kHead;
}

Happened gzip(const Fault& /*fault*/, Situation& situation) {
    return encode(situation, true, [](std::string content) { return gzipped(std::move(content)); });
}

Happened gzip_unlabelled(const Fault& /*fault*/, Situation& situation) {
    return encode(situation, false,
                  [](std::string content) { return gzipped(std::move(content)); });
}

Happened gzip_broken(const Fault& /*fault*/, Situation& situation) {
    return encode(situation, true, broken);
}

Happened gzip_twice(const Fault& /*fault*/, Situation& situation) {
    return encode(situation, true,
                  [](std::string content) { return gzipped(gzipped(std::move(content))); });
}

}  // namespace qmgr::inline v0::fakeserver::edit
