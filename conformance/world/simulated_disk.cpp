#include "conformance/world/simulated_disk.hpp"

#include <algorithm>

#include "reference/engine/names.hpp"

namespace qmgr::inline v0::world {
namespace {

// A rename and the syncs around it take their time, so that a group is seen while they run.
constexpr Duration kRenameTakes(2);

}  // namespace

SimulatedDisk::SimulatedDisk(Agenda& agenda, VirtualClock& clock, EventSink& events,
                             const Policy& policy)
    : agenda_(agenda), clock_(clock), events_(events), policy_(policy), directories_{"/"} {}

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

void SimulatedDisk::crash() {
    now_ = durable_;
    new_parts_.clear();
    bodies_.clear();
}

HResult SimulatedDisk::examine(const Caller& caller, const std::string& local_name) {
    const std::string directory = directory_of(local_name);
    if (!directories_.contains(directory)) return HResult::PathNotFound;
    if (protected_.contains(directory) && !caller.administrator) return HResult::AccessDenied;
    return HResult::Ok;
}

void SimulatedDisk::create_part(const action::CreatePart& part) {
    event::PartCreated event{part.file, HResult::Ok, 0};
    const auto found = now_.find(part.path);
    if (!directories_.contains(directory_of(part.path))) {
        event.result = HResult::PathNotFound;
    } else if (found != now_.end()) {
        event.length = found->second.contents.size();
        if (part.claim == PartClaim::New || (part.claim == PartClaim::Named && event.length != 0))
            event.result = HResult::FileExists;
    } else if (full_) {
        event.result = HResult::DiskFull;
    } else {
        now_[part.path] = {};
    }
    if (succeeded(event.result))
        new_parts_.insert(part.file);
    else
        new_parts_.erase(part.file);
    note(succeeded(event.result) ? "opened" : "not opened", part.path);
    events_.post(event);
}

void SimulatedDisk::sync_part(const action::SyncPart& part) {
    forget_bodies(part.file);
    const auto found = now_.find(part.path);
    if (found == now_.end()) {
        events_.post(event::PartSynced{part.file, part.fetch, 0, HResult::PathNotFound});
        return;
    }
    found->second.contents.truncate(part.length);
    durable_[part.path] = found->second;
    note("synced", part.path);
    events_.post(event::PartSynced{part.file, part.fetch, part.length, HResult::Ok});
}

void SimulatedDisk::commit_file(const action::CommitFile& file) {
    agenda_.put(clock_.now() + kRenameTakes, [this, file] { rename(file); });
}

void SimulatedDisk::rename(const action::CommitFile& file) {
    event::FileCommitted event{file.file, HResult::Ok};
    forget_bodies(file.file);
    const auto part = now_.find(file.path);
    const auto there = now_.find(file.destination);
    if (!directories_.contains(directory_of(file.destination))) {
        event.result = HResult::PathNotFound;
    } else if (directories_.contains(file.destination)) {
        event.result = HResult::IoDevice;  // as rename(2), which does not put a file there
    } else if (part != now_.end()) {
        DiskFile published{part->second.contents, file.last_modified};
        now_.erase(part);
        durable_.erase(file.path);
        now_[file.destination] = durable_[file.destination] = std::move(published);
    } else if (!file.again || there == now_.end() || there->second.contents.size() != file.size) {
        event.result = HResult::FileNotFound;
    }
    note(succeeded(event.result) ? "published" : "not published", file.destination);
    events_.post(event);
}

void SimulatedDisk::discard_part(const action::DiscardPart& part) {
    forget_bodies(part.file);
    const auto found = now_.find(part.path);
    const bool made = new_parts_.erase(part.file) != 0 || part.claim != PartClaim::New;
    const bool ours = part.claim == PartClaim::Ours ||
                      (made && found != now_.end() && found->second.contents.size() == 0);
    if (ours) {
        now_.erase(part.path);
        durable_.erase(part.path);
        note("discarded", part.path);
    }
    events_.post(event::PartDiscarded{part.file, HResult::Ok});
}

HResult SimulatedDisk::begin_body(const action::StoreBody& body) {
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
        durable_[body.path] = file->second;
        body.synced = file->second.contents.size();
        note("synced", body.path);
        events_.post(event::PartSynced{body.file, fetch, body.synced, HResult::Ok});
    }
    if (body.ended) bodies_.erase(found);
}

// What an exchange leaves is made durable all the same, when its time has come.
void SimulatedDisk::end_body(FetchId fetch) {
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
