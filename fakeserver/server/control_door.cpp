// cpp-httplib 0.11.4 serves the door. Three habits of it are worked around: it reads a body that
// has no length until the client goes, reads one that is too large to its end, and takes a form of
// more than 8 KiB for too large, whatever the limit is. So all that needs no body is answered
// before the library looks for one, and the body of a script is read by us.
#include "fakeserver/server/control_door.hpp"

#include <httplib.h>
#include <openssl/crypto.h>
#include <unistd.h>

#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>

#include "fakeserver/script_json.hpp"
#include "fakeserver/server/journal.hpp"

namespace qmgr::inline v0::fakeserver {
namespace {

constexpr const char* kHost = "127.0.0.1";
constexpr const char* kJson = "application/json";
/// A script of a hundred thousand rules; arbitrary.
constexpr std::size_t kMostBytes = std::size_t{16} << 20U;
/// One waits for a client that is slow while the other answers.
constexpr std::size_t kThreads = 2;
/// For the next byte of a request or the next request; whoever is silent longer makes room.
constexpr time_t kPatienceSeconds = 1;

/// In a time that does not tell how much of it is right.
bool is_same(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

void say(httplib::Response& answer, int status, const nlohmann::ordered_json& json) {
    answer.status = status;
    answer.set_content(
        json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n", kJson);
}

void refuse(httplib::Response& answer, int status, std::string_view error) {
    say(answer, status, {{"error", error}});
}

nlohmann::ordered_json json_of(const std::vector<RuleHits>& hits) {
    auto list = nlohmann::ordered_json::array();
    for (const RuleHits& rule : hits) {
        list.push_back({{"rule", rule.rule}, {"hits", rule.hits}});
    }
    return list;
}

std::string json_text_of(const std::vector<ServedRequest>& requests) {
    std::string text = "[";
    for (const ServedRequest& served : requests) {
        text.append(text.size() == 1 ? "" : ",\n").append(to_json_text(served));
    }
    return text + "]\n";
}

}  // namespace

class ControlDoor::Rooms {
  public:
    Rooms(FaultServer& server, const std::string& token)
        : server_(server), authorization_("Bearer " + token) {
        http_.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
        // The library's own options let another program of this user listen at the same port.
        http_.set_socket_options([](socket_t) {});
        // A thread serves a connection to its end, so an idle one would keep others out.
        http_.set_keep_alive_max_count(1);
        http_.set_pre_routing_handler([this](const auto& request, auto& answer) {
            return is_answered(request, answer) ? httplib::Server::HandlerResponse::Handled
                                                : httplib::Server::HandlerResponse::Unhandled;
        });
        http_.Put("/script", [this](const auto& /*request*/, auto& answer, const auto& body) {
            take_script(answer, body);
        });
        http_.set_error_handler([](const auto& /*request*/, auto& answer) {
            if (answer.body.empty()) {
                refuse(answer, answer.status, "expected a request");
            }
        });
        http_.set_read_timeout(kPatienceSeconds);
        http_.set_keep_alive_timeout(kPatienceSeconds);
        port_ = http_.bind_to_any_port(kHost);
        if (port_ <= 0) {
            throw ListenError("a free port of 127.0.0.1: none can be had");
        }
        thread_ = std::thread([this] { http_.listen_after_bind(); });
        // The library forgets a stop that comes before it runs.
        while (!http_.is_running()) {
            std::this_thread::yield();
        }
    }
    ~Rooms() {
        http_.stop();
        thread_.join();
    }
    Rooms(const Rooms&) = delete;
    Rooms& operator=(const Rooms&) = delete;
    Rooms(Rooms&&) = delete;
    Rooms& operator=(Rooms&&) = delete;

    std::uint16_t port() const { return static_cast<std::uint16_t>(port_); }

  private:
    /// False: the body is to be read.
    bool is_answered(const httplib::Request& request, httplib::Response& answer) {
        const std::string asked = request.method + " " + request.path;
        if (!is_same(request.get_header_value("Authorization"), authorization_)) {
            answer.set_header("WWW-Authenticate", "Bearer");
            refuse(answer, 401, "expected Authorization: Bearer and the token of this server");
        } else if (asked == "GET /hits") {
            say(answer, 200, json_of(server_.hits()));
        } else if (asked == "GET /requests") {
            answer.status = 200;
            answer.set_content(json_text_of(server_.requests()), kJson);
        } else if (asked == "POST /reset") {
            server_.reset();
            say(answer, 200, nlohmann::ordered_json::object());
        } else if (asked != "PUT /script") {
            refuse(answer, 404,
                   "expected GET /hits, GET /requests, PUT /script or POST /reset, found " + asked);
        } else if (!request.has_header("Content-Length") ||
                   request.has_header("Transfer-Encoding")) {
            refuse(answer, 411, "expected a body with Content-Length");
        } else if (request.get_header_value<std::uint64_t>("Content-Length") > kMostBytes) {
            refuse(answer, 413, "expected at most 16 MiB");
        } else if (request.has_header("Content-Encoding") || request.is_multipart_form_data()) {
            refuse(answer, 415, "expected the bytes of a script, not encoded, and no form");
        } else {
            return false;
        }
        return true;
    }

    void take_script(httplib::Response& answer, const httplib::ContentReader& body) {
        std::string text;
        const bool whole = body([&text](const char* bytes, std::size_t count) {
            text.append(bytes, count);
            return true;
        });
        if (!whole) {
            return;
        }
        try {
            Script script = script_from_json_text(text, "script");
            expect_playable(script, server_.url("").starts_with("https:"), "script");
            const nlohmann::ordered_json taken{{"title", script.title},
                                               {"resources", script.resources.size()},
                                               {"rules", script.rules.size()}};
            server_.set_script(std::move(script));
            say(answer, 200, taken);
        } catch (const InputError& error) {
            refuse(answer, 400, error.what());
        }
    }

    FaultServer& server_;
    const std::string authorization_;
    httplib::Server http_;
    int port_ = 0;
    std::thread thread_;
};

ControlDoor::ControlDoor(FaultServer& server, std::string token)
    : rooms_(std::make_unique<Rooms>(server, std::move(token))) {}

ControlDoor::~ControlDoor() = default;

std::uint16_t ControlDoor::port() const { return rooms_->port(); }

std::string ControlDoor::url() const {
    return std::string("http://") + kHost + ":" + std::to_string(port());
}

std::string make_token() {
    std::array<unsigned char, 16> bits{};
    if (::getentropy(bits.data(), bits.size()) != 0) {
        throw std::runtime_error("the system gives no random bits");
    }
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string token;
    for (const unsigned char byte : bits) {
        token += kDigits[byte >> 4U];
        token += kDigits[byte & 0xFU];
    }
    return token;
}

}  // namespace qmgr::inline v0::fakeserver
