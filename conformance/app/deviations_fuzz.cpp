// The list of known deviations. A text is refused with InputError in one line, or taken; what is
// taken turns into a deviation exactly the cases that it lists and is not past its date for.
#include "conformance/app/deviations.hpp"

#include <algorithm>

#include "conformance/app/selection.hpp"
#include "reference/contract/check.hpp"
#include "reference/contract/fuzz_target.hpp"
#include "reference/contract/input_error.hpp"

namespace qmgr::conformance {
namespace {

using namespace std::chrono_literals;
constexpr Date kToday = 2027y / 6 / 15;

void check_date(const Date& date) {
    QMGR_CHECK(date.ok(), "a day that is none");
    const std::string text = to_text(date);
    QMGR_CHECK(text.size() == 10 && text.front() != '-', text);
    QMGR_CHECK(date_from_text(text, "fuzz") == date, text);
}

void check_case(const Deviations& deviations, const std::string& id) {
    const auto& all = deviations.all();
    const bool in_force = std::any_of(all.begin(), all.end(), [&](const Deviation& entry) {
        return entry.until >= kToday && glob_matches(entry.pattern, id);
    });
    CaseResult result;
    result.id = id;
    result.verdict = Verdict::Fail;
    deviations.apply(result);
    QMGR_CHECK((result.verdict == Verdict::Deviation) == in_force, id);
    QMGR_CHECK(!in_force || deviations.lists(id), id);
    result.verdict = Verdict::Pass;
    deviations.apply(result);
    QMGR_CHECK(result.verdict == Verdict::Pass, id);
}

void check_all(const Deviations& deviations) {
    std::vector<std::string> ids = {"restart.once", ""};
    for (const Deviation& entry : deviations.all()) {
        check_date(entry.until);
        QMGR_CHECK(!entry.pattern.empty() && !entry.reason.empty(), entry.place);
        ids.push_back(entry.pattern);  // a pattern matches itself
        QMGR_CHECK(deviations.lists(entry.pattern), entry.pattern);
    }
    for (const std::string& id : ids) check_case(deviations, id);
    for (const std::string& line : deviations.stale({}, ids))
        QMGR_CHECK(!line.empty(), "an entry is stale without a word");
}

}  // namespace
}  // namespace qmgr::conformance

namespace qmgr {

std::vector<std::string> fuzz_seeds() {
    const std::string two = R"([{"pattern":"r?st*t.*ce","reason":"r","until":"2027-06-14"},)"
                            R"({"pattern":"restart.once","reason":"q","until":"2028-02-29"}])";
    return {
        "[]",
        two,
        R"([{"pattern":"restart.*","reason":"r","until":"2027-06-30"}])",
        R"([{"pattern":"a","reason":"r","until":"2027-6-30"}])",
        R"([{"pattern":"a","reason":"r","until":"2027-06-30","why":1}])",
        R"([{"pattern":"a","reason":"r","until":"-123-01-02"}])",
    };
}

}  // namespace qmgr

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace qmgr;
    try {
        conformance::check_all(conformance::Deviations::from_text(
            std::string(fuzz_text(data, size)), "fuzz", conformance::kToday));
    } catch (const InputError& error) {
        const std::string_view what = error.what();
        QMGR_CHECK(what.starts_with("fuzz"), what);
        QMGR_CHECK(what.find('\n') == what.npos, what);
    }
    return 0;
}
