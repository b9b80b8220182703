// qmgr-fakeserver: the fake server as a program, for people and for clients in other languages.
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

#include "fakeserver/fault_list.hpp"
#include "fakeserver/script_json.hpp"
#include "fakeserver/server/control_door.hpp"
#include "fakeserver/server/fault_server.hpp"
#include "fakeserver/server/journal.hpp"

namespace qmgr::fakeserver {
namespace {

constexpr int kBadInput = 2;
constexpr int kPortTaken = 3;

struct Arguments {
    std::string script;
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;
    bool tls = false;
    std::string authority;  ///< the file for it; empty: none
    std::string journal;    ///< likewise
    bool no_control = false;
    bool json = false;
};

/// A file that was named on the command line cannot be written. what() is one line.
class OutputError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

int complain(int status, std::string message) {
    std::ranges::replace(message, '\n', ' ');
    std::cerr << "qmgr-fakeserver: " << message << std::endl;
    return status;
}

bool is_loopback(const std::string& host) {
    return host == "localhost" || host == "::1" || host.starts_with("127.");
}

/// The server may hold 4,096 connections; a usual limit is 1,024 descriptors.
void raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
}

int check(const Arguments& arguments) {
    const Script script = script_from_file(arguments.script);
    std::cout << arguments.script << ": \"" << script.title << "\", resources "
              << script.resources.size() << ", rules " << script.rules.size() << std::endl;
    return 0;
}

int list_faults(const Arguments& arguments) {
    std::cout << (arguments.json ? faults_json_text() : faults_markdown()) << std::flush;
    return 0;
}

void write_file(const std::string& path, const std::string& text) {
    std::ofstream file(path, std::ios::trunc);
    file << text << std::flush;
    if (!file) {
        throw OutputError(path + ": " + std::generic_category().message(errno));
    }
}

/// Blocks them before any thread starts, so that every thread leaves them to sigwait.
sigset_t signals_to_end_by() {
    sigset_t ending;
    sigemptyset(&ending);
    sigaddset(&ending, SIGINT);
    sigaddset(&ending, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &ending, nullptr);
    return ending;
}

void announce(const Arguments& arguments, const FaultServer& server, const ControlDoor* door,
              const std::string& token) {
    if (!is_loopback(arguments.host)) {
        std::cerr << "qmgr-fakeserver: warning: " << arguments.host
                  << " is not a loopback address; anyone who reaches it can use this server"
                  << std::endl;
    }
    nlohmann::ordered_json line{{"url", server.url("")}, {"port", server.port()}};
    if (door != nullptr) {
        line["control"] = door->url();
        line["token"] = token;
    }
    if (!arguments.authority.empty()) {
        line["authority"] = arguments.authority;
    }
    std::cout << line << std::endl;
}

int serve(const Arguments& arguments) {
    Script script = script_from_file(arguments.script);
    expect_playable(script, arguments.tls, arguments.script);
    raise_descriptor_limit();
    std::signal(SIGXFSZ, SIG_IGN);  // a journal at its limit is complained of
    const sigset_t ending = signals_to_end_by();
    std::optional<Journal> journal;
    FaultServer::Options options{
        .host = arguments.host, .port = arguments.port, .tls = arguments.tls};
    if (!arguments.journal.empty()) {
        journal.emplace(arguments.journal);
        options.on_answered = [&journal](const ServedRequest& served) { journal->write(served); };
    }
    FaultServer server(std::move(script), std::move(options));
    if (!arguments.authority.empty()) {
        write_file(arguments.authority, server.authority_pem());
    }
    const std::string token = make_token();
    std::optional<ControlDoor> door;
    if (!arguments.no_control) {
        door.emplace(server, token);
    }
    announce(arguments, server, door ? &*door : nullptr, token);
    int signal = 0;
    ::sigwait(&ending, &signal);
    server.stop();
    // A client of the door that sends its request byte by byte does not hold up the end: what has
    // to be written is written, and the rest is given back by the system.
    std::cout.flush();
    std::_Exit(0);
}

void add_serve(CLI::App& serving, Arguments& arguments) {
    serving.add_option("--script", arguments.script, "The script, a JSON file")->required();
    serving.add_option("--port", arguments.port, "The port; 0: one that is free");
    serving.add_option("--host", arguments.host, "The address to listen on");
    CLI::Option* const tls = serving.add_flag("--tls", arguments.tls, "HTTPS");
    serving
        .add_option("--authority", arguments.authority,
                    "Write the certificate that clients are to trust to this file")
        ->needs(tls);
    serving.add_option("--journal", arguments.journal,
                       "Append a JSON line for each request to this file");
    serving.add_flag("--no-control", arguments.no_control, "Open no control door");
}

int run(int argc, char** argv) {
    Arguments arguments;
    CLI::App app("An HTTP server that misbehaves exactly as its script says.", "qmgr-fakeserver");
    app.require_subcommand(1);
    CLI::App* const serving = app.add_subcommand("serve", "Serve until SIGINT or SIGTERM");
    add_serve(*serving, arguments);
    CLI::App* const checking = app.add_subcommand("check", "Say whether a script can be read");
    checking->add_option("FILE", arguments.script, "The script, a JSON file")->required();
    CLI::App* const listing = app.add_subcommand("faults", "List every fault with an example");
    listing->add_flag("--json", arguments.json, "For programs: a list of objects");
    try {
        app.parse(argc, argv);
        if (*listing) {
            return list_faults(arguments);
        }
        return *serving ? serve(arguments) : check(arguments);
    } catch (const CLI::Success& help) {
        return app.exit(help);
    } catch (const CLI::ParseError& error) {
        return complain(kBadInput, error.what());
    } catch (const InputError& error) {
        return complain(kBadInput, error.what());
    } catch (const JournalError& error) {
        return complain(kBadInput, error.what());
    } catch (const OutputError& error) {
        return complain(kBadInput, error.what());
    } catch (const ListenError& error) {
        return complain(kPortTaken, error.what());
    }
}

}  // namespace
}  // namespace qmgr::fakeserver

int main(int argc, char** argv) {
    try {
        return qmgr::fakeserver::run(argc, argv);
    } catch (const std::exception& error) {
        std::cerr << "qmgr-fakeserver: " << error.what() << std::endl;
        return 1;
    }
}
