#include "reference/engine/response_table.hpp"

#include <gtest/gtest.h>

namespace qmgr {
namespace {

// Calls `visit` with every combination of values.
template <class Visit>
void for_all_facts(Visit visit) {
    constexpr std::array answers = {YesNo::No, YesNo::Yes};
    for (std::size_t asked = 0; asked < kAsked; ++asked)
        for (std::size_t came = 0; came < kCame; ++came)
            for (std::size_t length = 0; length < kLengths; ++length)
                for (unsigned bits = 0; bits < 32; ++bits)
                    visit(ResponseFacts{static_cast<Asked>(asked), static_cast<Came>(came),
                                        static_cast<Length>(length), answers[bits & 1U],
                                        answers[bits >> 1U & 1U], answers[bits >> 2U & 1U],
                                        answers[bits >> 3U & 1U], answers[bits >> 4U & 1U]});
}

TEST(ResponseTable, EveryCombinationFitsExactlyOneRow) {
    std::size_t combinations = 0;
    for_all_facts([&](const ResponseFacts& facts) {
        ++combinations;
        std::string fitting;
        for (const ResponseRow& row : kResponseTable)
            if (row.fits(facts)) fitting += std::string(row.label) + " ";
        EXPECT_EQ(fitting.size(), 5U) << "asked " << static_cast<int>(facts.asked) << " came "
                                      << static_cast<int>(facts.came) << ": " << fitting;
    });
    EXPECT_EQ(combinations, kAsked * kCame * kLengths * 32);
}

TEST(ResponseTable, EveryRowFitsSomething) {
    for (const ResponseRow& row : kResponseTable) {
        bool fits = false;
        for_all_facts([&](const ResponseFacts& facts) { fits = fits || row.fits(facts); });
        EXPECT_TRUE(fits) << row.label;
    }
}

TEST(ResponseTable, ABodyIsTakenOnlyFromAnUnchangedFileInPlainBytes) {
    for_all_facts([&](const ResponseFacts& facts) {
        for (const ResponseRow& row : kResponseTable)
            if (row.fits(facts) && row.decision == Decision::Append) {
                EXPECT_EQ(facts.changed, YesNo::No) << row.label;
                EXPECT_EQ(facts.encoded, YesNo::No) << row.label;
                EXPECT_NE(facts.length, Length::Bad) << row.label;
            }
    });
}

TEST(Came, SortsEveryStatusAsTheClausesSay) {
    EXPECT_EQ(came_of(200), Came::Ok);
    EXPECT_EQ(came_of(206), Came::Partial);
    for (const int status : {301, 302, 303, 307, 308})
        EXPECT_EQ(came_of(status), Came::Redirect) << status;
    EXPECT_EQ(came_of(412), Came::PreconditionFailed);
    EXPECT_EQ(came_of(416), Came::RangeRefused);
    for (const int status : {405, 501}) EXPECT_EQ(came_of(status), Came::MethodRefused) << status;
    for (const int status : {408, 409, 429, 500, 502, 503, 504, 599})
        EXPECT_EQ(came_of(status), Came::TransientStatus) << status;
    for (const int status : {201, 204, 300, 304, 305, 400, 401, 403, 404, 407, 410, 505, 600, 999})
        EXPECT_EQ(came_of(status), Came::FinalStatus) << status;
}

}  // namespace
}  // namespace qmgr
