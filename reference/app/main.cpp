// qmgr: the queue as a program. `get`, `list`, `resume` and `cancel` for people and, with --json,
// for scripts; `stdio` for programs that make the calls themselves. docs/command.md describes it.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "reference/adapters/steady_clock.hpp"
#include "reference/app/console.hpp"
#include "reference/app/list_verb.hpp"
#include "reference/app/probe_verb.hpp"
#include "reference/app/queue_watch.hpp"
#include "reference/app/stdio_session.hpp"
#include "reference/app/verbs.hpp"
#include "reference/contract/input_error.hpp"
#include "reference/contract/url_mask.hpp"
#include "reference/library/local_queue.hpp"
#include "reference/library/queue_listing.hpp"
#include "reference/library/queue_manager.hpp"

namespace qmgr {
namespace {

struct Arguments {
    std::vector<std::string> urls;
    std::string file;
    std::string directory;
    std::string queue;
    std::vector<std::string> groups;
    bool foreground = false;
    bool all = false;
    bool quiet = false;
    bool json = false;
    bool why = false;
};

constexpr const char* kExitStatuses =
    "Exit status:\n"
    "  0    done\n"
    "  1    a transfer is in error, a group is not there, or the queue cannot be used\n"
    "  2    wrong use: the command line, or a URL or file name that no queue takes\n"
    "  3    the queue is open in another process\n"
    "  130  suspended by Ctrl-C or SIGTERM; go on with: qmgr resume";

constexpr const char* kProbeExitStatuses =
    "Exit status:\n"
    "  0  BITS can download, at least in the foreground; through the proxy, too\n"
    "  1  it cannot, or not through this proxy; or the report could not be written\n"
    "  2  the command line is wrong; one line says how";

constexpr const char* kStdioExitStatuses =
    "Exit status:\n"
    "  0  stdin ended, and every call was answered; what was not suspended goes on at the next "
    "start\n"
    "  2  wrong use of the command line\n"
    "  3  the queue is open in another process";

int complain(int status, std::string message) {
    message = masked_in_text(message);
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
std::string name_in(const std::string& url) {
    const std::string whole = url.substr(0, url.find_first_of("?#"));
    const std::size_t authority = whole.find("://");
    const std::size_t path = authority == whole.npos ? 0 : whole.find('/', authority + 3);
    // Else a password, or the end of one with a "/" in it, would become a name, and be shown.
    if (masked(whole) != whole && whole.find('@') > path)
        throw InputError(masked(url),
                         "expected http://USER:PASSWORD@HOST/PATH, with %2F for a / in PASSWORD");
    std::string name = path == whole.npos ? "" : whole.substr(whole.rfind('/') + 1);
    if (name.empty() || name == "." || name == "..")
        throw InputError("-o", "expected a file, since " + masked(url) + " names none");
    return name;
}

FileSetInfo file_of(const std::string& url, const std::filesystem::path& destination) {
    const std::filesystem::path path = from_root(destination).lexically_normal();
    std::error_code ignored;  // whether it can be written is the queue's to say
    const auto there = std::filesystem::status(path, ignored).type();
    const bool replaceable = there == std::filesystem::file_type::not_found ||
                             there == std::filesystem::file_type::regular ||
                             there == std::filesystem::file_type::directory ||
                             there == std::filesystem::file_type::none;
    if (!replaceable) throw InputError("-o", "expected a file, and " + path.string() + " is none");
    if (!path.has_filename() || std::filesystem::is_directory(path, ignored))
        throw InputError("-o", "expected a file, and " + path.string() + " is a folder");
    return {url, path};
}

std::vector<FileSetInfo> files_of(const Arguments& arguments) {
    if (!arguments.file.empty()) {
        if (arguments.urls.size() == 1) return {file_of(arguments.urls.front(), arguments.file)};
        throw InputError("-o", fmt::format("expected one URL with it, and there are {}; -d DIR is "
                                           "for several",
                                           arguments.urls.size()));
    }
    std::vector<FileSetInfo> files;
    std::set<std::string> names;
    for (const std::string& url : arguments.urls) {
        const std::string name = name_in(url);
        if (!names.insert(name).second)
            throw InputError("get",
                             "expected URLs with different last segments, and two are " + name);
        files.push_back(file_of(url, std::filesystem::path(arguments.directory) / name));
    }
    return files;
}

std::vector<GroupId> groups_of(const Arguments& arguments) {
    std::vector<GroupId> groups;
    for (const std::string& text : arguments.groups) {
        const auto guid = guid_from_text(text);
        if (!guid) throw InputError(text, "expected the GUID of a group, as qmgr list shows it");
        groups.push_back({*guid});
    }
    return groups;
}

std::string queue_folder(const Arguments& arguments) {
    return from_root(arguments.queue.empty() ? default_folder() : arguments.queue);
}

int busy(const std::string& folder, Console& console) {
    const auto owner = owner_of_queue(folder);
    Json event = {{"event", "busy"}, {"queue", folder}, {"pid", nullptr}, {"program", nullptr}};
    if (owner) {
        event["pid"] = owner->pid;
        event["program"] = owner->program;
    }
    console.complain(
        folder + ": this queue is open in " + (owner ? to_text(*owner) : "another process"), event);
    return ExitStatus::queue_busy;
}

// Runs something that speaks to a console; its status, or 1 when not all of it could be written.
template <class Work>
int on_console(const Arguments& arguments, Work work) {
    ProcessConsole console({arguments.quiet, arguments.json});
    const int status = work(console);
    if (arguments.json) console.say("", {{"event", "end"}, {"status", status}});
    if (console.result_error() == 0) return status;
    console.complain(std::string("the result cannot be written to stdout: ") +
                         std::strerror(console.result_error()),
                     {{"event", "unwritten"}});
    return status == ExitStatus::done ? ExitStatus::failed : status;
}

// Runs a verb on the queue the command line names.
template <class Work>
int on_queue(const Arguments& arguments, Work work) {
    const std::string folder = queue_folder(arguments);
    return on_console(arguments, [&](Console& console) {
        QueueWatch watch(arguments.why);
        const auto queue = open_local_queue(folder, Policy(), &watch);
        if (!queue) return busy(folder, console);
        SteadyClock clock;
        return work(VerbPlace{queue->service(), clock, console, watch,
                              library::QueueManager::caller_of_this_process(), folder});
    });
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
    const auto open = [](const std::string& state, const Policy& policy) {
        return open_local_queue(state, policy);
    };
    return StdioSession(input, output, open).run();
}

void add_queue_options(CLI::App& verb, Arguments& arguments) {
    verb.add_option("--queue", arguments.queue,
                    "The folder of the queue; default: qmgr in $XDG_STATE_HOME or "
                    "$HOME/.local/state");
    verb.add_flag("--json", arguments.json, "One JSON object a line on stdout, for programs");
}

void add_quiet(CLI::App& verb, Arguments& arguments) {
    verb.add_flag("--quiet", arguments.quiet, "Show no progress");
}

CLI::App* add_get(CLI::App& app, Arguments& arguments) {
    CLI::App* const verb =
        app.add_subcommand("get", "Fetch files as one group and wait until they are there");
    verb->add_option("URL", arguments.urls, "What to fetch, http or https")->required();
    CLI::Option* const file = verb->add_option(
        "-o", arguments.file, "The file to make, of one URL; default: its last segment, here");
    verb->add_option("-d", arguments.directory, "The folder to put the files in; default: here")
        ->excludes(file);
    verb->add_flag("--foreground", arguments.foreground, "Do not wait for the turn of the group");
    verb->add_flag("--why", arguments.why, "Tell each change of state and the rule behind it");
    add_queue_options(*verb, arguments);
    add_quiet(*verb, arguments);
    return verb;
}

CLI::App* add_cancel(CLI::App& app, Arguments& arguments) {
    CLI::App* const verb = app.add_subcommand(
        "cancel", "Take groups out of the queue; only files that are whole stay");
    CLI::Option* const groups =
        verb->add_option("GUID", arguments.groups, "The groups, as qmgr list shows them");
    verb->add_flag("--all", arguments.all, "Every group of yours")->excludes(groups);
    add_queue_options(*verb, arguments);
    return verb;
}

int get(const Arguments& arguments) {
    const GetRequest request{
        files_of(arguments), arguments.foreground, {random_guid()}, {random_guid()}};
    return on_queue(arguments, [&](const VerbPlace& place) { return get(place, request); });
}

int resume(const Arguments& arguments) {
    const std::vector<GroupId> groups = groups_of(arguments);
    return on_queue(arguments, [&](const VerbPlace& place) { return resume(place, groups); });
}

int cancel(const Arguments& arguments) {
    const std::vector<GroupId> groups = groups_of(arguments);
    if (groups.empty() && !arguments.all) throw InputError("cancel", "expected a GUID or --all");
    return on_queue(arguments, [&](const VerbPlace& place) { return cancel(place, groups); });
}

int list(const Arguments& arguments) {
    const std::string folder = queue_folder(arguments);
    return on_console(arguments, [&](Console& console) { return list(folder, console); });
}

CLI::App* add_probe(CLI::App& app, ProbeArguments& arguments) {
    CLI::App* const verb =
        app.add_subcommand("probe", "Tell whether BITS can download from a server");
    verb->add_option("URL", arguments.url, "A file of the server, http or https");
    verb->add_option("--through", arguments.proxy, "Ask through this proxy, and examine it, too");
    verb->add_flag("--json", arguments.json, "Say it as JSON");
    verb->footer(kProbeExitStatuses);
    return verb;
}

int run(int argc, char** argv) {
    Arguments arguments;
    CLI::App app("Downloads files in the background and survives whatever happens.", "qmgr");
    app.set_version_flag("--version", QMGR_VERSION);
    app.footer(kExitStatuses);
    app.require_subcommand(1);
    CLI::App* const getting = add_get(app, arguments);
    CLI::App* const listing =
        app.add_subcommand("list", "Show what is in the queue, also while it is open elsewhere");
    add_queue_options(*listing, arguments);
    CLI::App* const resuming = app.add_subcommand("resume", "Go on with what is in the queue");
    resuming->add_option("GUID", arguments.groups, "Only these groups; default: all of yours");
    add_queue_options(*resuming, arguments);
    add_quiet(*resuming, arguments);
    CLI::App* const cancelling = add_cancel(app, arguments);
    ProbeArguments to_probe;
    CLI::App* const probing = add_probe(app, to_probe);
    app.add_subcommand("stdio", "Serve a queue to another program over stdin and stdout")
        ->footer(kStdioExitStatuses);
    try {
        app.parse(argc, argv);
        if (*getting) return get(arguments);
        if (*probing) return probe(to_probe, Policy(), std::cout);
        if (*listing) return list(arguments);
        if (*resuming) return resume(arguments);
        return *cancelling ? cancel(arguments) : stdio();
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
        std::cerr << "qmgr: " << qmgr::masked_in_text(error.what()) << std::endl;
        return 1;
    }
}
