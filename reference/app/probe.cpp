#include "reference/app/probe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "reference/engine/http_fields.hpp"

namespace qmgr {
namespace {

// The pieces of CAP-4; its file ends with the last one.
constexpr std::array<std::uint64_t, 3> kPieceBytes = {5691, 8049, 6722};
// The end of the range of a job that does not know the size (CAP-6).
constexpr std::uint64_t kUnknownEnd = (1ULL << 31U) - 1;
// How far past the end is asked: arbitrary.
constexpr std::uint64_t kPastBytes = 100;
// Before any web server: a file cannot be unmodified since then.
constexpr std::string_view kOldDate = "Mon, 01 Jan 1990 00:00:00 GMT";

class ServerProbe {
  public:
    ServerProbe(const std::string& url, const Ask& ask, const Policy& policy)
        : ask_(ask), policy_(policy) {
        report_.url = url;
    }

    ServerReport run() {
        look_at_head();
        const bool answered = report_.looks.back().exchange->response.status != 0;
        if (answered) look_at_whole();
        if (answered && whole_works_ && size_.value_or(0) > 0) {
            look_at_ranges();
            look_at_old_date();
        } else {
            skip_ranges(whole_works_ ? "The file is empty."
                                     : "There is no use in asking after such an answer.");
        }
        if (answered) {
            look_again();
            judge_connections();
        }
        sum_up();
        return std::move(report_);
    }

  private:
    FileRequest request_of(Asked asked, std::uint64_t begin = 0, std::uint64_t end = 0) const {
        FileRequest request;
        request.asked = asked;
        request.url = report_.url;
        request.begin = begin;
        request.end = end;
        request.size = size_;
        request.last_modified = last_modified_;
        return request;
    }
    Look& send(std::string name, std::vector<std::string> like, const FileRequest& request) {
        report_.looks.push_back(look_at(std::move(name), std::move(like), request, ask_, policy_));
        return report_.looks.back();
    }
    void skip(std::string name, std::string why) {
        Look look;
        look.name = std::move(name);
        look.means = std::move(why);
        report_.looks.push_back(std::move(look));
    }

    void skip_ranges(const std::string& why) {
        for (const char* name : {"whole-as-range", "piece-1", "piece-2", "piece-3",
                                 "unknown-length", "past-the-end", "old-date"})
            skip(name, why);
    }

    void look_at_head();
    void look_at_whole();
    void look_at_ranges();
    void look_at_pieces();
    void look_past_the_end();
    void look_at_old_date();
    void look_again();
    void judge_connections();
    void sum_up();
    const Look* find(std::string_view name) const;
    const Look* narrowed_by() const;

    const Ask& ask_;
    const Policy& policy_;
    ServerReport report_;
    std::optional<std::uint64_t> size_;         // as the engine would know it
    std::optional<std::string> last_modified_;  // the same
    std::optional<event::ResponseStarted> first_head_;
    bool whole_works_ = false;
};

void ServerProbe::look_at_head() {
    Look& look = send("head", {"CAP-2", "CAP-3", "CAP-4", "CAP-8", "CAP-9", "CAP-11", "CAP-12"},
                      request_of(Asked::Head));
    if (look.decision != Decision::Learn) return;
    const Response& response = look.exchange->response;
    first_head_ = head_of(response);
    size_ = content_length(response.headers).bytes;
    last_modified_ = field_value(response.headers, "last-modified");
    if (last_modified_) return;
    look.verdict = Verdict::Warning;
    look.clause = "XFER-DATE-1";
    look.means +=
        " There is no Last-Modified: a download that is interrupted starts over, and a change of "
        "the file that keeps its size goes unseen.";
}

// XFER-CHANGE-1: an answer that shows another file is believed, and asked for again.
void ServerProbe::look_at_whole() {
    for (std::uint32_t changes = 0;; ++changes) {
        Look look = look_at("whole", {"CAP-2", "CAP-7", "CAP-8", "CAP-9", "CAP-12"},
                            request_of(Asked::Whole), ask_, policy_);
        const Response& response = look.exchange->response;
        const auto total = told_total(head_of(response));
        if (look.decision == Decision::StartOver && changes < policy_.change_restarts) {
            last_modified_ = field_value(response.headers, "last-modified");
            if (total) size_ = total;
            continue;
        }
        if (look.decision == Decision::StartOver)
            look.means += " It does so every time: no download ends.";
        whole_works_ = look.decision == Decision::Append;
        if (whole_works_) {
            if (!size_) size_ = total;
            if (!last_modified_) last_modified_ = field_value(response.headers, "last-modified");
            if (response.body_bytes == kBodyLimitBytes && *size_ > kBodyLimitBytes)
                look.means += " Only the first MiB of it was looked at.";
        }
        if (whole_works_ && changes > 0) {
            look.verdict = Verdict::Warning;
            look.clause = "XFER-CHANGE-1";
            look.means +=
                " But first it showed another size or Last-Modified than HEAD did, and "
                "a download starts over because of that.";
        }
        report_.looks.push_back(std::move(look));
        return;
    }
}

void ServerProbe::look_at_ranges() {
    constexpr std::string_view ignored =
        " The range is ignored, which does no harm where it begins at 0.";
    Look& whole =
        send("whole-as-range", {"CAP-1", "CAP-7"}, request_of(Asked::FromStart, 0, *size_));
    if (whole.verdict == Verdict::Fails) whole.verdict = Verdict::ForegroundOnly;
    if (whole.rule == "R-22") {
        whole.verdict = Verdict::Warning;
        whole.means += ignored;
    }
    look_at_pieces();
    // CAP-6 has no HEAD before it, so no date either.
    FileRequest unknown = request_of(Asked::FromStart, 0, kUnknownEnd);
    unknown.last_modified.reset();
    Look& look = send("unknown-length", {"CAP-6"}, unknown);
    if (look.rule == "R-22") look.means += ignored;
    if (look.verdict == Verdict::Fails || look.rule == "R-22") {
        look.verdict = Verdict::Warning;
        look.means += " Only jobs that do not know the size ask so.";
    }
    look_past_the_end();
}

// As CAP-4 and CAP-5 have them; a file smaller than the one of CAP-4 is cut in three.
void ServerProbe::look_at_pieces() {
    std::uint64_t all = 0;
    for (const std::uint64_t bytes : kPieceBytes) all += bytes;
    std::uint64_t begin = 0;
    for (std::size_t n = 0; n < kPieceBytes.size() && begin < *size_; ++n) {
        const bool is_last = n + 1 == kPieceBytes.size();
        const std::uint64_t third = std::max<std::uint64_t>(1, *size_ / kPieceBytes.size());
        const std::uint64_t wanted = *size_ >= all ? kPieceBytes[n]
                                     : is_last     ? *size_ - begin
                                                   : third;
        const Asked asked = begin == 0 ? Asked::FromStart : Asked::FromMiddle;
        Look& look = send(fmt::format("piece-{}", n + 1), {"CAP-4", "CAP-5"},
                          request_of(asked, begin, begin + wanted));
        if (look.verdict == Verdict::Fails) look.verdict = Verdict::ForegroundOnly;
        if (look.rule == "R-22" && *size_ > wanted) {
            look.verdict = Verdict::ForegroundOnly;
            look.means += " But the range is ignored: the whole file comes for a small piece.";
        }
        begin += wanted;
    }
}

// BITS asks so only when the file has become shorter, so the honest answer is a refusal that tells
// the size. The row says what a user gets whose file did become shorter.
void ServerProbe::look_past_the_end() {
    Look& look =
        send("past-the-end", {}, request_of(Asked::FromMiddle, *size_, *size_ + kPastBytes));
    const Response& response = look.exchange->response;
    const bool refused = came_of(response.status) == Came::RangeRefused;
    const auto total = unsatisfied_total(response.headers);
    if (refused && total == size_) {
        look.verdict = Verdict::Ok;
        look.code = HResult::Ok;
        look.means = "A range past the end is refused (416), and the size is told.";
    } else if (refused && !total) {
        look.verdict = Verdict::Warning;
        look.means =
            "A range past the end is refused (416), but the size is not told: when the "
            "file becomes shorter during a download, the job fails instead of starting "
            "over.";
    } else {
        look.verdict = Verdict::Warning;
        look.means =
            "A range past the end is not refused (416). So an answer like this comes when "
            "the file becomes shorter during a download. " +
            look.means;
    }
}

void ServerProbe::look_at_old_date() {
    const auto date = last_modified_ ? http_date(*last_modified_) : std::nullopt;
    if (!date || *date <= *http_date(kOldDate)) {
        skip("old-date", last_modified_ ? "Last-Modified is older than 1990, or no HTTP date."
                                        : "BITS sends If-Unmodified-Since only when it knows a "
                                          "Last-Modified.");
        return;
    }
    FileRequest request =
        request_of(Asked::FromStart, 0, std::min<std::uint64_t>(*size_, kPieceBytes[0]));
    request.last_modified = kOldDate;
    Look& look = send("old-date", {"CAP-1", "CAP-8"}, request);
    const Response& response = look.exchange->response;
    const Came came = came_of(response.status);
    if (came == Came::PreconditionFailed) {
        look.verdict = Verdict::Ok;
        look.code = HResult::Ok;
        look.means = "If-Unmodified-Since is honoured (412): a change of the file is seen at once.";
    } else if (came == Came::Ok || came == Came::Partial) {
        const bool dated = field_value(response.headers, "last-modified").has_value();
        look.verdict = Verdict::Warning;
        look.code = HResult::Ok;
        look.means = "If-Unmodified-Since is not honoured (no 412). ";
        look.means += dated ? "A change of the file is still seen by the Last-Modified of each "
                              "answer."
                            : "This answer has no Last-Modified, so a change of the file that "
                              "keeps its size goes unseen, and an interrupted download may be a "
                              "mix of two versions.";
    } else {
        look.verdict = Verdict::Warning;
    }
}

void ServerProbe::look_again() {
    FileRequest request = request_of(Asked::Head);
    request.size.reset();
    request.last_modified.reset();
    if (first_head_) {
        request.size = content_length(first_head_->headers).bytes;
        request.last_modified = field_value(first_head_->headers, "last-modified");
    }
    Look& look = send("second-look", {"CAP-4", "CAP-8"}, request);
    if (!first_head_) return;  // it failed the first time, and whatever it is now, is worth showing
    if (look.decision != Decision::Learn) {
        look.verdict = Verdict::Warning;
        look.means = "The same HEAD gets another answer than before. " + look.means;
        return;
    }
    const event::ResponseStarted second = head_of(look.exchange->response);
    const bool lost_date = request.last_modified.has_value() !=
                           field_value(second.headers, "last-modified").has_value();
    if (facts_of(request, second, policy_).changed == YesNo::No && !lost_date) {
        look.means = "Size and Last-Modified are those of the first look.";
        return;
    }
    look.verdict = Verdict::Warning;
    look.code = HResult::FileChanged;
    look.clause = "XFER-CHANGE-1";
    look.means =
        "Size or Last-Modified is another than at the first look. Each time that happens "
        "to a download, it starts over; servers behind one name have to agree on both.";
}

void ServerProbe::judge_connections() {
    const Exchange* before = nullptr;  // the exchange before, if its connection can be used again
    int could = 0;
    int kept = 0;
    for (const Look& look : report_.looks) {
        if (!look.exchange) continue;
        const Exchange& exchange = *look.exchange;
        const bool is_direct = exchange.redirects.empty();
        if (before != nullptr && is_direct && exchange.response.connection != 0) {
            ++could;
            if (exchange.response.connection == before->response.connection) ++kept;
        }
        before = is_direct && was_read_to_its_end(exchange) ? &exchange : nullptr;
    }
    Look look;
    look.name = "connections";
    look.clause = "XFER-GET-3";
    look.verdict = could > 0 && kept == 0 ? Verdict::Warning : Verdict::Ok;
    look.means =
        fmt::format("{} of {} requests could use the connection of the one before.", kept, could);
    if (look.verdict == Verdict::Warning)
        look.means +=
            " The server closes each one, so every piece of a background job pays for a new one.";
    report_.looks.push_back(std::move(look));
}

const Look* ServerProbe::find(std::string_view name) const {
    for (const Look& look : report_.looks)
        if (look.name == name) return &look;
    return nullptr;
}

// What breaks background jobs: the first look that has a code for it, else the first one.
const Look* ServerProbe::narrowed_by() const {
    const Look* found = nullptr;
    for (const Look& look : report_.looks) {
        if (look.verdict != Verdict::ForegroundOnly) continue;
        if (look.code != HResult::Ok) return &look;
        if (found == nullptr) found = &look;
    }
    return found;
}

void ServerProbe::sum_up() {
    const Look* const narrowed = narrowed_by();
    const Look* broken = nullptr;
    for (const char* name : {"head", "whole"}) {
        const Look* const look = find(name);
        if (broken == nullptr && look != nullptr && look->verdict == Verdict::Fails) broken = look;
    }
    const bool is_large =
        policy_.foreground_range_bytes != 0 && size_.value_or(0) >= policy_.foreground_range_bytes;
    if (broken == nullptr && narrowed != nullptr && is_large) broken = narrowed;
    const auto warnings =
        std::count_if(report_.looks.begin(), report_.looks.end(),
                      [](const Look& look) { return look.verdict == Verdict::Warning; });
    if (broken != nullptr) {
        report_.mode = Mode::None;
        report_.code = broken->code;
        const bool may_pass = broken->decision == Decision::RetryLater;
        report_.summary = fmt::format("BITS cannot download this file{}; see {}.",
                                      may_pass ? " now" : "", broken->name);
        if (broken->name == "head" && whole_works_)
            report_.summary += " A plain GET works, but BITS asks by HEAD first.";
        return;
    }
    if (narrowed != nullptr) {
        report_.mode = Mode::Foreground;
        report_.code =
            narrowed->code != HResult::Ok ? narrowed->code : HResult::BgInsufficientRangeSupport;
        report_.summary =
            "Foreground jobs can download this file as long as nothing interrupts them. "
            "Background jobs fail when BITS fetches in pieces, as it does with all but small "
            "files; "
            "see " +
            narrowed->name + ".";
        return;
    }
    report_.mode = Mode::Background;
    report_.summary = "BITS can download this file, in the background too.";
    if (warnings > 0)
        report_.summary +=
            fmt::format(" Read the {} warning{}.", warnings, warnings == 1 ? "" : "s");
}

}  // namespace

std::string_view name(Mode mode) {
    static constexpr std::array<std::string_view, 3> names = {"background", "foreground", "none"};
    return names.at(static_cast<std::size_t>(mode));
}

ServerReport probe_server(const std::string& url, const Ask& ask, const Policy& policy) {
    return ServerProbe(url, ask, policy).run();
}

}  // namespace qmgr
