// An HRESULT is easily said. A case that looks at nothing else has beside it one that looks at the
// effect of what the clause is about.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "conformance/cases/cases.hpp"
#include "conformance/world/simulated_rig.hpp"

namespace qmgr::conformance {
namespace {

TEST(Cases, ThatLookAtHresultsOnlyHaveOthersBesideThemThatLookAtTheEffect) {
    const Catalogue catalogue = Catalogue::from_file("conformance/requirements.json");
    const std::vector<Case> cases = all_cases();
    std::set<std::string> with_effect;
    std::vector<const Case*> without_effect;
    for (const Case& one : cases) {
        world::SimulatedRig rig(one.setting);
        const CaseResult result = run_case(one, "simulated", rig, catalogue);
        if (result.hresult_expectations < result.expectations)
            with_effect.insert(one.covers.begin(), one.covers.end());
        else
            without_effect.push_back(&one);
    }
    for (const Case* one : without_effect)
        for (const std::string& clause : one->covers)
            EXPECT_TRUE(with_effect.contains(clause))
                << one->id << " looks at HRESULTs only, and so does every case of " << clause;
}

// A wrong answer is a difference where a part was chosen and a failure elsewhere, so what is judged
// has to be said.
TEST(Cases, NameThePartWhenTheOthersHaveAnotherBasis) {
    const Catalogue catalogue = Catalogue::from_file("conformance/requirements.json");
    for (const Case& one : all_cases()) {
        world::SimulatedRig rig(one.setting);
        run_case(one, "simulated", rig, catalogue);
        for (const std::string& clause : rig.judged()) {
            const auto parts = catalogue.find(clause);
            const auto chosen =
                std::count_if(parts.begin(), parts.end(),
                              [](const Requirement* part) { return part->basis == Basis::Chosen; });
            EXPECT_TRUE(chosen == 0 || catalogue.is_chosen(clause))
                << one.id << " judges by " << clause << ", of which only a part was chosen";
        }
    }
}

}  // namespace
}  // namespace qmgr::conformance
