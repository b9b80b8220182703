#include "fakeserver/draws.hpp"
#include "fakeserver/edits.hpp"

namespace qmgr::inline v0::fakeserver::edit {
namespace {

void end_at(const Fault& fault, ConnectionPlan& plan, Ending ending) {
    if (fault.at.where == Where::Handshake) {
        plan.handshake_byte = fault.at.byte;
        plan.handshake_end = ending;
    } else {
        plan.accept_end = ending;
    }
}

}  // namespace

void meet_delay(const Fault& fault, std::uint64_t key, ConnectionPlan& plan) {
    const std::uint64_t ms = draw_delay(fault.delay, key);
    if (fault.at.where == Where::Handshake) {
        plan.handshake_byte = fault.at.byte;
        plan.handshake_wait_ms = ms;
    } else {
        plan.accept_wait_ms += ms;
    }
}

void meet_close(const Fault& fault, std::uint64_t /*key*/, ConnectionPlan& plan) {
    end_at(fault, plan, Ending::Close);
}

void meet_reset(const Fault& fault, std::uint64_t /*key*/, ConnectionPlan& plan) {
    end_at(fault, plan, Ending::Reset);
}

void meet_half_close(const Fault& fault, std::uint64_t /*key*/, ConnectionPlan& plan) {
    end_at(fault, plan, Ending::HalfClose);
}

void meet_stall(const Fault& fault, std::uint64_t /*key*/, ConnectionPlan& plan) {
    end_at(fault, plan, Ending::Stall);
}

void meet_refusal(const Fault& /*fault*/, std::uint64_t /*key*/, ConnectionPlan& /*plan*/) {}

void meet_expired(const Fault& /*fault*/, std::uint64_t /*key*/, ConnectionPlan& plan) {
    plan.certificate = Certificate::Expired;
}

void meet_wrong_host(const Fault& /*fault*/, std::uint64_t /*key*/, ConnectionPlan& plan) {
    plan.certificate = Certificate::WrongHost;
}

void meet_self_signed(const Fault& /*fault*/, std::uint64_t /*key*/, ConnectionPlan& plan) {
    plan.certificate = Certificate::SelfSigned;
}

void meet_untrusted(const Fault& /*fault*/, std::uint64_t /*key*/, ConnectionPlan& plan) {
    plan.certificate = Certificate::Untrusted;
}

void meet_no_name(const Fault& /*fault*/, std::uint64_t /*key*/, ConnectionPlan& plan) {
    plan.name_found = false;
}

void meet_slow_name(const Fault& fault, std::uint64_t key, ConnectionPlan& plan) {
    plan.name_wait_ms = draw_delay(fault.delay, key);
}

void meet_moved_name(const Fault& /*fault*/, std::uint64_t /*key*/, ConnectionPlan& plan) {
    plan.name_moves = true;
}

void meet_loss(const Fault& fault, std::uint64_t key, ConnectionPlan& plan) {
    plan.loss = fault.chance;
    plan.loss_wait_ms = draw_delay(fault.delay, key);
    plan.loss_burst = fault.count.value_or(1);
    plan.key = key;
}

}  // namespace qmgr::inline v0::fakeserver::edit
