// For tests: an HTTP proxy on a free port of 127.0.0.1 that forwards one request after another to
// servers on 127.0.0.1, each on a connection of its own, and has one habit.
#pragma once

#include <cstdint>
#include <string>
#include <thread>

#include "reference/adapters/file_calls.hpp"

namespace qmgr {

class TinyProxy {
  public:
    enum class Habit {
        Honest,         ///< passes everything on
        WholePerPiece,  ///< asks for the whole object and cuts the piece out of it
        StripsRange,    ///< asks for the whole object and passes it on
        RefusesHead,    ///< 501
    };

    explicit TinyProxy(Habit habit);
    TinyProxy(const TinyProxy&) = delete;
    TinyProxy& operator=(const TinyProxy&) = delete;
    ~TinyProxy();

    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

  private:
    void serve_all();
    std::string answer_to(const std::string& head) const;

    const Habit habit_;
    Descriptor listener_;
    std::uint16_t port_ = 0;
    std::thread thread_;
};

}  // namespace qmgr
