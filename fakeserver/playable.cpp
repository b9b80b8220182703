// Which scripts a server can play.
#include <cstddef>
#include <string>
#include <vector>

#include "fakeserver/effect_table.hpp"
#include "fakeserver/script_json.hpp"

namespace qmgr::inline v0::fakeserver {

void expect_playable(const Script& script, bool tls, std::string_view where) {
    for (std::size_t i = 0; i < script.rules.size(); ++i) {
        const std::vector<Fault>& faults = script.rules[i].faults;
        for (std::size_t j = 0; j < faults.size(); ++j) {
            const EffectRow& row = effect_row(faults[j].effect);
            const std::string place = "/rules/" + std::to_string(i) + "/fault" +
                                      (faults.size() == 1 ? "" : "/" + std::to_string(j));
            if (row.simulated_only) {
                throw InputError(std::string(where), place + "/effect",
                                 "expected a fault that a server can play, found one of the "
                                 "simulated network");
            }
            if (!tls && (row.needs_tls || faults[j].at.where == Where::Handshake)) {
                throw InputError(std::string(where), place,
                                 "expected a server with TLS for a fault of its handshake");
            }
        }
    }
}

}  // namespace qmgr::inline v0::fakeserver
