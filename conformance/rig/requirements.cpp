#include "conformance/rig/requirements.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

#include "reference/contract/json.hpp"

namespace qmgr::inline v0::conformance {
namespace {

using BasisName = std::pair<Basis, std::string_view>;
constexpr std::array kBasisNames = {
    BasisName{Basis::Documented, "documented"}, BasisName{Basis::Derived, "derived"},
    BasisName{Basis::Observed, "observed"}, BasisName{Basis::Chosen, "chosen"}};

// How the parts of a clause are named, after its own id.
constexpr std::array<std::string_view, 3> kParts = {"-a", "-b", "-c"};

std::string text_of(const Json& json, const char* key, const std::string& where) {
    if (!json.is_object() || !json.contains(key) || !json.at(key).is_string())
        throw InputError(where + "/" + key, "expected a text");
    return json.at(key).get<std::string>();
}

std::string optional_text_of(const Json& json, const char* key, const std::string& where) {
    return json.contains(key) ? text_of(json, key, where) : "";
}

std::vector<std::string> optional_texts_of(const Json& json, const char* key,
                                           const std::string& where) {
    std::vector<std::string> texts;
    if (!json.contains(key)) return texts;
    if (!json.at(key).is_array()) throw InputError(where + "/" + key, "expected a list of texts");
    for (const Json& text : json.at(key)) {
        if (!text.is_string()) throw InputError(where + "/" + key, "expected a list of texts");
        texts.push_back(text.get<std::string>());
    }
    return texts;
}

Requirement read(const Json& json, const std::string& where) {
    Requirement requirement;
    requirement.id = text_of(json, "id", where);
    requirement.must = text_of(json, "level", where) == "must";
    requirement.text = text_of(json, "text", where);
    requirement.source = text_of(json, "source", where);
    requirement.restates = optional_texts_of(json, "restates", where);
    requirement.allowed = optional_texts_of(json, "allowed", where);
    requirement.decision = optional_text_of(json, "decision", where);
    requirement.retired = optional_text_of(json, "retired", where);
    requirement.no_case = optional_text_of(json, "no_case", where);
    const auto basis = basis_named(text_of(json, "basis", where));
    if (!basis)
        throw InputError(where + "/basis", "expected documented, derived, observed or chosen");
    requirement.basis = *basis;
    return requirement;
}

}  // namespace

std::string_view name(Basis basis) {
    for (const auto& [value, text] : kBasisNames)
        if (value == basis) return text;
    return "";
}

std::optional<Basis> basis_named(std::string_view text) {
    for (const auto& [value, name] : kBasisNames)
        if (name == text) return value;
    return std::nullopt;
}

Catalogue Catalogue::from_file(const std::string& path) {
    std::ifstream file(path);
    if (!file) throw InputError(path, "expected the catalogue of clauses");
    std::ostringstream text;
    text << file.rdbuf();
    const Json json = parse_json(text.str(), path);
    if (!json.is_object() || !json.contains("requirements") || !json.at("requirements").is_array())
        throw InputError(path + ": /requirements", "expected a list");
    Catalogue catalogue;
    for (const Json& entry : json.at("requirements")) {
        const std::size_t index = catalogue.requirements_.size();
        catalogue.requirements_.push_back(
            read(entry, path + ": /requirements/" + std::to_string(index)));
        catalogue.by_id_.emplace(catalogue.requirements_.back().id, index);
    }
    return catalogue;
}

std::string whole_of(const std::string& id) {
    for (const std::string_view part : kParts)
        if (id.size() > part.size() && id.ends_with(part))
            return id.substr(0, id.size() - part.size());
    return id;
}

bool stands_for(const std::string& covered, const std::string& clause_id) {
    return covered == clause_id || covered == whole_of(clause_id);
}

std::vector<const Requirement*> Catalogue::find(const std::string& id) const {
    std::vector<const Requirement*> found;
    const auto add = [&](const std::string& name) {
        if (const auto entry = by_id_.find(name); entry != by_id_.end())
            found.push_back(&requirements_[entry->second]);
    };
    add(id);
    for (const std::string_view part : kParts) add(id + std::string(part));
    return found;
}

bool Catalogue::is_chosen(const std::string& id) const {
    const auto found = find(id);
    return !found.empty() && std::all_of(found.begin(), found.end(), [](const Requirement* one) {
        return one->basis == Basis::Chosen;
    });
}

bool Catalogue::is_should(const std::string& id) const {
    const auto found = find(id);
    return !found.empty() && std::none_of(found.begin(), found.end(),
                                          [](const Requirement* one) { return one->must; });
}

}  // namespace qmgr::inline v0::conformance
