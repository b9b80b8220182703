#include "reference/app/proxy_probe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "reference/engine/http_fields.hpp"

namespace qmgr {
namespace {

struct Pattern {
    std::string capture;
    std::vector<std::uint64_t> piece_bytes;
};

std::vector<Pattern> patterns() { return {{"CAP-4", {5691, 8049, 6722}}, {"CAP-5", {4875, 6672}}}; }

// The object this request is for ends so, whether the target is a path or a whole URL.
std::vector<ArrivedRequest> requests_for(const std::vector<ArrivedRequest>& arrived,
                                         const std::string& object) {
    std::vector<ArrivedRequest> found;
    for (const ArrivedRequest& one : arrived)
        if (one.target.ends_with("/" + object)) found.push_back(one);
    return found;
}

bool asks_for_all(const ArrivedRequest& request, std::uint64_t object_bytes) {
    if (request.method != "GET") return false;
    const auto range = field_value(request.headers, "range");
    return !range || range == "bytes=0-" || range == "bytes=0-" + std::to_string(object_bytes - 1);
}

class ProxyProbe {
  public:
    ProxyProbe(const std::string& proxy, const Origin& origin, const Ask& ask, const Policy& policy)
        : origin_(origin), ask_(ask), policy_(policy) {
        report_.proxy = proxy;
        report_.object_bytes = origin.object_bytes;
    }

    ProxyReport run() {
        if (look_at_head())
            for (const Pattern& pattern : patterns()) look_at(pattern);
        sum_up();
        return std::move(report_);
    }

  private:
    bool look_at_head();
    void look_at(const Pattern& pattern);
    void judge(PatternCost& cost, bool pieces_came, const std::vector<ArrivedRequest>& arrived);
    void sum_up();

    const Origin& origin_;
    const Ask& ask_;
    const Policy& policy_;
    ProxyReport report_;
    std::optional<std::string> last_modified_;
};

// False: there is no use in asking further.
bool ProxyProbe::look_at_head() {
    FileRequest request;
    request.asked = Asked::Head;
    request.url = origin_.url + patterns().front().capture;
    Look look = qmgr::look_at("proxy-head", {"CAP-4", "CAP-8", "CAP-9"}, request, ask_, policy_);
    const std::vector<ArrivedRequest> arrived = origin_.arrived();
    const bool got_through = look.decision == Decision::Learn;
    if (arrived.empty()) {
        look.verdict = Verdict::Fails;
        look.means =
            "Our origin, which listens on 127.0.0.1 of this machine, was never asked: the "
            "proxy refuses to, or cannot reach it. " +
            look.means;
    } else if (got_through && arrived.front().method != "HEAD") {
        look.verdict = Verdict::Warning;
        look.means += " But the proxy makes a GET of it: the whole object is fetched for its size.";
    } else if (got_through) {
        last_modified_ = field_value(look.exchange->response.headers, "last-modified");
        look.means = "HEAD with an absolute URL gets through to our origin and back.";
        if (content_length(look.exchange->response.headers).bytes != origin_.object_bytes ||
            !last_modified_) {
            look.verdict = Verdict::Warning;
            look.means += " But size or Last-Modified did not come back as our origin sent them.";
        }
    }
    const bool goes_on = got_through && !arrived.empty();
    report_.looks.push_back(std::move(look));
    return goes_on;
}

void ProxyProbe::look_at(const Pattern& pattern) {
    PatternCost cost;
    cost.capture = pattern.capture;
    FileRequest request;
    request.url = origin_.url + pattern.capture;
    request.size = origin_.object_bytes;
    request.last_modified = last_modified_;
    bool pieces_came = true;
    for (const std::uint64_t bytes : pattern.piece_bytes) {
        request.asked = request.begin == 0 ? Asked::FromStart : Asked::FromMiddle;
        request.end = request.begin + bytes;
        Look look = qmgr::look_at(
            fmt::format("{}-piece-{}", pattern.capture == "CAP-4" ? "cap4" : "cap5", ++cost.pieces),
            {pattern.capture}, request, ask_, policy_);
        cost.given_bytes += look.exchange->response.body_bytes;
        if (look.rule == "R-22") {
            look.verdict = Verdict::ForegroundOnly;
            look.means += " But the range is lost: the whole object comes for a small piece.";
        } else if (look.verdict == Verdict::Fails) {
            look.verdict = Verdict::ForegroundOnly;
        }
        pieces_came = pieces_came && look.verdict == Verdict::Ok;
        report_.looks.push_back(std::move(look));
        request.begin = request.end;
    }
    judge(cost, pieces_came, requests_for(origin_.arrived(), pattern.capture));
    report_.patterns.push_back(std::move(cost));
}

void ProxyProbe::judge(PatternCost& cost, bool pieces_came,
                       const std::vector<ArrivedRequest>& arrived) {
    for (const ArrivedRequest& one : arrived) {
        ++cost.origin_requests;
        cost.taken_bytes += one.body_bytes;
        if (one.method == "GET")
            cost.ranges.push_back(field_value(one.headers, "range").value_or(""));
        if (asks_for_all(one, origin_.object_bytes)) ++cost.whole_requests;
    }
    const bool takes_more = cost.taken_bytes > cost.given_bytes;
    if (!pieces_came) {
        cost.verdict = Verdict::Fails;
        cost.means = cost.whole_requests > 0 ? "The proxy takes the range away and gives no pieces."
                                             : "The pieces do not get through the proxy.";
    } else if (cost.whole_requests >= cost.pieces) {
        cost.verdict = Verdict::Fails;
        cost.means =
            "A cache that fetches the whole object for each piece. With large files such "
            "downloads never end; let it keep slices, or pass ranges on.";
    } else if (cost.whole_requests > 0) {
        cost.verdict = Verdict::Warning;
        cost.means =
            "A cache that fetches the whole object for the first piece and keeps it. The "
            "first piece of a large file may have to wait for all of it.";
    } else if (takes_more) {
        cost.verdict = Verdict::Warning;
        cost.means = "A cache that takes more than it gives, in ranges of its own.";
    } else {
        cost.verdict = Verdict::Ok;
        cost.means = "Every byte is taken from the origin once, or was kept.";
    }
}

void ProxyProbe::sum_up() {
    report_.works = !report_.patterns.empty();
    for (const Look& look : report_.looks) {
        const bool fails =
            look.verdict == Verdict::Fails || look.verdict == Verdict::ForegroundOnly;
        if (fails && failed(look.code) && report_.code == HResult::Ok) report_.code = look.code;
    }
    for (const PatternCost& cost : report_.patterns) {
        if (cost.verdict != Verdict::Fails) continue;
        if (report_.works) report_.summary = cost.means;
        report_.works = false;
    }
    if (report_.works) {
        report_.summary = "BITS can download through this proxy, in the background too.";
    } else if (report_.patterns.empty()) {
        report_.summary = "BITS cannot download through this proxy; see proxy-head.";
    }
}

}  // namespace

ProxyReport probe_proxy(const std::string& proxy, const Origin& origin, const Ask& ask,
                        const Policy& policy) {
    return ProxyProbe(proxy, origin, ask, policy).run();
}

}  // namespace qmgr
