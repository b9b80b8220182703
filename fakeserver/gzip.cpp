#include "fakeserver/gzip.hpp"

#include <zlib.h>

#include <new>

namespace qmgr::inline v0::fakeserver {

std::string gzipped(std::string content) {
    constexpr int kGzipFormat = 16;  // zlib adds it to the window's bits
    constexpr int kMemory = 8;       // zlib's default
    z_stream stream{};
    if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + kGzipFormat, kMemory,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
        throw std::bad_alloc();
    }
    std::string out(deflateBound(&stream, content.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(content.data());
    stream.avail_in = static_cast<uInt>(content.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

}  // namespace qmgr::inline v0::fakeserver
