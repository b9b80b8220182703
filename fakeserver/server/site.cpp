#include "fakeserver/server/site.hpp"

#include <utility>

namespace qmgr::inline v0::fakeserver {

namespace {

/// About what a request costs in the book: a header is two strings.
std::uint64_t cost_of(const ServedRequest& served) {
    std::uint64_t bytes = sizeof served + served.request.path.size();
    for (const Header& header : served.request.headers) {
        bytes += sizeof header + header.name.size() + header.value.size();
    }
    return bytes;
}

}  // namespace

Site::Site(Script script, Witness witness)
    : script_(std::move(script)), responder_(script_), witness_(std::move(witness)) {}

Opening Site::open() {
    const std::lock_guard lock(mutex_);
    const auto refuse_ms = responder_.refuse(connections_ + 1);
    if (refuse_ms) {
        ++connections_;
    }
    return {.life = life_, .refuse_ms = refuse_ms};
}

Admission Site::admit() {
    const std::lock_guard lock(mutex_);
    ++connections_;
    return {.id = {.life = life_, .number = connections_}, .plan = responder_.admit(connections_)};
}

std::optional<Assignment> Site::respond(Request request, ConnectionId connection) {
    const std::lock_guard lock(mutex_);
    if (connection.life != life_) {
        return std::nullopt;
    }
    request.connection = connection.number;
    request.number = ++requests_;
    ResponsePlan plan = responder_.respond(request);
    ServedRequest served{.request = std::move(request),
                         .status = plan.status,
                         .rule = plan.rule,
                         .faults = plan.faults,
                         .body_bytes_sent = 0,
                         .ending = plan.ending};
    book_bytes_ += cost_of(served);
    while (!book_.empty() && (book_.size() >= FaultServer::kMostRequestsKept ||
                              book_bytes_ > FaultServer::kMostBytesKept)) {
        book_bytes_ -= cost_of(book_.front());
        book_.pop_front();
    }
    book_.push_back(served);
    return Assignment{.plan = std::move(plan), .served = std::move(served), .life = life_};
}

void Site::note_body_bytes(Assignment& assignment, std::uint64_t count) {
    const std::lock_guard lock(mutex_);
    assignment.served.body_bytes_sent = count;
    const std::uint64_t forgotten = requests_ - book_.size();
    const std::uint64_t number = assignment.served.request.number;
    if (assignment.life == life_ && number > forgotten) {
        book_[number - forgotten - 1].body_bytes_sent = count;
    }
}

void Site::finish(const Assignment& assignment) {
    if (witness_) {
        const std::lock_guard lock(witness_mutex_);
        witness_(assignment.served);
    }
}

std::uint64_t Site::begin_life() {
    responder_ = Responder(script_);
    book_.clear();
    book_bytes_ = 0;
    requests_ = 0;
    connections_ = 0;
    return ++life_;
}

std::uint64_t Site::set_script(Script script) {
    const std::lock_guard lock(mutex_);
    script_ = std::move(script);
    return begin_life();
}

std::uint64_t Site::reset() {
    const std::lock_guard lock(mutex_);
    return begin_life();
}

std::vector<RuleHits> Site::hits() const {
    const std::lock_guard lock(mutex_);
    return responder_.hits();
}

std::vector<ServedRequest> Site::requests() const {
    const std::lock_guard lock(mutex_);
    return {book_.begin(), book_.end()};
}

}  // namespace qmgr::inline v0::fakeserver
