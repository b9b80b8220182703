// The few calls of the operating system that the adapters share, and what their errors mean.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "reference/contract/hresult.hpp"

namespace qmgr {

/// FILE-DISK-1: DiskFull, PathNotFound or AccessDenied for the errno values that say so, IoDevice
/// for every other one.
HResult hresult_from_errno(int error);

/// Owns a file descriptor; -1: none. Closed with the object.
class Descriptor {
  public:
    Descriptor() = default;
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept;
    Descriptor& operator=(Descriptor&& other) noexcept;
    ~Descriptor();

    int number() const { return number_; }
    bool is_open() const { return number_ >= 0; }

  private:
    int number_ = -1;
};

/// Result of open_part: `length` bytes are in the file when `result` is Ok.
struct OpenedPart {
    Descriptor descriptor;
    HResult result = HResult::Ok;
    std::uint64_t length = 0;
};
/// Opens an existing regular file for writing; a symbolic link or a pipe is refused (IoDevice). One
/// that is missing in a directory that is there is FileNotFound.
OpenedPart open_part(const std::string& path);

/// Cuts a file of `now` bytes to `wanted`. A shorter one is IoDevice: bytes are missing in it.
HResult cut(const Descriptor& file, std::uint64_t now, std::uint64_t wanted);

/// All `count` bytes at `offset`, or a failure after some of them.
HResult write_at(const Descriptor& file, std::uint64_t offset, const char* data, std::size_t count);

/// Makes the content of a file durable. Blocks as long as the disk takes.
HResult sync_content(const Descriptor& file);
/// The same with its time stamp.
HResult sync_file(const Descriptor& file);
/// Makes durable which names a directory has. Blocks as long as the disk takes.
HResult sync_directory(const std::string& path);

}  // namespace qmgr
