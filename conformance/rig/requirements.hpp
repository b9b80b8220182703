// The catalogue: every clause with its words and where it comes from.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qmgr::inline v0::conformance {

enum class Basis { Documented, Derived, Observed, Chosen };

std::string_view name(Basis basis);
/// The basis of that name, or nothing.
std::optional<Basis> basis_named(std::string_view text);

struct Requirement {
    std::string id;
    bool must = true;  ///< false: should
    std::string text;
    Basis basis = Basis::Documented;
    std::string source;
};

class Catalogue {
  public:
    /// Reads requirements.json. Throws InputError.
    static Catalogue from_file(const std::string& path);

    const std::vector<Requirement>& all() const { return requirements_; }
    /// The entries an id stands for: itself, or its parts -a, -b, -c where it was split. Empty for
    /// an id nobody knows.
    std::vector<const Requirement*> find(const std::string& id) const;
    /// True when the id is known and every entry it stands for was chosen by this project: another
    /// answer is then a difference, not a failure.
    bool is_chosen(const std::string& id) const;
    /// True when the id is known and every entry it stands for is a SHOULD.
    bool is_should(const std::string& id) const;

  private:
    std::vector<Requirement> requirements_;
    std::map<std::string, std::size_t> by_id_;
};

}  // namespace qmgr::inline v0::conformance
