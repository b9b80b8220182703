#include "reference/app/program_run.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace qmgr {
namespace {

std::string line_of(const Descriptor& descriptor) {
    std::string text;
    char c = 0;
    while (::read(descriptor.number(), &c, 1) == 1 && c != '\n') text += c;
    return text;
}

std::string rest_of(const Descriptor& descriptor) {
    std::string text;
    std::array<char, 4096> buffer{};
    for (ssize_t got = 0; (got = ::read(descriptor.number(), buffer.data(), buffer.size())) > 0;)
        text.append(buffer.data(), static_cast<std::size_t>(got));
    return text;
}

}  // namespace

Program::Program(std::vector<std::string> arguments, const std::string& folder,
                 const std::string& shell) {
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    std::array<int, 2> error{};
    if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0 ||
        ::pipe2(error.data(), O_CLOEXEC) != 0) {
        ADD_FAILURE() << "no pipes";
        return;
    }
    const Descriptor child_in(in[0]);
    const Descriptor child_out(out[1]);
    const Descriptor child_error(error[1]);
    input_ = Descriptor(in[1]);
    output_ = Descriptor(out[0]);
    errors_ = Descriptor(error[0]);
    arguments.insert(arguments.begin(), QMGR_PROGRAM);
    if (!shell.empty()) arguments.insert(arguments.begin(), {"/bin/sh", "-c", shell, "the shell"});
    std::vector<char*> words;
    words.reserve(arguments.size() + 1);
    for (std::string& argument : arguments) words.push_back(argument.data());
    words.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, child_in.number(), STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, child_out.number(), STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, child_error.number(), STDERR_FILENO);
    ::posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
    ::posix_spawn(&pid_, words[0], &actions, nullptr, words.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
}

Program::~Program() {
    if (pid_ <= 0) return;
    send(SIGKILL);
    exit_status();
}

void Program::write(const std::string& text) const {
    EXPECT_EQ(::write(input_.number(), text.data(), text.size()),
              static_cast<ssize_t>(text.size()));
}

std::string Program::line() const { return line_of(output_); }
std::string Program::error_line() const { return line_of(errors_); }
void Program::send(int signal) const { ::kill(pid_, signal); }

int Program::exit_status() {
    int status = -1;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string Program::output() const { return rest_of(output_); }
std::string Program::errors() const { return rest_of(errors_); }

std::string content_of(const std::string& path) {
    std::ostringstream content;
    content << std::ifstream(path, std::ios::binary).rdbuf();
    return content.str();
}

std::vector<std::string> names_in(const std::string& folder) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        names.push_back(entry.path().filename());
    return names;
}

// As the program names it: TempDir() may have two slashes in a row or a link in it.
ProgramPlace::ProgramPlace() : root_(std::filesystem::canonical(folder_.path(""))) {
    std::filesystem::create_directory(here_);
    for (std::size_t i = 0; i < 100'000; ++i) content_ += static_cast<char>('a' + i * i % 23);
}

void ProgramPlace::get_half(const OneFileServer& server, int signal,
                            const std::string& path) const {
    Program getting({"get", server.url(path), "--queue", queue_}, here_);
    EXPECT_THAT(getting.error_line(), testing::StartsWith(" 50%  50.0 kB of 100.0 kB"));
    getting.send(signal);
    if (signal == SIGKILL) {
        EXPECT_EQ(getting.exit_status(), 128 + SIGKILL);
        return;
    }
    EXPECT_EQ(getting.exit_status(), 130);
    EXPECT_EQ(getting.errors(),
              "qmgr: suspended; go on with: qmgr resume --queue " + queue_ + "\n");
}

}  // namespace qmgr
