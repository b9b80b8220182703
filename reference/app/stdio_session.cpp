#include "reference/app/stdio_session.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>
#include <variant>

namespace qmgr {
namespace {

constexpr int kQueueBusy = 3;

// The words of all alternatives of Call or Surroundings, as the one JSON form writes them.
template <class Variant, std::size_t... I>
std::set<std::string> words_of(std::index_sequence<I...> /*alternatives*/) {
    return {to_json(Variant(std::in_place_index<I>)).begin().key()...};
}
template <class Variant>
std::set<std::string> words_of() {
    return words_of<Variant>(std::make_index_sequence<std::variant_size_v<Variant>>());
}

// The one word of `body` when it has the form of a call or surroundings and is none of `known`.
std::optional<std::string> unknown_word(const Json& body, const std::set<std::string>& known) {
    if (!body.is_object() || body.size() != 1 || known.contains(body.begin().key()))
        return std::nullopt;
    return body.begin().key();
}

const Json& need(const Json& object, const std::string& key, const std::string& where) {
    const auto found = object.is_object() ? object.find(key) : object.end();
    if (!object.is_object()) throw InputError(where, "expected an object");
    if (found == object.end()) throw InputError(where + "/" + key, "expected this field");
    return *found;
}

std::uint64_t need_number(const Json& object, const std::string& key, const std::string& where) {
    const Json& value = need(object, key, where);
    if (!value.is_number_unsigned())
        throw InputError(where + "/" + key, "expected a whole number, not negative");
    return value.get<std::uint64_t>();
}

std::string need_text(const Json& object, const std::string& key, const std::string& where) {
    const Json& value = need(object, key, where);
    if (!value.is_string()) throw InputError(where + "/" + key, "expected a text");
    return value.get<std::string>();
}

void allow_only(const Json& object, const std::set<std::string_view>& keys,
                const std::string& where) {
    for (const auto& [key, ignored] : object.items()) {
        if (!keys.contains(key)) throw InputError(where, "expected no field \"" + key + "\"");
    }
}

// Which message it is: the one of five words that is there, with nothing beside it that does not
// belong to it.
std::string kind_of(const Json& message, const std::string& where) {
    constexpr std::array<std::string_view, 5> kinds = {"hello", "call", "surroundings", "register",
                                                       "answer"};
    for (const std::string_view kind : kinds) {
        if (!message.contains(kind)) continue;
        std::set<std::string_view> keys = {kind};
        if (kind != "hello") keys.insert("id");
        if (kind == "call") keys.insert("as");
        allow_only(message, keys, where);
        return std::string(kind);
    }
    throw InputError(where, "expected one of hello, call, surroundings, register, answer");
}

// GUIDs of classes are written in registry form, with braces.
std::optional<Guid> guid_from_registry_form(std::string_view text) {
    if (!text.starts_with('{') || !text.ends_with('}')) return std::nullopt;
    return guid_from_text(text.substr(1, text.size() - 2));
}

}  // namespace

StdioSession::StdioSession(LineSource& source, LineSink& sink, QueueOpener opener)
    : source_(source),
      opener_(std::move(opener)),
      outbox_(sink),
      call_words_(words_of<Call>()),
      surroundings_words_(words_of<Surroundings>()) {}

int StdioSession::run() {
    while (!busy_) {
        const auto line = source_.next();
        if (!line) break;
        ++line_number_;
        take_line(*line);
    }
    outbox_.wait_until_written();
    end_queue();
    return busy_ ? kQueueBusy : 0;
}

StdioSession::~StdioSession() { end_queue(); }

// The service may have something to tell until its thread has ended.
void StdioSession::end_queue() {
    if (queue_) queue_->service().set_arrival(nullptr);
    queue_.reset();
}

void StdioSession::take_line(const std::string& line) {
    const std::string where = "stdin:" + std::to_string(line_number_);
    MessageId id;
    try {
        const Json message = parse_json(line, where);
        if (!message.is_object()) throw InputError(where, "expected an object");
        if (message.contains("id")) id = need_number(message, "id", where + ": ");
        take_message(message, id, where);
    } catch (const InputError& error) {
        put_error(id, error.what());
    }
}

void StdioSession::take_message(const Json& message, MessageId id, const std::string& where) {
    const std::string root = where + ": ";
    const std::string kind = kind_of(message, where);
    if (kind != "hello" && !queue_) throw InputError(where, "expected hello first");
    if ((kind == "call" || kind == "surroundings") && !id)
        throw InputError(root + "/id", "expected this field");

    const Json& body = message.at(kind);
    const std::string place = root + "/" + kind;
    if (kind == "hello") {
        take_hello(body, place);
    } else if (kind == "call") {
        take_call(body, caller_from_json(need(message, "as", root), root + "/as"), *id, place);
    } else if (kind == "surroundings") {
        take_surroundings(body, *id, place);
    } else if (kind == "register") {
        take_register(body, id, place);
    } else {
        take_answer(body, id, place);
    }
}

void StdioSession::take_hello(const Json& hello, const std::string& where) {
    if (queue_) throw InputError(where, "expected only one hello");
    const std::uint64_t protocol = need_number(hello, "protocol", where);
    if (protocol != kProtocol)
        throw InputError(where + "/protocol", "expected " + std::to_string(kProtocol));
    allow_only(hello, {"protocol", "state", "policy"}, where);
    const std::string state = need_text(hello, "state", where);
    // The system's calls would take what stands before it for the whole path.
    if (state.find('\0') != state.npos)
        throw InputError(where + "/state", "expected a path without NUL");
    Policy policy;
    if (hello.contains("policy")) policy = policy_from_json(hello.at("policy"), where + "/policy");
    queue_ = opener_(state, policy);
    if (!queue_) {
        busy_ = true;
        throw InputError(state, "this queue is open in another process");
    }
    queue_->service().set_arrival([this] { put_notifications(); });
    Json answer = {{"protocol", kProtocol}};
    answer.update(to_json(queue_->service().describe()));
    outbox_.put(to_line({{"hello", std::move(answer)}}));
}

void StdioSession::take_call(const Json& body, const Caller& caller, std::uint64_t id,
                             const std::string& where) {
    if (const auto word = unknown_word(body, call_words_)) {
        put_unsupported(id, "no such call: " + *word);
        return;
    }
    const Call call = call_from_json(body, where);
    outbox_.expect();
    queue_->service().submit(caller, call, [this, id](const Reply& reply) {
        Json answer = {{"id", id}};
        if (is_unsupported(reply)) {
            answer.update(to_json(reply));
        } else {
            answer["reply"] = to_json(reply);
        }
        outbox_.put_expected(to_line(answer));
    });
}

void StdioSession::take_surroundings(const Json& body, std::uint64_t id, const std::string& where) {
    if (const auto word = unknown_word(body, surroundings_words_)) {
        put_unsupported(id, "no such surroundings: " + *word);
        return;
    }
    if (const auto reason = queue_->service().surroundings(surroundings_from_json(body, where))) {
        put_unsupported(id, *reason);
    } else {
        put_done(id);
    }
}

void StdioSession::take_register(const Json& body, MessageId id, const std::string& where) {
    const auto class_id = guid_from_registry_form(need_text(body, "clsid", where));
    if (!class_id) throw InputError(where + "/clsid", "expected a GUID in braces");
    allow_only(body, {"clsid"}, where);
    queue_->service().register_callback({*class_id});
    put_done(id);
}

void StdioSession::take_answer(const Json& body, MessageId id, const std::string& where) {
    const std::uint64_t number = need_number(body, "number", where);
    const auto hresult = hresult_from_text(need_text(body, "hresult", where));
    if (!hresult) {
        throw InputError(where + "/hresult",
                         "expected the name of an HRESULT or 0x and eight hex digits");
    }
    allow_only(body, {"number", "hresult"}, where);
    queue_->service().answer({number}, *hresult);
    put_done(id);
}

void StdioSession::put_notifications() {
    for (const Notification& one : queue_->service().take_notifications())
        outbox_.put(to_line({{"notification", to_json(one)}}));
}

void StdioSession::put_done(MessageId id) {
    if (id) outbox_.put(to_line({{"id", *id}, {"done", true}}));
}

void StdioSession::put_unsupported(MessageId id, const std::string& reason) {
    if (id) outbox_.put(to_line({{"id", *id}, {"unsupported", reason}}));
}

void StdioSession::put_error(MessageId id, const std::string& reason) {
    Json answer = Json::object();
    if (id) answer["id"] = *id;
    answer["error"] = reason;
    outbox_.put(to_line(answer));
}

}  // namespace qmgr
