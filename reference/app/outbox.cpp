#include "reference/app/outbox.hpp"

#include <utility>

namespace qmgr {

Outbox::Outbox(LineSink& sink) : sink_(sink) {
    writer_ = std::thread([this] { write_all(); });
}

Outbox::~Outbox() {
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
    }
    changed_.notify_all();
    writer_.join();
}

void Outbox::put(std::string line) {
    line += '\n';
    {
        const std::lock_guard lock(mutex_);
        lines_ += line;
    }
    changed_.notify_all();
}

void Outbox::expect() {
    const std::lock_guard lock(mutex_);
    ++expected_;
}

void Outbox::put_expected(std::string line) {
    line += '\n';
    {
        const std::lock_guard lock(mutex_);
        lines_ += line;
        --expected_;
    }
    changed_.notify_all();
}

void Outbox::wait_until_written() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return expected_ == 0 && lines_.empty() && !writing_; });
}

void Outbox::write_all() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return closed_ || !lines_.empty(); });
        if (lines_.empty()) return;
        const std::string lines = std::exchange(lines_, {});
        writing_ = true;
        lock.unlock();
        sink_.write(lines);
        lock.lock();
        writing_ = false;
        changed_.notify_all();
    }
}

}  // namespace qmgr
