// The verb `mutants`: proves that the cases bite.
#pragma once

#include <string>
#include <vector>

#include "conformance/rig/case.hpp"

namespace qmgr::conformance {

struct MutantsArguments {
    std::string catalogue;
    std::string filter = "*";  ///< mutants, by id, with * and ?
    std::string json;          ///< file for the report; empty: none
    std::string html;          ///< folder for the page; empty: none
    bool all = false;          ///< the whole matrix, not only until the first kill
    bool list = false;         ///< say which mutants there are and run nothing
};

/// Runs `cases` on every mutant. Exit status: 0 when the reference passes every case, the canary
/// is killed, nothing survives and, when all mutants are run, every documented clause that must be
/// kept and can have a case is proven. Throws InputError.
int run_mutants_verb(const MutantsArguments& arguments, const std::vector<Case>& cases);

}  // namespace qmgr::conformance
