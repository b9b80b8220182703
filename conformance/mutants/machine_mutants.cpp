// Mutants of what is no table and no answer: how requests look, how answers are heard, what happens
// to files, what becomes durable, and in which order.
#include <array>
#include <cctype>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <type_traits>
#include <utility>

#include "conformance/mutants/mutant.hpp"
#include "conformance/mutants/twisted_ports.hpp"

namespace qmgr::mutants {
namespace {

using H = HResult;
using world::Variation;

Mutant machine(const std::string& id, const std::string& clause, const std::string& change,
               std::function<Variation()> make) {
    return {"machine." + id, "what the machine does", clause, change, std::move(make), ""};
}

std::string lower(std::string text) {
    for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

HeaderField* find(std::vector<HeaderField>& fields, const std::string& name) {
    for (HeaderField& field : fields)
        if (lower(field.name) == name) return &field;
    return nullptr;
}

void drop(std::vector<HeaderField>& fields, const std::string& name) {
    std::erase_if(fields, [&](const HeaderField& field) { return lower(field.name) == name; });
}

/// A machine with one port in place of another: `make(ports, events)` gives a new one at each start
/// of the service; all live as long as the case.
template <class Port>
Variation with_port(std::function<std::unique_ptr<Port>(const Ports&, EventSink&)> make) {
    auto made = std::make_shared<std::vector<std::unique_ptr<Port>>>();
    Variation variation;
    variation.ports = [made, make = std::move(make)](const Ports& ports, EventSink& events) {
        Port& mine = *made->emplace_back(make(ports, events));
        const auto or_mine = [&]<class Given>(Given& given) -> Given& {
            if constexpr (std::is_same_v<Given, Port>)
                return mine;
            else
                return given;
        };
        return Ports{or_mine(ports.clock),
                     or_mine(ports.transport),
                     or_mine(ports.file_store),
                     or_mine(ports.journal),
                     or_mine(ports.notifier),
                     or_mine(ports.surroundings),
                     ports.log};
    };
    return variation;
}

// ---- requests ----

using RequestChange = void (*)(action::StartFetch&);

Mutant request(const std::string& id, const std::string& clause, const std::string& change,
               RequestChange make) {
    return machine("request." + id, clause, change, [make] {
        return with_port<Transport>([make](const Ports& ports, EventSink& /*events*/) {
            return std::make_unique<ChangedRequests>(ports.transport, make);
        });
    });
}

struct Bytes {
    std::uint64_t first = 0;
    std::string last;
};

// Of the one form the reference sends: bytes=a-b.
std::optional<Bytes> range_of(action::StartFetch& fetch) {
    const HeaderField* range = find(fetch.headers, "range");
    if (range == nullptr) return std::nullopt;
    const std::string text = range->value.substr(range->value.find('=') + 1);
    return Bytes{std::stoull(text), text.substr(text.find('-') + 1)};
}

void add_head_requests(std::vector<Mutant>& all) {
    all.push_back(request("no-head", "XFER-HEAD-1", "GET takes the place of HEAD", [](auto& fetch) {
        if (fetch.method == "HEAD") fetch.method = "GET";
    }));
    all.push_back(request("head-with-range", "XFER-HEAD-1", "HEAD has a Range", [](auto& fetch) {
        if (fetch.method == "HEAD") fetch.headers.push_back({"Range", "bytes=0-0"});
    }));
    all.push_back(
        request("head-with-validator", "OBS-120", "HEAD has If-Modified-Since", [](auto& fetch) {
            if (fetch.method == "HEAD")
                fetch.headers.push_back({"If-Modified-Since", "Wed, 04 Sep 2024 02:15:41 GMT"});
        }));
}

void add_range_requests(std::vector<Mutant>& all) {
    all.push_back(request("open-range", "OBS-123", "ranges are open: bytes=a-", [](auto& fetch) {
        if (const auto bytes = range_of(fetch))
            find(fetch.headers, "range")->value = "bytes=" + std::to_string(bytes->first) + "-";
    }));
    all.push_back(request("range-list", "XFER-GET-1", "a range is a list of two", [](auto& fetch) {
        if (range_of(fetch)) find(fetch.headers, "range")->value += ",0-0";
    }));
    all.push_back(request("no-range", "XFER-GET-4", "everything is asked for again",
                          [](auto& fetch) { drop(fetch.headers, "range"); }));
    all.push_back(request(
        "byte-twice", "XFER-GET-4", "the last byte stored is asked for again", [](auto& fetch) {
            const auto bytes = range_of(fetch);
            if (bytes && bytes->first != 0)
                find(fetch.headers, "range")->value =
                    "bytes=" + std::to_string(bytes->first - 1) + "-" + bytes->last;
        }));
    all.push_back(request("range-in-foreground", "XFER-FG-1", "a whole file is asked for by range",
                          [](auto& fetch) {
                              if (fetch.method == "GET" && !range_of(fetch))
                                  fetch.headers.push_back({"Range", "bytes=0-"});
                          }));
}

void add_field_requests(std::vector<Mutant>& all) {
    all.push_back(request("no-accept", "XFER-GET-3", "no Accept",
                          [](auto& fetch) { drop(fetch.headers, "accept"); }));
    all.push_back(request("no-accept-encoding", "OBS-121", "no Accept-Encoding",
                          [](auto& fetch) { drop(fetch.headers, "accept-encoding"); }));
    all.push_back(request("no-connection", "XFER-GET-3", "no Connection",
                          [](auto& fetch) { drop(fetch.headers, "connection"); }));
    all.push_back(request("no-agent", "XFER-GET-3", "no User-Agent",
                          [](auto& fetch) { drop(fetch.headers, "user-agent"); }));
    all.push_back(request("language", "XFER-GET-3", "Accept-Language is sent", [](auto& fetch) {
        fetch.headers.push_back({"Accept-Language", "en"});
    }));
    all.push_back(request("referer", "OBS-121", "Referer is sent", [](auto& fetch) {
        fetch.headers.push_back({"Referer", "http://server.test/"});
    }));
    all.push_back(request("gzip", "OBS-121", "gzip is accepted", [](auto& fetch) {
        if (HeaderField* field = find(fetch.headers, "accept-encoding")) field->value = "gzip";
    }));
}

void add_unknown_fields(std::vector<Mutant>& all) {
    all.push_back(request("credentials", "AUTH-04", "credentials are sent", [](auto& fetch) {
        fetch.headers.push_back({"Authorization", "Basic dXNlcjp1c2Vy"});
    }));
    all.push_back(request("cache-fields", "OPEN-23", "no cache may answer", [](auto& fetch) {
        fetch.headers.push_back({"Cache-Control", "no-cache"});
        fetch.headers.push_back({"Pragma", "no-cache"});
    }));
    all.push_back(request("cookie", "OPEN-23", "a cookie is sent", [](auto& fetch) {
        fetch.headers.push_back({"Cookie", "id=1"});
    }));
}

void add_validator_requests(std::vector<Mutant>& all) {
    all.push_back(request("no-validator", "XFER-GET-2", "If-Unmodified-Since is not sent",
                          [](auto& fetch) { drop(fetch.headers, "if-unmodified-since"); }));
    all.push_back(
        request("validator-rewritten", "XFER-GET-2", "the date is written anew", [](auto& fetch) {
            if (auto* field = find(fetch.headers, "if-unmodified-since")) field->value += " ";
        }));
    all.push_back(request("if-range", "OBS-122", "If-Range goes with a range", [](auto& fetch) {
        if (range_of(fetch)) fetch.headers.push_back({"If-Range", "\"etag\""});
    }));
    all.push_back(request("if-none-match", "OBS-121", "an ETag is sent", [](auto& fetch) {
        if (fetch.method == "GET") fetch.headers.push_back({"If-None-Match", "\"etag\""});
    }));
}

// Asks for the first file again whenever the second GET of another one is sent.
class FetchesFinishedAgain final : public PassingTransport {
  public:
    using PassingTransport::PassingTransport;
    void start(const action::StartFetch& fetch) override {
        PassingTransport::start(fetch);
        if (fetch.method != "GET") return;
        if (first_.url.empty()) first_ = fetch;
        if (fetch.url == first_.url || ++others_ < 2) return;
        action::StartFetch again = first_;
        again.fetch = {1'000'000 + fetch.fetch.value};  // a number the engine does not know
        PassingTransport::start(again);
    }

  private:
    action::StartFetch first_;
    int others_ = 0;
};

Mutant fetches_finished_again() {
    return machine("request.finished-again", "XFER-CHANGE-2",
                   "a finished file is fetched again when another one is", [] {
                       return with_port<Transport>([](const Ports& ports, EventSink& /*events*/) {
                           return std::make_unique<FetchesFinishedAgain>(ports.transport);
                       });
                   });
}

// ---- answers ----

Mutant heard(const std::string& id, const std::string& clause, const std::string& change,
             std::function<void(event::ResponseStarted&)> make) {
    return machine("answer." + id, clause, change, [make = std::move(make)] {
        Variation variation;
        variation.event = [make](Event& event) {
            if (auto* head = std::get_if<event::ResponseStarted>(&event)) make(*head);
            return true;
        };
        return variation;
    });
}

void add_statuses(std::vector<Mutant>& all) {
    struct Taken {
        int status;
        int for_this;
        const char* clause;
    };
    static constexpr std::array kTaken = {
        Taken{408, 400, "XFER-STATUS-1"}, Taken{409, 400, "XFER-STATUS-1"},
        Taken{429, 400, "XFER-STATUS-1"}, Taken{500, 400, "OBS-051"},
        Taken{502, 400, "XFER-STATUS-1"}, Taken{503, 400, "XFER-STATUS-1"},
        Taken{504, 400, "XFER-STATUS-1"}, Taken{505, 500, "XFER-STATUS-1"},
        Taken{401, 500, "ERR-CLS-03"},    Taken{403, 500, "ERR-CLS-04"},
        Taken{404, 500, "OBS-050"},       Taken{407, 500, "ERR-CLS-03"},
        Taken{410, 500, "ERR-CLS-18"},    Taken{405, 404, "XFER-HEAD-2"},
        Taken{501, 404, "XFER-HEAD-2"},   Taken{412, 404, "XFER-CHANGE-1"},
        Taken{416, 404, "XFER-RANGE-2"},  Taken{301, 404, "XFER-REDIR-1"},
        Taken{302, 404, "XFER-REDIR-1"},  Taken{303, 404, "XFER-REDIR-1"},
        Taken{307, 404, "XFER-REDIR-1"},  Taken{308, 404, "XFER-REDIR-1"},
        Taken{206, 200, "XFER-GET-4"},    Taken{200, 206, "XFER-HEAD-1"},
    };
    for (const Taken& one : kTaken) {
        const std::string status = std::to_string(one.status);
        const std::string other = std::to_string(one.for_this);
        all.push_back(heard(status + "-as-" + other, one.clause, status + " is taken for " + other,
                            [status = one.status, other = one.for_this](auto& head) {
                                if (head.status == status) head.status = other;
                            }));
    }
}

void add_heads(std::vector<Mutant>& all) {
    const auto without = [&](const std::string& field, const std::string& clause) {
        all.push_back(heard("no-" + field, clause, field + " of an answer is not read",
                            [field](auto& head) { drop(head.headers, field); }));
    };
    without("retry-after", "XFER-WAIT-1");
    without("content-encoding", "XFER-BODY-1");
    without("content-range", "XFER-GET-4");
    without("location", "XFER-REDIR-1");
    without("last-modified", "FILE-TIME-1");
    all.push_back(heard("first-length", "XFER-BODY-1", "of two lengths the first one is taken",
                        [](auto& head) {
                            const HeaderField* first = find(head.headers, "content-length");
                            if (first == nullptr) return;
                            const HeaderField kept = *first;
                            drop(head.headers, "content-length");
                            head.headers.push_back(kept);
                        }));
    all.push_back(
        heard("case-counts", "HTTP-11", "a name all in small letters is not known", [](auto& head) {
            std::erase_if(head.headers,
                          [](const HeaderField& field) { return field.name == lower(field.name); });
        }));
    all.push_back(heard("length-32-bits", "LIM-08", "a length above 32 bits wraps", [](auto& head) {
        HeaderField* length = find(head.headers, "content-length");
        if (length == nullptr || length->value.size() < 10) return;
        const auto bytes = std::stoull(length->value);
        length->value = std::to_string(static_cast<std::uint32_t>(bytes));
    }));
    all.push_back(
        heard("digest-checked", "FILE-09", "an answer with a digest is no good", [](auto& head) {
            for (const char* name : {"digest", "content-digest", "repr-digest", "content-md5"})
                if (find(head.headers, name) != nullptr) head.status = 400;
        }));
    all.push_back(
        heard("date-invented", "XFER-DATE-1", "a file without a date gets one", [](auto& head) {
            if (find(head.headers, "last-modified") == nullptr)
                head.headers.push_back({"Last-Modified", "Thu, 01 Jan 1970 00:00:00 GMT"});
        }));
    all.push_back(
        heard("length-invented", "XFER-SIZE-1", "a missing length is taken for 0", [](auto& head) {
            if (head.status == 200 && find(head.headers, "content-length") == nullptr)
                head.headers.push_back({"Content-Length", "0"});
        }));
}

// An answer that shows another version is taken for the first one seen.
Mutant changed_file_not_seen(const std::string& clause, const std::string& field) {
    return machine("answer.first-" + field + "." + clause, clause,
                   "the first " + field + " seen counts for all answers", [field] {
                       auto first = std::make_shared<std::optional<std::string>>();
                       Variation variation;
                       variation.event = [first, field](Event& event) {
                           auto* head = std::get_if<event::ResponseStarted>(&event);
                           HeaderField* found = head ? find(head->headers, field) : nullptr;
                           if (found == nullptr) return true;
                           if (*first) found->value = **first;
                           *first = found->value;
                           return true;
                       };
                       return variation;
                   });
}

// What was asked for, so that an answer can be made to fit it.
struct Asked {
    std::map<FetchId, std::string> range;
    std::map<FetchId, std::uint64_t> missing;
};

class Watching final : public PassingTransport {
  public:
    Watching(Transport& inner, Asked& asked) : PassingTransport(inner), asked_(asked) {}
    void start(const action::StartFetch& fetch) override {
        action::StartFetch copy = fetch;
        if (const HeaderField* range = find(copy.headers, "range"))
            asked_.range[fetch.fetch] = range->value.substr(range->value.find('=') + 1);
        PassingTransport::start(fetch);
    }
    void store_body(const action::StoreBody& body) override {
        asked_.missing[body.fetch] = body.limit;
        PassingTransport::store_body(body);
    }

  private:
    Asked& asked_;
};

/// A machine that knows what was asked for: `change(event, asked, events)`; false: lost.
using WatchingChange = bool (*)(Event&, Asked&, EventSink&);

Mutant watching(const std::string& id, const std::string& clause, const std::string& change,
                WatchingChange make) {
    return machine(id, clause, change, [make] {
        struct Kept {
            Asked asked;
            EventSink* events = nullptr;
        };
        auto kept = std::make_shared<Kept>();
        Variation variation = with_port<Transport>([kept](const Ports& ports, EventSink& events) {
            kept->events = &events;
            return std::make_unique<Watching>(ports.transport, kept->asked);
        });
        variation.event = [kept, make](Event& event) {
            return make(event, kept->asked, *kept->events);
        };
        return variation;
    });
}

bool any_part_fits(Event& event, Asked& asked, EventSink& /*events*/) {
    auto* head = std::get_if<event::ResponseStarted>(&event);
    if (head == nullptr || head->status != 206 || !asked.range.contains(head->fetch)) return true;
    if (HeaderField* field = find(head->headers, "content-range"))
        field->value = "bytes " + asked.range[head->fetch] +
                       field->value.substr(std::min(field->value.find('/'), field->value.size()));
    drop(head->headers, "content-length");  // the part is as long as it may be
    return true;
}

bool every_failure_is_a_reset(Event& event, Asked& /*asked*/, EventSink& /*events*/) {
    if (auto* ended = std::get_if<event::FetchEnded>(&event); ended && ended->failure)
        ended->failure = TransportFailure::Interrupted;
    return true;
}

// The client is told of a success, and the file lacks what did not come.
bool truncated_is_whole(Event& event, Asked& asked, EventSink& events) {
    if (const auto* stored = std::get_if<event::BytesStored>(&event))
        asked.missing[stored->fetch] -= std::min(asked.missing[stored->fetch], stored->count);
    auto* ended = std::get_if<event::FetchEnded>(&event);
    if (ended == nullptr || !asked.missing.contains(ended->fetch)) return true;
    if (ended->failure && asked.missing[ended->fetch] != 0)
        events.post(event::BytesStored{ended->fetch, asked.missing[ended->fetch]});
    ended->failure.reset();
    return true;
}

bool bytes_counted_twice(Event& event, Asked& /*asked*/, EventSink& events) {
    if (const auto* stored = std::get_if<event::BytesStored>(&event); stored && stored->count > 1) {
        events.post(event::BytesStored{stored->fetch, stored->count / 2});
        events.post(event::BytesStored{stored->fetch, 1});
    }
    return true;
}

bool stored_bytes_are_lost(Event& event, Asked& /*asked*/, EventSink& /*events*/) {
    return !std::holds_alternative<event::BytesStored>(event);
}

// ---- files ----

template <class Store>
Mutant files(const std::string& id, const std::string& clause, const std::string& change) {
    return machine("file." + id, clause, change, [] {
        return with_port<FileStore>([](const Ports& ports, EventSink& events) {
            return std::make_unique<Store>(ports.file_store, events);
        });
    });
}

class Store : public PassingFileStore {
  public:
    Store(FileStore& inner, EventSink& events) : PassingFileStore(inner), events_(events) {}

  protected:
    void tell(Event event) { events_.post(std::move(event)); }

  private:
    EventSink& events_;
};

struct PartsStay final : Store {
    using Store::Store;
    void discard_part(const action::DiscardPart& part) override {
        tell(event::PartDiscarded{part.file, H::Ok});
    }
};

struct NoDates final : Store {
    using Store::Store;
    void commit_file(const action::CommitFile& file) override {
        action::CommitFile undated = file;
        undated.last_modified.reset();
        Store::commit_file(undated);
    }
};

struct NeverRenamed final : Store {
    using Store::Store;
    void commit_file(const action::CommitFile& file) override {
        tell(event::FileCommitted{file.file, H::Ok});
    }
};

struct OldFileFirstRemoved final : Store {
    using Store::Store;
    void commit_file(const action::CommitFile& file) override {
        discard_part({file.file, file.destination, PartClaim::Ours});
        Store::commit_file(file);
    }
};

struct TakesForeignParts final : Store {
    using Store::Store;
    void create_part(const action::CreatePart& part) override {
        action::CreatePart ours = part;
        ours.claim = PartClaim::Ours;
        Store::create_part(ours);
    }
};

// Another name for every part: what is made, written, synced, renamed and removed.
struct OtherPartNames final : Store {
    using Store::Store;
    static std::string other(const std::string& path) { return path.empty() ? path : path + "x"; }
    template <class Action>
    static Action renamed(Action action) {
        action.path = other(action.path);
        return action;
    }
    void create_part(const action::CreatePart& part) override { Store::create_part(renamed(part)); }
    void sync_part(const action::SyncPart& part) override { Store::sync_part(renamed(part)); }
    void commit_file(const action::CommitFile& file) override { Store::commit_file(renamed(file)); }
    void discard_part(const action::DiscardPart& part) override {
        Store::discard_part(renamed(part));
    }
};

struct PublishesElsewhere final : Store {
    using Store::Store;
    void commit_file(const action::CommitFile& file) override {
        action::CommitFile elsewhere = file;
        elsewhere.destination += ".new";
        Store::commit_file(elsewhere);
    }
};

// What an earlier run of the group published goes away when a later one publishes.
struct PublishesAgain final : Store {
    using Store::Store;
    void commit_file(const action::CommitFile& file) override {
        for (const std::string& done : done_)
            if (done != file.destination)
                Store::discard_part({{file.file.group, 9999}, done, PartClaim::Ours});
        done_.insert(file.destination);
        Store::commit_file(file);
    }
    std::set<std::string> done_;
};

struct AnyDirectory final : Store {
    using Store::Store;
    H examine(const Caller& /*caller*/, const std::string& /*local_name*/) override {
        return H::Ok;
    }
};

// ---- what is durable ----

template <class Kept>
Mutant journal(const std::string& id, const std::string& clause, const std::string& change) {
    return machine("journal." + id, clause, change, [] {
        return with_port<Journal>([](const Ports& ports, EventSink& /*events*/) {
            return std::make_unique<Kept>(ports.journal);
        });
    });
}

struct KeepsNothing final : PassingJournal {
    using PassingJournal::PassingJournal;
    H commit(const std::vector<Change>& /*changes*/) override { return H::Ok; }
};

// The answer is given before the change is durable: a crash loses the last one.
struct OneBehind final : PassingJournal {
    using PassingJournal::PassingJournal;
    H commit(const std::vector<Change>& changes) override {
        const std::vector<Change> before = std::exchange(waiting_, changes);
        return before.empty() ? H::Ok : PassingJournal::commit(before);
    }
    std::vector<Change> waiting_;
};

struct FailureIsSuccess final : PassingJournal {
    using PassingJournal::PassingJournal;
    H commit(const std::vector<Change>& changes) override {
        static_cast<void>(PassingJournal::commit(changes));
        return H::Ok;
    }
};

/// Forgets one thing when it is read: `forget(records)`.
template <auto forget>
struct Forgets final : PassingJournal {
    using PassingJournal::PassingJournal;
    H load(Records& records) override {
        const H result = PassingJournal::load(records);
        if (!failed(result)) forget(records);
        return result;
    }
};

void forget_bytes(Records& records) {
    for (FileRecord& file : records.files) file.synced = 0;
}
void forget_resumed(Records& records) {
    for (GroupRecord& group : records.groups)
        if (group.state == DurableState::Queued) group.state = DurableState::Suspended;
}
void forget_suspended(Records& records) {
    for (GroupRecord& group : records.groups)
        if (group.state == DurableState::Suspended) group.state = DurableState::Queued;
}
void forget_foreground(Records& records) {
    for (GroupRecord& group : records.groups) group.foreground = false;
}
void forget_owner(Records& records) {
    for (GroupRecord& group : records.groups) group.owner = "somebody";
}
void forget_errors(Records& records) {
    for (GroupRecord& group : records.groups) group.error_count = 0;
}
void forget_quick_retries(Records& records) {
    for (GroupRecord& group : records.groups) group.quick_retries = 0;
}
void forget_failing_since(Records& records) {
    for (GroupRecord& group : records.groups) group.failing_since.reset();
}
void forget_undelivered(Records& records) {
    for (GroupRecord& group : records.groups) group.undelivered.reset();
}
void forget_dates(Records& records) {
    for (FileRecord& file : records.files) file.last_modified.reset();
}

// ---- deliveries ----

// Nobody is asked, and the event counts as told.
struct TellsNobody final : Notifier {
    TellsNobody(Notifier& /*inner*/, EventSink& events) : events_(events) {}
    void deliver(const Notification& notification) override {
        events_.post(event::NotificationAnswered{notification.number, H::Ok});
    }
    void forget() override {}
    EventSink& events_;
};

Mutant tells_nobody(const std::string& clause) {
    return machine("nobody-is-success." + clause, clause,
                   "an event that nobody took counts as told", [] {
                       return with_port<Notifier>([](const Ports& ports, EventSink& events) {
                           return std::make_unique<TellsNobody>(ports.notifier, events);
                       });
                   });
}

void add_files(std::vector<Mutant>& all) {
    all.push_back(files<PartsStay>("part-stays", "GROUP-CANCEL-3", "a part is never removed"));
    all.push_back(files<NoDates>("no-date", "FILE-TIME-1", "the server's date is not kept"));
    all.push_back(files<NeverRenamed>("never-renamed", "FILE-PUB-1", "nothing is published"));
    all.push_back(files<NeverRenamed>("not-kept-by-cancel", "GROUP-CANCEL-2",
                                      "CancelGroup publishes nothing"));
    all.push_back(files<OldFileFirstRemoved>("old-file-removed", "FILE-PUB-3",
                                             "the old file is removed before the rename"));
    all.push_back(files<TakesForeignParts>("takes-foreign-parts", "FILE-TMP-1",
                                           "a file under a part's name is taken for a part"));
    all.push_back(files<OtherPartNames>("other-part-names", "OBS-140", "parts have other names"));
    all.push_back(files<PublishesElsewhere>("published-elsewhere", "FILE-PUB-1",
                                            "a file is published under another name"));
    all.push_back(files<PublishesAgain>("publishes-again", "FILE-PUB-5",
                                        "what was published goes away when more is"));
    all.push_back(files<AnyDirectory>("any-directory", "JOB1-ADD-3",
                                      "no directory is looked at when files are added"));
    all.push_back(files<AnyDirectory>("missing-directory", "JOB1-ADD-6",
                                      "no directory is looked at when files are added"));
}

void add_journals(std::vector<Mutant>& all) {
    all.push_back(journal<KeepsNothing>("nothing", "PROP-KEEP-1", "nothing outlives the service"));
    all.push_back(journal<OneBehind>("one-behind", "PROP-KEEP-1",
                                     "a call is answered before its change is durable"));
    all.push_back(journal<FailureIsSuccess>("failure-is-success", "SERVICE-1",
                                            "a journal that cannot be written is ignored"));
    all.push_back(journal<Forgets<forget_bytes>>("bytes", "XFER-START-1",
                                                 "a restart forgets the bytes there are"));
    all.push_back(journal<Forgets<forget_resumed>>("resumed", "XFER-START-1",
                                                   "a restart suspends what was resumed"));
    all.push_back(journal<Forgets<forget_suspended>>("suspended", "GROUP-SUSPEND-1",
                                                     "a restart resumes what was suspended"));
    all.push_back(journal<Forgets<forget_foreground>>("foreground", "GROUP-FG-2",
                                                      "a restart forgets the foreground"));
    all.push_back(
        journal<Forgets<forget_owner>>("owner", "QMGR-GET-1", "a restart forgets the owner"));
    all.push_back(
        journal<Forgets<forget_errors>>("errors", "PRG-14", "a restart forgets the error count"));
    all.push_back(journal<Forgets<forget_quick_retries>>(
        "quick-retries", "XFER-QUICK-1", "a restart gives the repeats at once back"));
    all.push_back(journal<Forgets<forget_undelivered>>("undelivered", "NOTIFY-7",
                                                       "a restart forgets what is to be told"));
    all.push_back(journal<Forgets<forget_dates>>("dates", "XFER-START-1",
                                                 "a restart forgets the date of the file"));
    all.push_back(journal<Forgets<forget_failing_since>>(
        "failing-since", "XFER-NOPROG-1", "a restart begins the no-progress time anew"));
}

}  // namespace

std::vector<Mutant> machine_mutants() {
    std::vector<Mutant> all;
    add_head_requests(all);
    add_range_requests(all);
    add_field_requests(all);
    add_unknown_fields(all);
    add_validator_requests(all);
    all.push_back(fetches_finished_again());
    add_statuses(all);
    add_heads(all);
    for (const char* clause : {"XFER-CHANGE-1", "PRG-09", "PRG-10"})
        all.push_back(changed_file_not_seen(clause, "last-modified"));
    all.push_back(watching("answer.any-part-fits", "XFER-RANGE-2",
                           "a 206 with another start is appended", any_part_fits));
    all.push_back(watching("answer.truncated-is-whole", "XFER-BODY-1",
                           "a truncated body is called success", truncated_is_whole));
    all.push_back(watching("answer.every-failure-is-a-reset", "XFER-CODE-1",
                           "whatever failed is an aborted connection", every_failure_is_a_reset));
    all.push_back(watching("bytes-counted-twice", "GROUP-PROG-1", "stored bytes are counted twice",
                           bytes_counted_twice));
    all.push_back(watching("bytes-not-counted", "GROUP-PROG-1", "stored bytes are not counted",
                           stored_bytes_are_lost));
    add_files(all);
    add_journals(all);
    for (const char* clause : {"NOTIFY-1", "NOTIFY-2", "NOTIFY-12"})
        all.push_back(tells_nobody(clause));
    return all;
}

std::vector<Mutant> all_mutants() {
    std::vector<Mutant> all;
    for (auto list : {table_mutants(), policy_mutants(), client_mutants(), machine_mutants()})
        for (Mutant& one : list) all.push_back(std::move(one));
    return all;
}

}  // namespace qmgr::mutants
