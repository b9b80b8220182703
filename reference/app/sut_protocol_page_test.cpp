// docs/sut-protocol.md is for strangers: what it shows has to be what the programs read and write.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "reference/contract/json.hpp"
#include "reference/contract/json_fields.hpp"

namespace qmgr {
namespace {

using testing::HasSubstr;

std::string page() {
    std::ostringstream text;
    text << std::ifstream("docs/sut-protocol.md").rdbuf();
    return text.str();
}

/// The lines that follow one of the two arrows.
std::vector<std::string> lines_after(const std::string& arrow) {
    std::vector<std::string> found;
    std::istringstream lines(page());
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with(arrow)) found.push_back(line.substr(arrow.size()));
    return found;
}

template <std::size_t... I>
std::vector<std::string> call_words(std::index_sequence<I...> /*alternatives*/) {
    return {to_json(Call(std::in_place_index<I>)).begin().key()...};
}

TEST(SutProtocolPage, EveryAnswerIsOneTheCodecReads) {
    const auto answers = lines_after("← ");
    EXPECT_GE(answers.size(), 20U);
    for (const std::string& line : answers) {
        const Json answer = parse_json(line, line);
        if (answer.contains("hello")) {
            Json description = answer.at("hello");
            EXPECT_EQ(description.at("protocol"), 1);
            description.erase("protocol");
            EXPECT_NO_THROW(description_from_json(description, line));
        } else if (answer.contains("notification")) {
            EXPECT_NO_THROW(notification_from_json(answer.at("notification"), line));
        } else if (answer.contains("reply")) {
            EXPECT_NO_THROW(reply_from_json(answer.at("reply"), line));
        } else {
            EXPECT_TRUE(answer.contains("unsupported") || answer.contains("error") ||
                        answer.contains("done"))
                << line;
        }
    }
}

TEST(SutProtocolPage, EveryCallThatIsAnsweredByAReplyIsOneTheCodecReads) {
    std::vector<Json> replied;
    for (const std::string& line : lines_after("← "))
        if (const Json answer = parse_json(line, line); answer.contains("reply"))
            replied.push_back(answer.at("id"));
    std::size_t read = 0;
    for (const std::string& line : lines_after("→ ")) {
        if (!line.starts_with("{")) continue;
        const Json message = parse_json(line, line);
        if (!message.contains("call") || !testing::Value(replied, testing::Contains(message["id"])))
            continue;
        EXPECT_NO_THROW(caller_from_json(message.at("as"), line));
        EXPECT_NO_THROW(call_from_json(message.at("call"), line));
        ++read;
    }
    EXPECT_EQ(read, replied.size());
}

TEST(SutProtocolPage, NamesEveryCallEveryPolicyFieldAndAllSurroundings) {
    std::vector<std::string> words =
        call_words(std::make_index_sequence<std::variant_size_v<Call>>());
    std::apply([&](const auto&... field) { (words.emplace_back(field.key), ...); },
               json_fields::Form<Policy>::list);
    for (const Surroundings& what :
         {Surroundings(surroundings::LogOn{}), Surroundings(surroundings::LogOff{}),
          Surroundings(surroundings::NetworkLost{}), Surroundings(surroundings::NetworkBack{}),
          Surroundings(surroundings::Paused{}), Surroundings(surroundings::Unpaused{}),
          Surroundings(surroundings::DiskFull{}), Surroundings(surroundings::JournalFails{})})
        words.push_back(to_json(what).begin().key());
    const std::string text = page();
    for (const std::string& word : words) EXPECT_THAT(text, HasSubstr("`" + word + "`"));
}

}  // namespace
}  // namespace qmgr
