// The messages around the calls, as far as they are the same for every queue behind them.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "conformance/adapters/com/mapping.hpp"
#include "conformance/adapters/com/message.hpp"
#include "conformance/adapters/com/paths.hpp"
#include "conformance/adapters/com/queue.hpp"

namespace qmgr::com_adapter {

// Each throws BadMessage for what the page does not have.

/// Which of hello, call, surroundings, register and answer the message is.
std::string kind_of(const Json& message);
/// The id of a message that may have one.
std::optional<std::uint64_t> id_of(const Json& message);
/// `as` of a call is a caller. Which one does not matter here.
void require_caller(const Json& message);
/// What stands under `hello`.
Settings settings_of(const Json& hello, const SharedFolder& shared);
/// The GUID under `register`, without braces.
std::string class_of(const Json& body);

/// What stands under `answer`.
struct Answer {
    std::uint64_t number = 0;
    Code code = 0;
};
Answer answer_of(const Json& body);

}  // namespace qmgr::com_adapter
