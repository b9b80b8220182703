// qmgr: the queue as a program. `get` and `resume` for people, `stdio` for other programs.
#include <fcntl.h>
#include <pwd.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <filesystem>
#include <iostream>
#include <random>
#include <string>

#include "reference/adapters/steady_clock.hpp"
#include "reference/app/console.hpp"
#include "reference/app/stdio_session.hpp"
#include "reference/app/verbs.hpp"
#include "reference/contract/input_error.hpp"
#include "reference/library/local_queue.hpp"

namespace qmgr {
namespace {

struct Arguments {
    std::string url;
    std::string file;
    std::string folder;
    bool quiet = false;
};

int complain(int status, std::string message) {
    std::ranges::replace(message, '\n', ' ');
    std::cerr << "qmgr: " << message << std::endl;
    return status;
}

Guid random_guid() {
    std::random_device source;
    std::uniform_int_distribution<unsigned> any_byte(0, 255);
    Guid guid;
    for (std::uint8_t& byte : guid.bytes) byte = static_cast<std::uint8_t>(any_byte(source));
    // RFC 4122: version 4 (random), variant 1.
    guid.bytes[6] = static_cast<std::uint8_t>((guid.bytes[6] & 0x0FU) | 0x40U);
    guid.bytes[8] = static_cast<std::uint8_t>((guid.bytes[8] & 0x3FU) | 0x80U);
    return guid;
}

Caller this_process_as_caller() {
    const passwd* const entry = ::getpwuid(::getuid());
    return {entry != nullptr ? entry->pw_name : std::to_string(::getuid()), ::getuid() == 0};
}

std::string text_of_variable(const char* name) {
    const char* const text = std::getenv(name);
    return text != nullptr ? text : "";
}

// The place the XDG base directory specification has for state.
std::string default_folder() {
    const std::filesystem::path state = text_of_variable("XDG_STATE_HOME");
    if (state.is_absolute()) return state / "qmgr";
    const std::filesystem::path home = text_of_variable("HOME");
    if (home.is_absolute()) return home / ".local/state/qmgr";
    throw InputError("--queue", "expected a folder, since HOME is not set");
}

// The same path, from the root. The working folder is asked for only where it is needed.
std::filesystem::path from_root(const std::filesystem::path& path) {
    std::error_code error;
    std::filesystem::path whole = std::filesystem::absolute(path, error);
    if (!error) return whole;
    throw InputError(path, "expected a path from the root, since the working folder is unknown: " +
                               error.message());
}

// What a URL calls its file: the last segment of its path.
std::string name_in(std::string url) {
    url.resize(std::min(url.find_first_of("?#"), url.size()));
    const std::size_t authority = url.find("://");
    const std::size_t path = authority == url.npos ? 0 : url.find('/', authority + 3);
    std::string name = path == url.npos ? "" : url.substr(url.rfind('/') + 1);
    if (name.empty() || name == "." || name == "..")
        throw InputError("-o", "expected a file, since " + url + " names none");
    return name;
}

std::string destination(const Arguments& arguments) {
    const std::filesystem::path file =
        arguments.file.empty() ? name_in(arguments.url) : arguments.file;
    const std::filesystem::path path = from_root(file).lexically_normal();
    std::error_code ignored;  // whether it can be written is the queue's to say
    if (!path.has_filename() || std::filesystem::is_directory(path, ignored))
        throw InputError("-o", "expected a file, and " + path.string() + " is a folder");
    return path;
}

// Runs a verb on the queue the command line names.
template <class Work>
int on_queue(const Arguments& arguments, Work work) {
    ProcessConsole console(arguments.quiet);
    const std::string folder =
        from_root(arguments.folder.empty() ? default_folder() : arguments.folder);
    const auto queue = open_local_queue(folder, Policy());
    if (!queue)
        return complain(ExitStatus::queue_busy, folder + ": this queue is open in another process");
    SteadyClock clock;
    const int status =
        work(VerbPlace{queue->service(), clock, console, this_process_as_caller(), folder});
    if (console.result_error() == 0) return status;
    console.complain(std::string("the result cannot be written to stdout: ") +
                     std::strerror(console.result_error()));
    return status == ExitStatus::done ? ExitStatus::failed : status;
}

class InputLines final : public LineSource {
  public:
    std::optional<std::string> next() override {
        std::string line;
        if (!std::getline(std::cin, line)) return std::nullopt;
        return line;
    }
};

class OutputLines final : public LineSink {
  public:
    void write(const std::string& lines) override { std::cout << lines << std::flush; }
};

int stdio() {
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);  // the output has a thread of its own
    InputLines input;
    OutputLines output;
    return StdioSession(input, output, open_local_queue).run();
}

int run(int argc, char** argv) {
    Arguments arguments;
    CLI::App app("Downloads files in the background and survives whatever happens.", "qmgr");
    app.set_version_flag("--version", QMGR_VERSION);
    app.require_subcommand(1);
    const auto add_queue_options = [&](CLI::App* verb) {
        verb->add_option("--queue", arguments.folder,
                         "The folder of the queue; default: qmgr in $XDG_STATE_HOME or "
                         "$HOME/.local/state");
        verb->add_flag("--quiet", arguments.quiet, "Show no progress");
    };
    CLI::App* const getting =
        app.add_subcommand("get", "Fetch one file and wait until it is there");
    getting->add_option("URL", arguments.url, "What to fetch, http or https")->required();
    getting->add_option("-o", arguments.file, "Where to; default: the URL's last segment, here");
    add_queue_options(getting);
    CLI::App* const resuming = app.add_subcommand("resume", "Go on with everything in the queue");
    add_queue_options(resuming);
    app.add_subcommand("stdio", "Serve a queue to another program over stdin and stdout");
    try {
        app.parse(argc, argv);
        if (*getting) {
            const FileSetInfo file{arguments.url, destination(arguments)};
            return on_queue(arguments, [&](const VerbPlace& place) {
                return get(place, file, {random_guid()}, {random_guid()});
            });
        }
        return *resuming ? on_queue(arguments, resume) : stdio();
    } catch (const CLI::Success& help) {
        return app.exit(help);
    } catch (const CLI::ParseError& error) {
        return complain(ExitStatus::wrong_use, error.what());
    } catch (const InputError& error) {
        return complain(ExitStatus::wrong_use, error.what());
    }
}

// What the program opens must not get the number of a standard stream that was closed when it
// started: what is said to people would be written into a file or a socket. Such a stream becomes
// one that ends at once and cannot be written.
void fill_closed_streams() {
    for (int number = STDIN_FILENO; number <= STDERR_FILENO; ++number) {
        if (::fcntl(number, F_GETFD) == -1) ::open("/dev/null", O_RDONLY);
    }
}

}  // namespace
}  // namespace qmgr

int main(int argc, char** argv) {
    qmgr::fill_closed_streams();
    // A reader that went away is noticed by what is written to it, not by an end without a word.
    std::signal(SIGPIPE, SIG_IGN);
    try {
        return qmgr::run(argc, argv);
    } catch (const std::exception& error) {
        std::cerr << "qmgr: " << error.what() << std::endl;
        return 1;
    }
}
