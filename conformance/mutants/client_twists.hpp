// The ways in which a client is told something else than it should be; client_mutants.cpp says
// which clause each one breaks. Every function makes a twist of its own: what it remembers is for
// one case.
#pragma once

#include "conformance/mutants/twisted_system.hpp"

namespace qmgr::mutants::twist {

// owners
Twist owners_ignored();
Twist lists_everything();
Twist no_administrators();
Twist owner_stays();
Twist listing_takes();
Twist guid_stays_taken();
Twist guid_taken_per_user();

// handles
Twist handle_copies();
Twist former_owner_is_out();
Twist handle_dies_with_group();
Twist release_cancels();
Twist release_forgets();

// enumerators
Twist enumerator_lives();
Twist enumerator_backwards();
Twist clone_is_itself();
Twist clone_from_start();
Twist reset_does_nothing();
Twist count_of_the_rest();
Twist skip_one_more();
Twist fetched_one_more();
Twist fetched_as_asked();
Twist null_fetched();

// verbs
Twist suspend_does_nothing();
Twist resume_does_nothing();
Twist cancel_does_nothing();
Twist foreground_does_nothing();
Twist resume_suspends();
Twist resume_starts_over();
Twist cancel_suspends();
Twist foreground_for_all();
Twist foreground_shows_always();
Twist foreground_on_jobs();
Twist new_group_runs();
Twist internal_call_acts();
Twist complete_goes_away();

// files
Twist files_backwards();
Twist adds_the_good_ones();
Twist adds_nothing_of_none();
Twist adds_before_refusing();
Twist schemes_in_capitals_refused();
Twist hint_is_lost();
Twist names_are_tidied();
Twist index_from_one();
Twist count_one_more();
Twist other_group_id();
Twist other_job_id();

// progress
Twist progress_twice();
Twist progress_off_by_one();
Twist progress_short();
Twist progress_31_bits();
Twist progress_wraps();
Twist progress_of_suspended();
Twist percent_rounds_up();
Twist percent_never_full();
Twist time_is_zero();
Twist job_progress_apart();
Twist size_off_by_one();
Twist size_of_unknown();
Twist size_of_known();
Twist size_saturates();

// status
Twist job_index_one();
Twist odd_flags();
Twist result_is_zero();
Twist transport_result_lost();
Twist failed_call_leaves_mark();
Twist retries_reset();
Twist retries_is_one();

// properties
Twist property_forgotten();
Twist property_as_set();
Twist property_suspends();

// notifications
Twist notification_lost();
Twist done_not_told();
Twist error_not_told();
Twist told_without_file();
Twist told_without_results();
Twist told_another_group();
Twist told_to_another_class();
Twist any_answer_is_good();
Twist no_answer_is_good();
Twist disable_is_ignored();
Twist flags_of_the_event();
Twist notify_new_owner();
Twist notify_dies_with_service();
Twist transient_is_told();
Twist progress_is_told();
Twist told_unasked();

// surroundings
Twist network_ignored();
Twist network_stays_lost();
Twist pause_ignored();
Twist pause_stays();
Twist log_off_ignored();
Twist log_on_ignored();
Twist restart_pauses();
Twist slow_callback_stops();

}  // namespace qmgr::mutants::twist
