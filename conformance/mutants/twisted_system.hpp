// A system that passes everything on to another one, but for what its twist changes.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "reference/contract/system_under_test.hpp"

namespace qmgr::mutants {

/// What is twisted. Empty functions pass everything on.
struct Twist {
    std::function<Reply(SystemUnderTest&, const Caller&, const Call&)> call;
    std::function<std::vector<Notification>(SystemUnderTest&)> notifications;
    std::function<void(SystemUnderTest&, NotificationNumber, HResult)> answer;
    std::function<std::optional<std::string>(SystemUnderTest&, const Surroundings&)> surroundings;
    std::function<void(SystemUnderTest&)> restart;
};

class TwistedSystem final : public SystemUnderTest {
  public:
    /// `inner` outlives this.
    TwistedSystem(SystemUnderTest& inner, Twist twist) : inner_(inner), twist_(std::move(twist)) {}

    Description describe() override { return inner_.describe(); }
    Reply call(const Caller& caller, const Call& call) override {
        return twist_.call ? twist_.call(inner_, caller, call) : inner_.call(caller, call);
    }
    std::optional<std::string> surroundings(const Surroundings& what) override {
        return twist_.surroundings ? twist_.surroundings(inner_, what) : inner_.surroundings(what);
    }
    void register_callback(ClassId class_id) override { inner_.register_callback(class_id); }
    std::vector<Notification> take_notifications() override {
        return twist_.notifications ? twist_.notifications(inner_) : inner_.take_notifications();
    }
    void answer(NotificationNumber number, HResult hresult) override {
        if (twist_.answer)
            twist_.answer(inner_, number, hresult);
        else
            inner_.answer(number, hresult);
    }
    void restart() override {
        if (twist_.restart)
            twist_.restart(inner_);
        else
            inner_.restart();
    }

  private:
    SystemUnderTest& inner_;
    Twist twist_;
};

/// The value of a reply, or the type's default when it has another one.
template <class Value>
Value value_of(const Reply& reply) {
    const auto* value = std::get_if<Value>(&reply.value);
    return value ? *value : Value{};
}

/// A twist of the calls of one method: `change(inner, caller, call)` gives the reply.
template <class Method, class Change>
Twist instead_of(Change change) {
    Twist twist;
    twist.call = [change](SystemUnderTest& inner, const Caller& caller, const Call& call) mutable {
        const auto* method = std::get_if<Method>(&call);
        return method ? change(inner, caller, *method) : inner.call(caller, call);
    };
    return twist;
}

/// A twist of the replies of one method: `change(call, reply)`.
template <class Method, class Change>
Twist after(Change change) {
    return instead_of<Method>(
        [change](SystemUnderTest& inner, const Caller& caller, const Method& call) mutable {
            Reply reply = inner.call(caller, call);
            change(call, reply);
            return reply;
        });
}

/// A twist of one kind of value in any reply.
template <class Value, class Change>
Twist every(Change change) {
    Twist twist;
    twist.call = [change](SystemUnderTest& inner, const Caller& caller, const Call& call) mutable {
        Reply reply = inner.call(caller, call);
        if (auto* value = std::get_if<Value>(&reply.value)) change(*value);
        return reply;
    };
    return twist;
}

/// A twist of each delivery: `change(notification)`; false: it is lost.
template <class Change>
Twist deliveries(Change change) {
    Twist twist;
    twist.notifications = [change](SystemUnderTest& inner) mutable {
        std::vector<Notification> told;
        for (Notification& one : inner.take_notifications())
            if (change(one)) told.push_back(one);
        return told;
    };
    return twist;
}

}  // namespace qmgr::mutants
