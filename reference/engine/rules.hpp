// The five tables as one value. An Engine takes it by const reference: the documented ones, or, to
// prove that the tests bite, a copy with one row changed.
#pragma once

#include "reference/engine/file_table.hpp"
#include "reference/engine/job_table.hpp"
#include "reference/engine/property_table.hpp"
#include "reference/engine/response_table.hpp"
#include "reference/engine/status_table.hpp"

namespace qmgr {

struct Rules {
    JobTable job = kJobTable;
    FileTable file = kFileTable;
    ResponseTable response = kResponseTable;
    PropertyTable property = kPropertyTable;
    StatusTable status = kStatusTable;
};

/// The rules of the clauses.
inline constexpr Rules kDocumentedRules{};

}  // namespace qmgr
