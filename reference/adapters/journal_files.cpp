#include "reference/adapters/journal_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>

namespace qmgr {
namespace {

// https://sqlite.org/fileformat2.html#the_write_ahead_log: the last bit tells the byte order of the
// words that are summed.
constexpr std::uint32_t kMark = 0x377f0682;

std::uint32_t word(const LogHeader& header, std::size_t begin, bool big_endian) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
        value = value << 8U | header[begin + (big_endian ? i : 3 - i)];
    return value;
}

bool is_zero(const LogHeader& header) {
    return std::ranges::all_of(header, [](unsigned char byte) { return byte == 0; });
}

LogHeader header_beside(const std::string& path) {
    const Descriptor log(
        ::open((path + "-wal").c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW));
    return log.is_open() ? log_header(log) : LogHeader{};
}

}  // namespace

LogHeader log_header(const Descriptor& log) {
    LogHeader header{};
    if (::pread(log.number(), header.data(), header.size(), 0) < 0) return {};
    return header;
}

bool is_log_header(const LogHeader& header) {
    if (is_zero(header)) return true;
    const std::uint32_t mark = word(header, 0, true);
    if ((mark & ~1U) != kMark) return false;
    std::uint32_t first = 0;
    std::uint32_t second = 0;
    for (std::size_t begin = 0; begin < 24; begin += 8) {
        first += word(header, begin, (mark & 1U) != 0) + second;
        second += word(header, begin + 4, (mark & 1U) != 0) + first;
    }
    return first == word(header, 24, true) && second == word(header, 28, true);
}

bool has_foreign_log(const std::string& path) { return !is_log_header(header_beside(path)); }

std::string torn_beyond_notice(const std::string& path) {
    constexpr off_t smallest_page = 512;
    // Not by reading it: closing a descriptor would drop the locks this process may have on it.
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0 || status.st_size >= smallest_page) return {};
    if (status.st_size > 0) return "too short for a database";
    return is_zero(header_beside(path)) ? "" : "empty, but its log is not";
}

void make_private(const std::string& path) {
    for (const char* suffix : {"", "-wal"}) {
        struct stat status {};
        const std::string name = path + suffix;
        if (::stat(name.c_str(), &status) == 0 && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
            static_cast<void>(::chmod(name.c_str(), S_IRUSR | S_IWUSR));
    }
}

Descriptor lock_against_others(const std::string& path) {
    Descriptor file(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK));
    struct flock lock {};  // every byte
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    if (!file.is_open() || ::fcntl(file.number(), F_SETLK, &lock) != 0) return {};
    return file;
}

}  // namespace qmgr
