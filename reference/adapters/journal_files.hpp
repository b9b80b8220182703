// The files of a journal as files: what SQLite does not look at before it trusts them.
#pragma once

#include <array>
#include <string>

#include "reference/adapters/file_calls.hpp"

namespace qmgr {

/// The first bytes of a write-ahead log; zeros for those a shorter file does not have.
using LogHeader = std::array<unsigned char, 32>;
LogHeader log_header(const Descriptor& log);

/// True for a header with SQLite's mark and a right checksum, and for one of zeros only: a crash
/// before the first sync leaves that. Anything else was never written by SQLite, which takes such a
/// log for an empty one and writes over it.
bool is_log_header(const LogHeader& header);

/// True when the log beside the journal `path` holds something that is_log_header() is false for.
bool has_foreign_log(const std::string& path);
/// What is wrong with a journal that SQLite would take for a new one and write over: it is shorter
/// than any database, or it is empty and its log, which SQLite would delete, is not. Empty:
/// nothing.
std::string torn_beyond_notice(const std::string& path);

/// Makes the journal and its log readable for their owner only, if they are this user's: a copy
/// that was brought back may have other rights, and there are passwords in it.
void make_private(const std::string& path);

/// Locks the journal against every other process that uses SQLite, until the descriptor is closed.
/// Not open: somebody has it. REQUIRES: it is not open in this process.
Descriptor lock_against_others(const std::string& path);

}  // namespace qmgr
