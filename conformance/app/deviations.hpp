// Known deviations: what an implementation is known to do otherwise, and until when that is taken
// as it is. A list in JSON: [{"pattern":"restart.*","reason":"…","until":"2027-06-30"}]. Listed
// cases are run all the same.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "conformance/rig/case.hpp"

namespace qmgr::conformance {

using Date = std::chrono::year_month_day;

/// "YYYY-MM-DD". Throws InputError that begins with `where`.
Date date_from_text(const std::string& text, const std::string& where);
std::string to_text(const Date& date);

struct Deviation {
    std::string pattern;  ///< glob_matches() over case ids, without the rig
    std::string reason;
    Date until;         ///< the last day on which it holds, UTC
    std::string place;  ///< file and place, for messages
};

class Deviations {
  public:
    /// None at all, on no particular day.
    Deviations() = default;
    /// Throws InputError. `today` in UTC decides which entries are past their date.
    static Deviations from_file(const std::string& path, Date today);
    /// `where` names the text in messages.
    static Deviations from_text(const std::string& text, const std::string& where, Date today);

    const std::vector<Deviation>& all() const { return entries_; }

    /// True when an entry, past its date or not, is for that case.
    bool lists(const std::string& case_id) const;

    /// Turns fail, difference and inconclusive into deviation where an entry lists the case and is
    /// not past its date; the detail then begins with the reason.
    void apply(CaseResult& result) const;

    /// Why a list is stale, a line each: an entry past its date, a listed case that passes (or is
    /// lenient), and a pattern that matches none of `suite`, the ids of all cases there are, run or
    /// not.
    std::vector<std::string> stale(const std::vector<CaseResult>& results,
                                   const std::vector<std::string>& suite) const;

  private:
    bool is_past(const Deviation& entry) const { return entry.until < today_; }

    std::vector<Deviation> entries_;
    Date today_{};
};

}  // namespace qmgr::conformance
