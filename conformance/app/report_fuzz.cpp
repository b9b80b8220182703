// The way back of a report, and laying reports side by side. A text is refused with InputError in
// one line, or taken; what is taken is written and read again as the same report, and what can be
// merged is a report, too.
#include "conformance/app/report_json.hpp"
#include "reference/contract/check.hpp"
#include "reference/contract/fuzz_target.hpp"
#include "reference/contract/input_error.hpp"

namespace qmgr::conformance {
namespace {

void check_refusal(const InputError& error) {
    const std::string_view what = error.what();
    QMGR_CHECK(what.starts_with("fuzz"), what);
    QMGR_CHECK(what.find('\n') == what.npos, what);
}

void check_again(const Report& report) {
    const std::string text = to_json_text(report);
    QMGR_CHECK(to_json_text(report_from_json_text(text, "again")) == text, text);
    QMGR_CHECK(report.text().ends_with('\n'), report.text());
}

// A report that is a whole run stays one when it is alone, and cannot stand there twice.
void check_merged(const Report& report) {
    try {
        check_again(merged({report}, {"fuzz"}));
    } catch (const InputError& error) {
        check_refusal(error);
        return;
    }
    if (report.implementations().empty()) return;
    try {
        merged({report, report}, {"fuzz", "fuzz-2"});
    } catch (const InputError& error) {
        check_refusal(error);
        return;
    }
    QMGR_CHECK(report.cases().empty(), "a case twice for one implementation");
}

}  // namespace
}  // namespace qmgr::conformance

namespace qmgr {

std::vector<std::string> fuzz_seeds() {
    const std::string rig = R"({"rig":"r","name":"n","version":"1","abilities":["users"],)";
    const std::string whole = rig + R"("own":true,"shard":"1/1","meant":1})";
    const std::string one =
        R"({"id":"a.b","rig":"r","title":"t","covers":["A-1"],"verdict":"fail","detail":"d",)"
        R"("findings":[{"verdict":"fail","clause":"A-1","what":"w","expected":"e","actual":"x"}],)"
        R"("trace":[{"at":1,"out":{"reply":{"hresult":"S_OK"}}},{"note":"n"}],"expectations":2,)"
        R"("wall_us":3,"elapsed_ms":4})";
    const std::string longest =
        R"(,{"id":"a.c","rig":"r","title":"t","covers":[],"verdict":"pass","detail":"",)"
        R"("findings":[],"trace":[],"expectations":0,"wall_us":9223372036854775807,)"
        R"("elapsed_ms":9223372036854775807})";
    const std::string clause =
        R"({"id":"A-1","level":"must","basis":"chosen","text":"t","source":"s"})";
    const auto report = [&](const std::string& rigs, const std::string& cases) {
        return R"({"format":2,"implementations":[)" + rigs + R"(],"cases":[)" + cases +
               R"(],"clauses":[)" + clause + R"(],"stale":["s"]})";
    };
    return {
        report(whole, one),
        report(rig + R"("own":false,"shard":"2/3","meant":7})", one),
        report(whole, ""),
        report(whole, one + longest),
        R"({"format":1,"implementations":[],"cases":[],"clauses":[],"stale":[]})",
    };
}

}  // namespace qmgr

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace qmgr;
    try {
        const auto report =
            conformance::report_from_json_text(std::string(fuzz_text(data, size)), "fuzz");
        conformance::check_again(report);
        conformance::check_merged(report);
    } catch (const InputError& error) {
        conformance::check_refusal(error);
    }
    return 0;
}
