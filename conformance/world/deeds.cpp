#include "conformance/world/deeds.hpp"

#include <array>

namespace qmgr::inline v0::world {
namespace {

constexpr std::array<std::string_view, kDeeds> kNames = {
    "load_journal", "commit_journal", "examine",      "create_part", "sync_part",
    "sync_body",    "discard_part",   "sync_removal", "ask_rename",  "sync_for_rename",
    "rename",       "sync_directory", "begin_body",   "write",       "end_body",
    "start_fetch",  "store_body",     "stop_fetch",   "deliver",     "answer"};

}  // namespace

std::string_view name(Deed deed) { return kNames.at(static_cast<std::size_t>(deed)); }

bool is_divisible(Deed deed) {
    return deed == Deed::Write || deed == Deed::SyncPart || deed == Deed::SyncBody ||
           deed == Deed::SyncForRename;
}

bool can_fail(Deed deed) {
    return deed != Deed::EndBody && deed != Deed::StopFetch && deed != Deed::Answer &&
           deed != Deed::AskRename;
}

Doing::Doing(Deeds* deeds, Deed deed) : deeds_(deeds) {
    if (deeds_ == nullptr) return;
    if (deeds_->ended_) {
        fate_ = Fate::EndsBefore;
        return;
    }
    if (deeds_->judge_) fate_ = deeds_->judge_(deed);
    if (fate_ == Fate::Fails && !can_fail(deed)) fate_ = Fate::Done;
    if (fate_ == Fate::EndsWithin && !is_divisible(deed)) fate_ = Fate::EndsBefore;
    deeds_->ended_ = fate_ == Fate::EndsBefore || fate_ == Fate::EndsWithin;
}

Doing::~Doing() {
    if (fate_ == Fate::EndsAfter) deeds_->ended_ = true;
}

}  // namespace qmgr::inline v0::world
