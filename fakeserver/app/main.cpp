// qmgr-fakeserver: the fake server as a program, for people and for clients in other languages.
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdint>
#include <exception>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "fakeserver/script_json.hpp"
#include "fakeserver/server/fault_server.hpp"

namespace qmgr::fakeserver {
namespace {

constexpr int kBadInput = 2;
constexpr int kPortTaken = 3;

struct Arguments {
    std::string script;
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;
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

int serve(const Arguments& arguments) {
    const Script script = script_from_file(arguments.script);
    raise_descriptor_limit();
    // Blocked before any thread starts, so that every thread leaves them to sigwait.
    sigset_t ending;
    sigemptyset(&ending);
    sigaddset(&ending, SIGINT);
    sigaddset(&ending, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &ending, nullptr);
    FaultServer server(script, {.host = arguments.host, .port = arguments.port});
    if (!is_loopback(arguments.host)) {
        std::cerr << "qmgr-fakeserver: warning: " << arguments.host
                  << " is not a loopback address; anyone who reaches it can use this server"
                  << std::endl;
    }
    std::cout << nlohmann::ordered_json{{"url", server.url("")}, {"port", server.port()}}
              << std::endl;
    int signal = 0;
    ::sigwait(&ending, &signal);
    return 0;
}

int run(int argc, char** argv) {
    Arguments arguments;
    CLI::App app("An HTTP server that misbehaves exactly as its script says.", "qmgr-fakeserver");
    app.require_subcommand(1);
    CLI::App* const serving = app.add_subcommand("serve", "Serve until SIGINT or SIGTERM");
    serving->add_option("--script", arguments.script, "The script, a JSON file")->required();
    serving->add_option("--port", arguments.port, "The port; 0: one that is free");
    serving->add_option("--host", arguments.host, "The address to listen on");
    CLI::App* const checking = app.add_subcommand("check", "Say whether a script can be read");
    checking->add_option("FILE", arguments.script, "The script, a JSON file")->required();
    try {
        app.parse(argc, argv);
        return *serving ? serve(arguments) : check(arguments);
    } catch (const CLI::Success& help) {
        return app.exit(help);
    } catch (const CLI::ParseError& error) {
        return complain(kBadInput, error.what());
    } catch (const InputError& error) {
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
