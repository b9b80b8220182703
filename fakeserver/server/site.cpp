#include "fakeserver/server/site.hpp"

#include <utility>

namespace qmgr::inline v0::fakeserver {

Site::Site(Script script) : responder_(std::move(script)) {}

Opening Site::open() {
    const std::lock_guard lock(mutex_);
    return {.life = life_};
}

Admission Site::admit() {
    const std::lock_guard lock(mutex_);
    return {.id = {.life = life_, .number = ++connections_}, .plan = {}};
}

std::optional<Assignment> Site::respond(Request request, ConnectionId connection) {
    const std::lock_guard lock(mutex_);
    if (connection.life != life_) {
        return std::nullopt;
    }
    request.connection = connection.number;
    request.number = book_.size() + 1;
    ResponsePlan plan = responder_.respond(request);
    book_.push_back({.request = std::move(request),
                     .status = plan.status,
                     .rule = plan.rule,
                     .body_bytes_sent = 0,
                     .ending = plan.ending});
    return Assignment{.plan = std::move(plan), .life = life_, .entry = book_.size() - 1};
}

void Site::note_body_bytes(const Assignment& assignment, std::uint64_t count) {
    const std::lock_guard lock(mutex_);
    if (assignment.life == life_) {
        book_[assignment.entry].body_bytes_sent = count;
    }
}

std::uint64_t Site::set_script(Script script) {
    const std::lock_guard lock(mutex_);
    responder_ = Responder(std::move(script));
    book_.clear();
    connections_ = 0;
    return ++life_;
}

std::vector<RuleHits> Site::hits() const {
    const std::lock_guard lock(mutex_);
    return responder_.hits();
}

std::vector<ServedRequest> Site::requests() const {
    const std::lock_guard lock(mutex_);
    return book_;
}

}  // namespace qmgr::inline v0::fakeserver
