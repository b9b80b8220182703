// How the effects edit an answer or a connection: the functions that the rows of effect_table.cpp
// name. Inside of the Responder. Each says where it happens; nothing: it cannot happen here.
#pragma once

#include <cstdint>
#include <optional>

#include "fakeserver/effect_table.hpp"

namespace qmgr::inline v0::fakeserver::edit {

using Happened = std::optional<Point>;

// Time and endings, at fault.at (edits_time.cpp)
Happened delay(const Fault& fault, Situation& situation);
Happened trickle(const Fault& fault, Situation& situation);
Happened bandwidth(const Fault& fault, Situation& situation);
Happened close(const Fault& fault, Situation& situation);
Happened reset(const Fault& fault, Situation& situation);
Happened half_close(const Fault& fault, Situation& situation);
Happened stall(const Fault& fault, Situation& situation);

// Heads (edits_head.cpp)
Happened omit_length(const Fault& fault, Situation& situation);
Happened length_too_big(const Fault& fault, Situation& situation);
Happened length_too_small(const Fault& fault, Situation& situation);
Happened length_twice(const Fault& fault, Situation& situation);
Happened length_negative(const Fault& fault, Situation& situation);
Happened length_huge(const Fault& fault, Situation& situation);
Happened length_not_a_number(const Fault& fault, Situation& situation);
Happened garbage_head(const Fault& fault, Situation& situation);
Happened no_status_line(const Fault& fault, Situation& situation);
Happened bad_status(const Fault& fault, Situation& situation);
Happened bad_version(const Fault& fault, Situation& situation);
Happened header_without_colon(const Fault& fault, Situation& situation);
Happened space_before_colon(const Fault& fault, Situation& situation);
Happened bare_line_feeds(const Fault& fault, Situation& situation);
Happened folded_header(const Fault& fault, Situation& situation);
Happened nul_in_header(const Fault& fault, Situation& situation);
Happened long_header(const Fault& fault, Situation& situation);
Happened many_headers(const Fault& fault, Situation& situation);
Happened add_headers(const Fault& fault, Situation& situation);
Happened omit_header(const Fault& fault, Situation& situation);
Happened http10(const Fault& fault, Situation& situation);
Happened interim(const Fault& fault, Situation& situation);

// Bodies (edits_body.cpp)
Happened corrupt_bytes(const Fault& fault, Situation& situation);
Happened garbage_after_head(const Fault& fault, Situation& situation);
Happened extra_bytes(const Fault& fault, Situation& situation);
Happened chunked(const Fault& fault, Situation& situation);
Happened chunk_bad_size(const Fault& fault, Situation& situation);
Happened chunk_huge_size(const Fault& fault, Situation& situation);
Happened chunk_too_short(const Fault& fault, Situation& situation);
Happened chunk_no_line_end(const Fault& fault, Situation& situation);
Happened chunk_no_last(const Fault& fault, Situation& situation);
Happened chunk_extension(const Fault& fault, Situation& situation);
Happened chunk_trailer(const Fault& fault, Situation& situation);
Happened label_encoding(const Fault& fault, Situation& situation);
Happened gzip(const Fault& fault, Situation& situation);
Happened gzip_unlabelled(const Fault& fault, Situation& situation);
Happened gzip_broken(const Fault& fault, Situation& situation);
Happened gzip_twice(const Fault& fault, Situation& situation);

// Whole answers, ranges and versions (edits_answer.cpp)
Happened respond_status(const Fault& fault, Situation& situation);
Happened redirect(const Fault& fault, Situation& situation);
Happened demand_basic(const Fault& fault, Situation& situation);
Happened demand_digest(const Fault& fault, Situation& situation);
Happened ignore_range(const Fault& fault, Situation& situation);
Happened range_earlier(const Fault& fault, Situation& situation);
Happened range_later(const Fault& fault, Situation& situation);
Happened range_too_long(const Fault& fault, Situation& situation);
Happened range_too_short(const Fault& fault, Situation& situation);
Happened range_wrong_total(const Fault& fault, Situation& situation);
Happened range_unknown_total(const Fault& fault, Situation& situation);
Happened range_other_bytes(const Fault& fault, Situation& situation);
Happened range_unnamed(const Fault& fault, Situation& situation);
Happened range_as_200(const Fault& fault, Situation& situation);
Happened range_multipart(const Fault& fault, Situation& situation);
Happened false_416(const Fault& fault, Situation& situation);
Happened change_content(const Fault& fault, Situation& situation);
Happened other_version(const Fault& fault, Situation& situation);
Happened same_date_other_bytes(const Fault& fault, Situation& situation);
Happened ignore_condition(const Fault& fault, Situation& situation);

// Connections (edits_connection.cpp)
void meet_delay(const Fault& fault, std::uint64_t key, ConnectionPlan& plan);
void meet_close(const Fault& fault, std::uint64_t key, ConnectionPlan& plan);
void meet_reset(const Fault& fault, std::uint64_t key, ConnectionPlan& plan);
void meet_half_close(const Fault& fault, std::uint64_t key, ConnectionPlan& plan);
void meet_stall(const Fault& fault, std::uint64_t key, ConnectionPlan& plan);
void meet_refusal(const Fault& fault, std::uint64_t key, ConnectionPlan& plan);
void meet_expired(const Fault& fault, std::uint64_t key, ConnectionPlan& plan);
void meet_wrong_host(const Fault& fault, std::uint64_t key, ConnectionPlan& plan);
void meet_self_signed(const Fault& fault, std::uint64_t key, ConnectionPlan& plan);
void meet_untrusted(const Fault& fault, std::uint64_t key, ConnectionPlan& plan);
void meet_no_name(const Fault& fault, std::uint64_t key, ConnectionPlan& plan);
void meet_slow_name(const Fault& fault, std::uint64_t key, ConnectionPlan& plan);
void meet_moved_name(const Fault& fault, std::uint64_t key, ConnectionPlan& plan);
void meet_loss(const Fault& fault, std::uint64_t key, ConnectionPlan& plan);

}  // namespace qmgr::inline v0::fakeserver::edit
