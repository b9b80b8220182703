#include "conformance/world/simulated_disk.hpp"

#include <algorithm>

#include "reference/engine/names.hpp"

namespace qmgr::inline v0::world {
namespace {

// A rename and the syncs around it take their time, so that a group is seen while they run.
constexpr Duration kRenameTakes(2);

}  // namespace

SimulatedDisk::SimulatedDisk(Agenda& agenda, VirtualClock& clock, EventSink& events,
                             const Policy& policy, Deeds* deeds)
    : agenda_(agenda),
      clock_(clock),
      events_(events),
      policy_(policy),
      deeds_(deeds),
      directories_{"/"} {}

void SimulatedDisk::remove_directory(const std::string& path) {
    directories_.erase(path);
    const auto inside = [&](const auto& entry) { return entry.first.starts_with(path + "/"); };
    std::erase_if(now_, inside);
    std::erase_if(durable_, inside);
}

const DiskFile* SimulatedDisk::find(const std::string& path) const {
    const auto found = now_.find(path);
    return found == now_.end() ? nullptr : &found->second;
}

std::vector<std::string> SimulatedDisk::paths() const {
    std::vector<std::string> paths;
    for (const auto& [path, file] : now_) paths.push_back(path);
    return paths;
}

void SimulatedDisk::forget_process() {
    new_parts_.clear();
    bodies_.clear();
}

void SimulatedDisk::crash() {
    now_ = durable_;
    forget_process();
}

HResult SimulatedDisk::examine(const Caller& caller, const std::string& local_name) {
    const Doing doing(deeds_, Deed::Examine);
    if (doing.fails()) return HResult::AccessDenied;
    const std::string directory = directory_of(local_name);
    if (!directories_.contains(directory)) return HResult::PathNotFound;
    if (protected_.contains(directory) && !caller.administrator) return HResult::AccessDenied;
    return HResult::Ok;
}

void SimulatedDisk::create_part(const action::CreatePart& part) {
    const Doing doing(deeds_, Deed::CreatePart);
    if (doing.is_void()) return;
    event::PartCreated event{part.file, HResult::Ok, 0};
    const auto found = now_.find(part.path);
    if (doing.fails()) {
        event.result = HResult::IoDevice;
    } else if (!directories_.contains(directory_of(part.path))) {
        event.result = HResult::PathNotFound;
    } else if (found != now_.end()) {
        event.length = found->second.contents.size();
        if (part.claim == PartClaim::New || (part.claim == PartClaim::Named && event.length != 0))
            event.result = HResult::FileExists;
    } else if (full_) {
        event.result = HResult::DiskFull;
    } else if (doing.is_done()) {
        now_[part.path] = {};
    }
    if (succeeded(event.result))
        new_parts_.insert(part.file);
    else
        new_parts_.erase(part.file);
    note(succeeded(event.result) ? "opened" : "not opened", part.path);
    events_.post(event);
}

// What is there of a file becomes durable: all, or half of what was not before.
void SimulatedDisk::make_durable(const std::string& path, bool all) {
    DiskFile file = now_.at(path);
    const auto before = durable_.find(path);
    const std::uint64_t had = before == durable_.end() ? 0 : before->second.contents.size();
    const std::uint64_t has = file.contents.size();
    if (!all) file.contents.truncate(had < has ? had + (has - had) / 2 : has);
    durable_[path] = std::move(file);
}

void SimulatedDisk::sync_part(const action::SyncPart& part) {
    const Doing doing(deeds_, Deed::SyncPart);
    if (doing.is_void()) return;
    forget_bodies(part.file);
    const auto found = now_.find(part.path);
    const bool missing = found == now_.end();
    // As the real one, which does not make a file longer than what was written to it.
    if (missing || doing.fails() || found->second.contents.size() < part.length) {
        const HResult why = missing ? HResult::PathNotFound : HResult::IoDevice;
        events_.post(event::PartSynced{part.file, part.fetch, 0, why});
        return;
    }
    found->second.contents.truncate(part.length);
    if (!doing.is_claimed()) make_durable(part.path, doing.is_done());
    if (doing.is_half_done()) return;
    note("synced", part.path);
    events_.post(event::PartSynced{part.file, part.fetch, part.length, HResult::Ok});
}

void SimulatedDisk::commit_file(const action::CommitFile& file) {
    const Doing doing(deeds_, Deed::AskRename);
    if (doing.is_claimed()) events_.post(event::FileCommitted{file.file, HResult::Ok});
    if (!doing.is_void()) agenda_.put(clock_.now() + kRenameTakes, [this, file] { rename(file); });
}

void SimulatedDisk::rename(const action::CommitFile& file) {
    forget_bodies(file.file);
    const HResult result = put_in_place(file);
    if (deeds_ != nullptr && deeds_->ended()) return;
    note(succeeded(result) ? "published" : "not published", file.destination);
    events_.post(event::FileCommitted{file.file, result});
}

// The bytes, the name, the name's durability: in this order, so that no end shows half a file under
// its name.
HResult SimulatedDisk::put_in_place(const action::CommitFile& file) {
    const auto part = now_.find(file.path);
    if (!directories_.contains(directory_of(file.destination))) return HResult::PathNotFound;
    // As rename(2), which does not put a file there.
    if (directories_.contains(file.destination)) return HResult::IoDevice;
    if (part == now_.end()) {
        const DiskFile* there = find(file.destination);
        const bool renamed = file.again && there != nullptr && there->contents.size() == file.size;
        return renamed ? sync_name(file) : HResult::FileNotFound;
    }
    if (part->second.contents.size() != file.size) return HResult::IoDevice;
    {
        const Doing doing(deeds_, Deed::SyncForRename);
        if (doing.fails()) return HResult::IoDevice;
        if (doing.is_done() || doing.is_half_done()) make_durable(file.path, doing.is_done());
    }
    {
        const Doing doing(deeds_, Deed::Rename);
        if (doing.fails()) return HResult::IoDevice;
        if (doing.is_claimed()) return HResult::Ok;
        if (!doing.is_done()) return HResult::Failed;  // nobody hears of it
        now_[file.destination] = {part->second.contents, file.last_modified};
        now_.erase(part);
    }
    return sync_name(file);
}

HResult SimulatedDisk::sync_name(const action::CommitFile& file) {
    const Doing doing(deeds_, Deed::SyncDirectory);
    if (doing.fails()) return HResult::IoDevice;
    const auto bytes = durable_.extract(doing.is_done() ? file.path : "");
    if (bytes.empty()) return HResult::Ok;  // it was durable before
    durable_[file.destination] = {bytes.mapped().contents, file.last_modified};
    return HResult::Ok;
}

void SimulatedDisk::discard_part(const action::DiscardPart& part) {
    const HResult result = remove(part);
    if (deeds_ == nullptr || !deeds_->ended())
        events_.post(event::PartDiscarded{part.file, result});
}

HResult SimulatedDisk::remove(const action::DiscardPart& part) {
    {
        const Doing doing(deeds_, Deed::DiscardPart);
        if (doing.is_claimed()) return HResult::Ok;
        if (!doing.is_done()) return HResult::IoDevice;
        forget_bodies(part.file);
        const auto found = now_.find(part.path);
        const bool made = new_parts_.erase(part.file) != 0 || part.claim != PartClaim::New;
        const bool ours = part.claim == PartClaim::Ours ||
                          (made && found != now_.end() && found->second.contents.size() == 0);
        if (!ours) return HResult::Ok;
        now_.erase(part.path);
        note("discarded", part.path);
    }
    const Doing doing(deeds_, Deed::SyncRemoval);
    if (doing.is_done()) durable_.erase(part.path);
    return doing.fails() ? HResult::IoDevice : HResult::Ok;
}

HResult SimulatedDisk::begin_body(const action::StoreBody& body) {
    const Doing doing(deeds_, Deed::BeginBody);
    if (doing.fails() || doing.is_void()) return HResult::IoDevice;
    const auto found = now_.find(body.path);
    if (!directories_.contains(directory_of(body.path))) return HResult::PathNotFound;
    if (found == now_.end()) return HResult::FileNotFound;
    if (found->second.contents.size() < body.offset) return HResult::IoDevice;
    found->second.contents.truncate(body.offset);
    const bool unsynced = std::any_of(bodies_.begin(), bodies_.end(), [&](const auto& entry) {
        return entry.second.file == body.file && entry.second.sync_planned;
    });
    forget_bodies(body.file);
    bodies_[body.fetch] = {body.file, body.path, unsynced ? 0 : body.offset};
    if (unsynced) plan_sync(body.fetch, policy_.sync_interval);
    return HResult::Ok;
}

HResult SimulatedDisk::write(FetchId fetch, const char* data, std::size_t count) {
    return write(fetch, fakeserver::Literal{std::string(data, count)});
}

HResult SimulatedDisk::write(FetchId fetch, const Piece& piece) {
    const Doing doing(deeds_, Deed::Write);
    if (doing.fails() || doing.is_void()) return HResult::IoDevice;
    const auto body = bodies_.find(fetch);
    if (body == bodies_.end() || body->second.ended) return HResult::Failed;
    if (!directories_.contains(directory_of(body->second.path))) return HResult::PathNotFound;
    if (full_) {
        note("no room", body->second.path);
        return HResult::DiskFull;
    }
    const auto file = now_.find(body->second.path);
    if (file == now_.end()) return HResult::Ok;
    Contents& contents = file->second.contents;
    if (doing.is_half_done()) contents.append(cut(piece, 0, length_of(piece) / 2));
    if (!doing.is_done()) return HResult::Ok;
    contents.append(piece);
    // Not in this call: the engine hears of bytes before it hears that they are durable.
    const bool many = contents.size() - body->second.synced >= policy_.sync_bytes;
    if (many || !body->second.sync_planned)
        plan_sync(fetch, many ? Duration(0) : policy_.sync_interval);
    return HResult::Ok;
}

void SimulatedDisk::plan_sync(FetchId fetch, Duration after) {
    bodies_.at(fetch).sync_planned = true;
    agenda_.put(clock_.now() + after, [this, fetch] { sync_body(fetch); });
}

void SimulatedDisk::sync_body(FetchId fetch) {
    const auto found = bodies_.find(fetch);
    if (found == bodies_.end()) return;
    Body& body = found->second;
    body.sync_planned = false;
    const auto file = now_.find(body.path);
    if (file != now_.end() && file->second.contents.size() != body.synced) {
        const Doing doing(deeds_, Deed::SyncBody);
        if (doing.fails()) {
            events_.post(event::PartSynced{body.file, fetch, body.synced, HResult::IoDevice});
            return;
        }
        if (doing.is_done() || doing.is_half_done()) make_durable(body.path, doing.is_done());
        if (!doing.is_done() && !doing.is_claimed()) return;
        body.synced = file->second.contents.size();
        note("synced", body.path);
        events_.post(event::PartSynced{body.file, fetch, body.synced, HResult::Ok});
    }
    if (body.ended) bodies_.erase(found);
}

// What an exchange leaves is made durable all the same, when its time has come.
void SimulatedDisk::end_body(FetchId fetch) {
    const Doing doing(deeds_, Deed::EndBody);
    if (doing.is_void()) return;
    const auto found = bodies_.find(fetch);
    if (found == bodies_.end()) return;
    found->second.ended = true;
    if (!found->second.sync_planned) bodies_.erase(found);
}

// A later exchange, or the end of the file, sees to what these have left.
void SimulatedDisk::forget_bodies(FileRef file) {
    std::erase_if(bodies_, [&](const auto& entry) { return entry.second.file == file; });
}

void SimulatedDisk::note(std::string_view what, const std::string& path) {
    const DiskFile* file = find(path);
    history_.push_back({clock_.now(), what, path, file == nullptr ? 0 : file->contents.size()});
}

}  // namespace qmgr::inline v0::world
