// `qmgr probe --through PROXY`: what does this proxy or cache make of the small pieces BITS fetches
// in the background? Our own origin stands behind it and counts. Pure, but for the functions that
// are handed in.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "reference/adapters/counting_origin.hpp"
#include "reference/app/look.hpp"

namespace qmgr {

/// What one pattern of pieces cost.
struct PatternCost {
    std::string capture;            ///< "CAP-4" or "CAP-5"
    std::uint64_t pieces = 0;       ///< asked for through the proxy
    std::uint64_t given_bytes = 0;  ///< of bodies, by the proxy to us
    std::uint64_t taken_bytes = 0;  ///< of bodies, by the proxy from our origin
    std::uint64_t origin_requests = 0;
    std::uint64_t whole_requests = 0;  ///< of these, GETs for the whole object
    std::vector<std::string> ranges;   ///< Range of each GET at the origin; "" where it had none
    Verdict verdict = Verdict::NotAsked;
    std::string means;

    /// Bytes taken from the origin per byte given; 0 if none was given.
    double taken_per_given() const {
        return given_bytes == 0
                   ? 0
                   : static_cast<double>(taken_bytes) / static_cast<double>(given_bytes);
    }
};

struct ProxyReport {
    std::string proxy;
    std::uint64_t object_bytes = 0;
    std::vector<Look> looks;
    std::vector<PatternCost> patterns;
    bool works = false;          ///< BITS can download through it, in the background too
    HResult code = HResult::Ok;  ///< what a background job gets, when one of its requests fails
    std::string summary;         ///< one or two sentences
};

/// Our origin, and how much it has served so far.
struct Origin {
    std::string url;  ///< of a folder on it, with the '/' at its end
    std::uint64_t object_bytes = 0;
    std::function<std::vector<ArrivedRequest>()> arrived;
};

/// Sends HEAD and the pieces of CAP-4 and CAP-5, each pattern for an object of its own. `ask` goes
/// through the proxy. No cache may have seen the origin's folder before. REQUIRES: an object larger
/// than all pieces.
ProxyReport probe_proxy(const std::string& proxy, const Origin& origin, const Ask& ask,
                        const Policy& policy);

}  // namespace qmgr
