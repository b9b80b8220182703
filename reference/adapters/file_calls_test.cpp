#include "reference/adapters/file_calls.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <fstream>

#include "reference/adapters/temporary_folder.hpp"

namespace qmgr {
namespace {

const TemporaryFolder& folder() {
    static const TemporaryFolder one;
    return one;
}

std::string file_of(std::size_t bytes) {
    const std::string path = folder().path("file");
    std::ofstream(path, std::ios::binary) << std::string(bytes, 'x');
    return path;
}

TEST(ErrnoValue, IsAFullDiskAMissingPathARefusalOrTrouble) {
    EXPECT_EQ(hresult_from_errno(ENOSPC), HResult::DiskFull);
    EXPECT_EQ(hresult_from_errno(EDQUOT), HResult::DiskFull);
    EXPECT_EQ(hresult_from_errno(ENOENT), HResult::PathNotFound);
    EXPECT_EQ(hresult_from_errno(ENOTDIR), HResult::PathNotFound);
    EXPECT_EQ(hresult_from_errno(EACCES), HResult::AccessDenied);
    EXPECT_EQ(hresult_from_errno(EPERM), HResult::AccessDenied);
    EXPECT_EQ(hresult_from_errno(EROFS), HResult::AccessDenied);
    EXPECT_EQ(hresult_from_errno(EIO), HResult::IoDevice);
    EXPECT_EQ(hresult_from_errno(0), HResult::IoDevice);
}

TEST(OpenPart, TellsTheLengthOfAFile) {
    const OpenedPart part = open_part(file_of(7));
    EXPECT_EQ(part.result, HResult::Ok);
    EXPECT_TRUE(part.descriptor.is_open());
    EXPECT_EQ(part.length, 7U);
}

TEST(OpenPart, TellsAMissingFileFromAMissingDirectory) {
    EXPECT_EQ(open_part(folder().path("missing")).result, HResult::FileNotFound);
    EXPECT_EQ(open_part(folder().path("missing/file")).result, HResult::PathNotFound);
    EXPECT_EQ(open_part(file_of(1) + "/file").result, HResult::PathNotFound);
}

TEST(OpenPart, OpensNothingButAFile) {
    const std::string pipe = folder().path("pipe");
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    EXPECT_EQ(open_part(pipe).result, HResult::IoDevice);  // with nobody who reads
    const Descriptor reader(::open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    EXPECT_EQ(open_part(pipe).result, HResult::IoDevice);
    const std::string link = folder().path("link");
    std::filesystem::create_symlink(file_of(1), link);
    EXPECT_EQ(open_part(link).result, HResult::IoDevice);
    std::filesystem::create_directory(folder().path("directory"));
    EXPECT_EQ(open_part(folder().path("directory")).result, HResult::IoDevice);
}

TEST(Cut, MakesAFileShorterAndNeverLonger) {
    const std::string path = file_of(7);
    const OpenedPart part = open_part(path);
    EXPECT_EQ(cut(part.descriptor, 7, 7), HResult::Ok);
    EXPECT_EQ(cut(part.descriptor, 7, 8), HResult::IoDevice);
    EXPECT_EQ(std::filesystem::file_size(path), 7U);
    EXPECT_EQ(cut(part.descriptor, 7, 3), HResult::Ok);
    EXPECT_EQ(std::filesystem::file_size(path), 3U);
    EXPECT_EQ(cut(Descriptor(), 7, 3), HResult::IoDevice);
}

TEST(WriteAt, WritesAtItsPlaceOrSaysWhyNot) {
    const std::string path = file_of(2);
    const OpenedPart part = open_part(path);
    EXPECT_EQ(write_at(part.descriptor, 4, "yz", 2), HResult::Ok);
    EXPECT_EQ(std::filesystem::file_size(path), 6U);
    EXPECT_EQ(write_at(part.descriptor, 4, "", 0), HResult::Ok);
    EXPECT_EQ(write_at(Descriptor(), 0, "a", 1), HResult::IoDevice);
    const Descriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
    EXPECT_EQ(write_at(full, 0, "a", 1), HResult::DiskFull);
}

TEST(Sync, FailsWithoutAFileOrADirectory) {
    const OpenedPart part = open_part(file_of(1));
    EXPECT_EQ(sync_content(part.descriptor), HResult::Ok);
    EXPECT_EQ(sync_file(part.descriptor), HResult::Ok);
    EXPECT_EQ(sync_content(Descriptor()), HResult::IoDevice);
    EXPECT_EQ(sync_file(Descriptor()), HResult::IoDevice);
    EXPECT_EQ(sync_directory(folder().path("")), HResult::Ok);
    EXPECT_EQ(sync_directory(folder().path("missing")), HResult::PathNotFound);
}

TEST(DescriptorTest, ChangesHandsByAMove) {
    Descriptor first(::open("/dev/null", O_WRONLY | O_CLOEXEC));
    const int number = first.number();
    Descriptor second(std::move(first));
    EXPECT_EQ(second.number(), number);
    Descriptor third;
    EXPECT_FALSE(third.is_open());
    third = std::move(second);
    EXPECT_EQ(third.number(), number);
}

}  // namespace
}  // namespace qmgr
