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
    /// Ids of clauses, or of facts that a mutant cites, that say the same, or that nobody can keep
    /// who breaks this: what proves one of them in a case that covers this proves this.
    std::vector<std::string> restates;
    std::vector<std::string> allowed;  ///< answers in words, the reference's first; none: only one
    std::string decision;              ///< number of the record, of a chosen one; else empty
    std::string retired;               ///< why it holds no more; empty: it does
    std::string no_case;               ///< why no case can show it; empty: one has to
};

class Catalogue {
  public:
    /// Reads requirements.json. Throws InputError for a field it reads that is missing or of
    /// another kind; that nothing else is wrong is catalogue_test's.
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

/// The id that a part -a, -b or -c is of; one that is no part is its own.
std::string whole_of(const std::string& id);
/// True when `covered`, as a case names it, stands for the clause: it is its id, or the clause is
/// its part.
bool stands_for(const std::string& covered, const std::string& clause_id);

}  // namespace qmgr::inline v0::conformance
