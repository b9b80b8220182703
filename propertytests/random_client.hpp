// A client that does anything: every call, right and wrong arguments, and everything that can
// happen around a service, drawn from a seed. For tests of the auditor itself; plans that are kept
// and shrunk are made elsewhere (plan.hpp).
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/world/world.hpp"
#include "reference/contract/system_under_test.hpp"

namespace qmgr::propertytests {

class RandomClient {
  public:
    /// `system` passes on to `world`; `crashed` is called after World::crash(). All outlive it.
    RandomClient(std::uint64_t seed, world::World& world, SystemUnderTest& system,
                 std::function<void()> crashed);

    /// One random thing, and a line that says what it was.
    std::string step();
    /// Gets every group there is, as an administrator, and cancels it.
    void cancel_everything();
    /// The site for its URLs: files that arrive, one that is reset on the way, one that is not
    /// there, one whose server is busy for a while.
    static fakeserver::Script site();
    static constexpr std::string_view kDirectory = "/downloads";

  private:
    std::uint32_t draw(std::uint32_t below);
    bool one_in(std::uint32_t n) { return draw(n) == 0; }
    Caller caller();
    Guid guid(std::uint8_t kind, std::uint32_t number) const;
    std::uint64_t handle(const std::vector<std::uint64_t>& known);
    FileSetInfo file();
    PropertyValue property_value(GroupProperty property);
    Call some_call();
    Call some_reading_call(std::uint32_t which);
    Call some_list_call(std::uint32_t which);
    std::string perform(const Caller& caller, const Call& call);
    std::string around();
    std::string take_and_answer();
    void get_again();

    std::mt19937_64 random_;
    world::World& world_;
    SystemUnderTest& system_;
    std::function<void()> crashed_;
    std::vector<std::uint64_t> groups_;
    std::vector<std::uint64_t> jobs_;
    std::vector<std::uint64_t> lists_;
    std::uint32_t files_ = 0;
};

}  // namespace qmgr::propertytests
