// Lengths, encodings, chunks and bodies that are not what the head says.
#include "conformance/cases/cases.hpp"
#include "conformance/cases/wire_verbs.hpp"

namespace qmgr::conformance {
namespace {

using fakeserver::Effect;
using fakeserver::Fault;
using fakeserver::FaultRule;

constexpr std::uint32_t kMissingSize = 0x80200011U;
constexpr std::uint32_t kInvalidResponse = 0x8020001BU;

Fault labelled(const std::string& encoding) {
    Fault one = fault(Effect::LabelEncoding);
    one.value = encoding;
    return one;
}

Fault chunk_lie(Effect effect, std::uint64_t at_byte) {
    Fault one = fault(effect, at_byte);
    one.chunk_bytes = 4096;
    return one;
}

// ---- lengths
// -------------------------------------------------------------------------------------

// XFER-SIZE-1-a: the error, or one whole GET that fetches the file.
void a_head_without_a_length(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    const GroupStatus found = wait_for_end(rig, "XFER-SIZE-1-a", download.group);
    rig.expect("HTTP-04", "the group is in error, or the file was fetched all the same", found,
               {kError, kErrorLenient, kComplete});
    if (found.has(GroupFlag::Error)) {
        rig.expect("XFER-SIZE-1-a", "the Win32 result", job_status(rig, download.job).win32_result,
                   {kMissingSize, kMissingSize & 0xFFFFU});
        rig.expect("XFER-SIZE-1-a", "requests: at once, without a retry", request_log(rig),
                   {std::vector<std::string>{"HEAD /a"}});
        rig.expect("XFER-SIZE-1-a", "nothing is published", rig.look("a").has_value(), {false});
        return;
    }
    expect_file(rig, "XFER-SIZE-1-a", "a", resource());
    rig.expect("XFER-SIZE-1-a", "the GET has no Range", last_range(rig, "/a"), {std::string()});
}

void an_invalid_answer_is_an_error(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_failure(rig, "XFER-BODY-1", download, kInvalidResponse);
    rig.expect("XFER-BODY-1", "requests: it is not tried again", rig.requests().size(),
               {std::uint64_t{requests_of(rig, "GET").empty() ? 1U : 2U}});
    rig.expect("XFER-BODY-1", "bytes taken", size_done(rig, download.group), {0U});
}

void an_invalid_part_is_an_error(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    reach(rig, "XFER-BODY-1", download.group, 40'000);
    interrupt(rig, download.group);
    expect_failure(rig, "XFER-BODY-1", download, kInvalidResponse);
    rig.expect("XFER-BODY-1", "what was stored stays, and no more is taken",
               size_done(rig, download.group), {40'000U});
}

Case length_case(const std::string& id, const std::string& title, Fault fault) {
    return {"http_bodies.head_" + id,
            {"XFER-SIZE-1-a", "HTTP-04", "OBS-111", "OBS-131", "HTTP-07"},
            title,
            {},
            serving({resource()}, {on_head("length", std::move(fault), std::nullopt)}),
            a_head_without_a_length};
}

Case invalid_case(const std::string& id, const std::string& title, FaultRule rule) {
    return {"http_bodies." + id,
            {"XFER-BODY-1", "OPEN-22"},
            title,
            {},
            serving({resource()}, {std::move(rule)}),
            an_invalid_answer_is_an_error};
}

Case invalid_part(const std::string& id, const std::string& title, Fault fault) {
    return {"http_bodies." + id,
            {"XFER-BODY-1", "OPEN-22"},
            title,
            {},
            serving({resource()},
                    {on_ranged_get("invalid", std::move(fault), std::nullopt), stall_at(40'000)}),
            an_invalid_part_is_an_error};
}

std::vector<Case> lengths() {
    const auto get = [](Fault fault) { return on_get("invalid", std::move(fault), std::nullopt); };
    return {
        also(
            length_case("no_length", "A HEAD without a length is an error, or is asked once by GET",
                        fault(Effect::OmitLength)),
            {"ERR-CLS-08"}),
        length_case("two_lengths", "A HEAD with two different lengths has no usable one",
                    fault(Effect::LengthTwice)),
        length_case("negative_length", "A HEAD with a negative length has no usable one",
                    fault(Effect::LengthNegative)),
        length_case("huge_length", "A HEAD with a length beyond 64 bits has no usable one",
                    fault(Effect::LengthHuge)),
        length_case("word_length", "A HEAD whose length is a word has no usable one",
                    fault(Effect::LengthNotANumber)),
        invalid_case("get_two_lengths", "A GET with two different lengths is an error",
                     get(fault(Effect::LengthTwice))),
        invalid_case("get_negative_length", "A GET with a negative length is an error",
                     get(fault(Effect::LengthNegative))),
        invalid_case("get_word_length", "A GET whose length is a word is an error",
                     get(fault(Effect::LengthNotANumber))),
        invalid_part("part_two_lengths", "A part with two different lengths is an error",
                     fault(Effect::LengthTwice)),
        invalid_part("part_word_length", "A part whose length is a word is an error",
                     fault(Effect::LengthNotANumber)),
        invalid_case("head_encoded", "A HEAD with a Content-Encoding is an error",
                     on_head("encoded", labelled("gzip"), std::nullopt)),
        invalid_case("get_encoded", "A GET with a Content-Encoding is an error",
                     get(labelled("gzip"))),
        invalid_case("get_gzip", "A body in gzip that nobody asked for is an error",
                     get(fault(Effect::Gzip))),
        invalid_part("part_encoded", "A part with a Content-Encoding is an error",
                     labelled("deflate")),
    };
}

// ---- bodies
// --------------------------------------------------------------------------------------

void it_comes_whole(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_done(rig, "XFER-BODY-1", download.group);
    rig.expect("XFER-BODY-1", "GETs", count_of(rig, "GET", "/a"), {std::uint64_t{1}});
    rig.expect("XFER-BODY-1", "nothing else is left", rig.files(), {std::vector<std::string>{"a"}});
}

void it_comes_whole_in_the_end(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_done(rig, "XFER-BODY-1", download.group);
    rig.expect("XFER-BODY-1", "GETs: what was missing is fetched", count_of(rig, "GET", "/a"),
               {std::uint64_t{2}});
}

void a_chunked_part_is_taken(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    reach(rig, "XFER-BODY-1", download.group, 40'000);
    interrupt(rig, download.group);
    expect_done(rig, "XFER-BODY-1", download.group);
    rig.expect("XFER-GET-4", "the second GET's range", last_range(rig, "/a"),
               {std::string("bytes=40000-99999")});
}

void a_short_chunked_body_is_no_success(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    reach(rig, "XFER-BODY-1", download.group, 60'000);
    expect_quiet(rig, "XFER-BODY-1", download.group);
    rig.expect("XFER-BODY-1", "nothing is published", rig.look("a").has_value(), {false});
    end_the_wait(rig, "GROUP-RESUME-5", download.group);
    expect_done(rig, "XFER-BODY-1", download.group);
    rig.expect("XFER-BODY-1", "the bytes are kept", last_range(rig, "/a"),
               {std::string("bytes=60000-99999")});
}

void a_short_body_is_no_success(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    reach(rig, "XFER-BODY-1", download.group, 99'999);
    expect_quiet(rig, "XFER-BODY-1", download.group);
    rig.expect("XFER-BODY-1", "nothing is published", rig.look("a").has_value(), {false});
    end_the_wait(rig, "GROUP-RESUME-5", download.group);
    expect_done(rig, "XFER-BODY-1", download.group);
    rig.expect("XFER-GET-4", "the last byte is asked for", last_range(rig, "/a"),
               {std::string("bytes=99999-99999")});
}

// The server promises ten bytes that it does not have, and says so only when they are asked for.
void a_file_that_is_shorter_than_promised(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    expect_done(rig, "XFER-CHANGE-1-a", download.group);
    rig.expect(
        "XFER-BODY-1", "GETs", request_log(rig),
        {std::vector<std::string>{"HEAD /a", "GET /a", "GET /a bytes=100000-100009", "GET /a"},
         {"HEAD /a", "GET /a bytes=0-100009", "GET /a bytes=100000-100009", "GET /a"}});
}

void a_server_of_http_1_0(Rig& rig) {
    const Download download = start(rig, {{"/a", "a"}});
    const GroupStatus found = wait_for_end(rig, "HTTP-06", download.group);
    rig.expect("HTTP-06", "the group is complete, or in error", found,
               {kComplete, kCompleteLenient, kError, kErrorLenient});
    if (found.has(GroupFlag::Error))
        rig.expect("CON-10", "the Win32 result", job_status(rig, download.job).win32_result,
                   {0x80200012U, 0x12U});
    else
        expect_file(rig, "CON-10", "a", resource());
}

// No date, no tag, no ranges, and a connection for each answer.
void a_plain_server_is_enough(Rig& rig, bool foreground) {
    const Download download = prepare(rig, {{"/51", "51"}, {"/2048", "2048"}});
    if (foreground) rig.call(call::SwitchGroupToForeground{download.group});
    rig.call(call::ResumeGroup{download.group});
    expect_complete(rig, "OBS-057", download.group);
    expect_file(rig, "OBS-080", "51", resource("/51", 51));
    expect_file(rig, "OBS-080", "2048", resource("/2048", 2'048));
    rig.expect("OBS-057", "requests", rig.requests().size(), {std::size_t{4}});
}

Case whole(const std::string& id, const std::string& title, std::vector<Fault> faults) {
    return {"http_bodies." + id,
            {"XFER-BODY-1", "OPEN-22"},
            title,
            {},
            with_delay(serving({resource()},
                               {on_request("GET", "/a", "body", std::move(faults), std::nullopt)}),
                       kNever),
            it_comes_whole};
}

Case in_two(const std::string& id, const std::string& title, Fault fault) {
    return {"http_bodies." + id,
            {"XFER-BODY-1", "XFER-GET-4", "OPEN-22"},
            title,
            {},
            serving({resource()}, {on_get("body", std::move(fault), 1)}),
            it_comes_whole_in_the_end};
}

std::vector<Case> bodies() {
    Fault longer = fault(Effect::OtherVersion);
    longer.size = 150'000;
    Fault extension = chunked();
    extension.effect = Effect::ChunkExtension;
    extension.value = "ieof";
    Fault trailer = chunked();
    trailer.effect = Effect::ChunkTrailer;
    trailer.headers = {{"X-Sum", "1"}};
    Fault no_last = chunked();
    no_last.effect = Effect::ChunkNoLast;
    Fault early = fault(Effect::Interim);
    early.status = 103;
    early.count = 3;
    fakeserver::FaultRule old = on_get("old", fault(Effect::Http10), std::nullopt);
    old.match.method.reset();
    Fault digest = fault(Effect::AddHeaders);
    digest.headers = {{"Content-MD5", "Q2hlY2sgSW50ZWdyaXR5IQ=="}, {"Digest", "sha-256=AAAA"}};
    Fault extra = fault(Effect::ExtraBytes);
    extra.body = "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n";
    return {
        whole("chunked", "A chunked body is taken when HEAD told the length", {chunked()}),
        whole("chunk_extensions", "Extensions of chunks are no part of the file", {extension}),
        whole("chunk_trailer", "A trailer is no part of the file", {trailer}),
        whole("no_last_chunk", "A chunked body that has all its bytes needs no last chunk",
              {no_last}),
        whole("chunked_too_long", "Bytes past the length that HEAD told are never stored",
              {longer, chunked()}),
        whole("extra_bytes", "Bytes after the body are never stored", {extra}),
        {"http_bodies.http_1_0",
         {"HTTP-06", "CON-10"},
         "A server of HTTP/1.0 is good enough, or the error that the pages have for it",
         {},
         serving({resource()}, {old}),
         a_server_of_http_1_0},
        also(whole("digest", "A digest that does not match is not noticed", {digest}), {"FILE-09"}),
        whole("interim", "Interim answers are not the answer", {early}),
        whole("identity", "A Content-Encoding of identity is none", {labelled("identity")}),
        in_two("chunk_bad_size", "A chunk whose size cannot be read ends the attempt only",
               chunk_lie(Effect::ChunkBadSize, 50'000)),
        in_two("chunk_huge_size", "A chunk of a size beyond 64 bits ends the attempt only",
               chunk_lie(Effect::ChunkHugeSize, 50'000)),
        in_two("half_close", "A server that ends its side in the middle is asked for the rest",
               fault(Effect::HalfClose, 50'000)),
    };
}

std::vector<Case> plainness() {
    fakeserver::Resource small = resource("/51", 51);
    fakeserver::Resource larger = resource("/2048", 2'048);
    small.last_modified.reset();
    larger.last_modified.reset();
    Fault end = fault(Effect::Close);
    end.at.where = fakeserver::Where::End;
    Fault no_ranges = fault(Effect::OmitHeader);
    no_ranges.name = "Accept-Ranges";
    fakeserver::FaultRule plain = on_request("", "", "plain", {no_ranges, end}, std::nullopt);
    plain.match.method.reset();
    plain.match.path.reset();
    const Setting setting = serving({small, larger}, {plain});
    return {
        {"http_bodies.plain_server",
         {"OBS-057", "OBS-080"},
         "A plain server is enough for small files",
         {},
         setting,
         [](Rig& rig) { a_plain_server_is_enough(rig, false); }},
        {"http_bodies.plain_server_foreground",
         {"OBS-057", "OBS-080"},
         "A plain server is enough for small files in the foreground, too",
         {},
         setting,
         [](Rig& rig) { a_plain_server_is_enough(rig, true); }},
    };
}

std::vector<Case> shortness() {
    Fault shorter = fault(Effect::OtherVersion);
    shorter.size = 60'000;
    Fault end = fault(Effect::Close);
    end.at.where = fakeserver::Where::End;
    const Fault ten_more = by_bytes(Effect::LengthTooBig, 10);
    return {
        {"http_bodies.chunked_part",
         {"XFER-BODY-1", "XFER-GET-4"},
         "A chunked part is taken when its range is right",
         {},
         with_delay(
             serving({resource()}, {on_ranged_get("chunks", chunked(), 1), stall_at(40'000)}),
             kNever),
         a_chunked_part_is_taken},
        {"http_bodies.chunked_too_short",
         {"XFER-BODY-1"},
         "A chunked body with fewer bytes than HEAD promised is no success; its bytes are kept",
         {},
         with_delay(
             serving({resource()}, {on_request("GET", "/a", "short", {shorter, chunked()}, 1)}),
             kNever),
         a_short_chunked_body_is_no_success},
        {"http_bodies.one_byte_short",
         {"XFER-BODY-1", "XFER-GET-4"},
         "A body that lacks its last byte is no success",
         {},
         with_delay(serving({resource()}, {on_get("short", fault(Effect::Close, 99'999), 1)}),
                    kNever),
         a_short_body_is_no_success},
        {"http_bodies.promised_too_much",
         {"XFER-BODY-1", "XFER-CHANGE-1-a"},
         "A file that turns out shorter than promised starts over",
         {},
         serving({resource()}, {on_head("promise", ten_more, 1),
                                on_request("GET", "/a", "promise again", {ten_more, end}, 1)}),
         a_file_that_is_shorter_than_promised},
    };
}

}  // namespace

std::vector<Case> http_bodies_cases() {
    return joined({lengths(), bodies(), plainness(), shortness()});
}

}  // namespace qmgr::conformance
