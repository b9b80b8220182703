#include <gtest/gtest.h>

#include "reference/contract/check.hpp"
#include "reference/contract/hresult.hpp"
#include "reference/contract/identifiers.hpp"
#include "reference/contract/status.hpp"

namespace qmgr {
namespace {

TEST(Guid, ReadsBothCasesAndWritesLowerCase) {
    const auto guid = guid_from_text("6F9619FF-8B86-D011-B42D-00C04FC964FF");
    ASSERT_TRUE(guid);
    EXPECT_EQ(to_text(*guid), "6f9619ff-8b86-d011-b42d-00c04fc964ff");
    EXPECT_FALSE(guid->is_null());
}

TEST(Guid, RefusesEveryOtherText) {
    for (const char* text :
         {"", "6f9619ff", "{6f9619ff-8b86-d011-b42d-00c04fc964ff}",
          "6f9619ff-8b86-d011-b42d-00c04fc964fg", "6f9619ff+8b86-d011-b42d-00c04fc964ff",
          "6f9619ff-8b86-d011-b42d-00c04fc964ff0"})
        EXPECT_FALSE(guid_from_text(text)) << text;
}

TEST(HResult, IsWrittenByItsDocumentedNameOrInHex) {
    EXPECT_EQ(name(HResult::QmInvalidState), "QM_E_INVALID_STATE");
    EXPECT_EQ(name(from_http_status(404)), "0x80190194");
    EXPECT_EQ(name(from_win32(112)), "0x80070070");
}

TEST(HResult, IsReadBackFromWhatWasWritten) {
    for (const HResult code :
         {HResult::Ok, HResult::False, HResult::BgEmpty, HResult::NameNotResolved,
          from_http_status(503), HResult::BgTooManyJobsPerMachine})
        EXPECT_EQ(hresult_from_text(name(code)), code);
    EXPECT_FALSE(hresult_from_text("BG_E_NOTHING"));
    EXPECT_FALSE(hresult_from_text("0x8019019"));
    EXPECT_FALSE(hresult_from_text("0x8019019G"));
}

TEST(HResult, TellsSuccessFromFailureByItsTopBit) {
    EXPECT_TRUE(succeeded(HResult::False));
    EXPECT_TRUE(failed(HResult::BgEmpty));
}

TEST(Status, CarriesTheNumbersOfTheHeader) {
    const GroupStatus status = GroupStatus{}.with(GroupFlag::Suspended).with(GroupFlag::Incomplete);
    EXPECT_EQ(status.bits, 0x180U);
    EXPECT_EQ(status.without(GroupFlag::Suspended).bits, 0x80U);
    EXPECT_EQ(flag_names(status),
              (std::vector<std::string_view>{"GROUP_INCOMPLETE", "GROUP_SUSPENDED"}));
}

TEST(CheckDeathTest, PrintsExpressionNoteAndPlaceAndAborts) {
    EXPECT_DEATH(QMGR_CHECK(1 == 2, "the note"), "1 == 2.*the note.*contract_test.cpp");
}

}  // namespace
}  // namespace qmgr
