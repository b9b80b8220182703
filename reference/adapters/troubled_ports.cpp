#include "reference/adapters/troubled_ports.hpp"

#include <filesystem>
#include <system_error>

namespace qmgr {

HResult FailingJournal::load(Records& records) {
    return machine_.journal_fails() ? HResult::IoDevice : journal_.load(records);
}

HResult FailingJournal::commit(const std::vector<Change>& changes) {
    return machine_.journal_fails() ? HResult::IoDevice : journal_.commit(changes);
}

HResult FillableFileStore::examine(const Caller& caller, const std::string& local_name) {
    return store_.examine(caller, local_name);
}

void FillableFileStore::create_part(const action::CreatePart& part) {
    std::error_code ignored;
    const bool is_there = std::filesystem::exists(part.path, ignored);
    if (machine_.disk_is_full() && !is_there)
        sink_.post(event::PartCreated{part.file, HResult::DiskFull, 0});
    else
        store_.create_part(part);
}
void FillableFileStore::sync_part(const action::SyncPart& part) { store_.sync_part(part); }
void FillableFileStore::commit_file(const action::CommitFile& file) { store_.commit_file(file); }
void FillableFileStore::discard_part(const action::DiscardPart& part) { store_.discard_part(part); }
HResult FillableFileStore::begin_body(const action::StoreBody& body) {
    return store_.begin_body(body);
}

HResult FillableFileStore::write(FetchId fetch, const char* data, std::size_t count) {
    return machine_.disk_is_full() ? HResult::DiskFull : store_.write(fetch, data, count);
}

void FillableFileStore::end_body(FetchId fetch) { store_.end_body(fetch); }

}  // namespace qmgr
