// The verbs of qmgr-conformance. Each prints what it has to say and returns the exit status: 0, or
// 1 when something is wrong. Bad input is an InputError, which main turns into status 2.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "conformance/app/selection.hpp"

namespace qmgr::conformance {

/// What was asked for on the command line.
struct Arguments {
    std::vector<std::string> suts;
    std::string filter = "*";
    std::string bases;
    std::string shard;
    std::string seed;
    std::string patience;
    std::string catalogue = "conformance/requirements.json";
    std::string deviations;
    bool strict = false;
    std::string json;
    std::string junit;
    std::string html;
    std::string markdown;
    std::string traces;
    std::string trace;
    std::vector<std::string> reports;
};

int run(const Arguments& arguments, const std::optional<Shard>& shard_of_environment);
int list(const Arguments& arguments, const std::optional<Shard>& shard_of_environment);
int merge(const Arguments& arguments);
int replay(const Arguments& arguments);

}  // namespace qmgr::conformance
