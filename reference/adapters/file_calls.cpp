#include "reference/adapters/file_calls.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "reference/engine/names.hpp"

namespace qmgr {
namespace {

HResult result_of(int returned) { return returned == 0 ? HResult::Ok : hresult_from_errno(errno); }

}  // namespace

HResult hresult_from_errno(int error) {
    switch (error) {
        case ENOSPC:
        case EDQUOT:
            return HResult::DiskFull;
        case ENOENT:
        case ENOTDIR:
            return HResult::PathNotFound;
        case EACCES:
        case EPERM:
        case EROFS:
            return HResult::AccessDenied;
        default:
            return HResult::IoDevice;
    }
}

Descriptor::Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
}

Descriptor::~Descriptor() {
    if (is_open()) ::close(number_);
}

OpenedPart open_part(const std::string& path) {
    Descriptor file(::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW));
    if (!file.is_open()) {
        const int error = errno;
        const bool only_file_missing =
            error == ENOENT && ::access(directory_of(path).c_str(), F_OK) == 0;
        return {{}, only_file_missing ? HResult::FileNotFound : hresult_from_errno(error), 0};
    }
    struct stat status {};
    if (::fstat(file.number(), &status) != 0) return {{}, hresult_from_errno(errno), 0};
    if (!S_ISREG(status.st_mode)) return {{}, HResult::IoDevice, 0};
    return {std::move(file), HResult::Ok, static_cast<std::uint64_t>(status.st_size)};
}

HResult cut(const Descriptor& file, std::uint64_t now, std::uint64_t wanted) {
    if (now == wanted) return HResult::Ok;
    if (now < wanted) return HResult::IoDevice;
    return result_of(::ftruncate(file.number(), static_cast<off_t>(wanted)));
}

HResult write_at(const Descriptor& file, std::uint64_t offset, const char* data,
                 std::size_t count) {
    while (count > 0) {
        const ssize_t wrote = ::pwrite(file.number(), data, count, static_cast<off_t>(offset));
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) return hresult_from_errno(errno);
        if (wrote == 0) return HResult::IoDevice;
        data += wrote;
        offset += static_cast<std::uint64_t>(wrote);
        count -= static_cast<std::size_t>(wrote);
    }
    return HResult::Ok;
}

HResult sync_content(const Descriptor& file) { return result_of(::fdatasync(file.number())); }

HResult sync_file(const Descriptor& file) { return result_of(::fsync(file.number())); }

HResult sync_directory(const std::string& path) {
    const Descriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory.is_open()) return hresult_from_errno(errno);
    return sync_file(directory);
}

}  // namespace qmgr
