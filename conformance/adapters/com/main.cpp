// qmgr-com: docs/sut-protocol.md on standard input and output, the BITS of this machine behind it.
#include <fcntl.h>
#include <io.h>
#include <objbase.h>
#include <windows.h>

#include <cstdio>
#include <iostream>
#include <string>

#include "conformance/adapters/com/paths.hpp"
#include "conformance/adapters/com/session.hpp"

int main(int count, char** words) {
    qmgr::com_adapter::SharedFolder shared;
    const std::string option = count == 3 ? words[1] : "";
    if (option == "--folder") shared = qmgr::com_adapter::shared_folder(words[2]);
    if ((count != 1 && option != "--folder") || shared.unix_name.empty()) {
        std::fputs("usage: qmgr-com [--folder UNIX=WINDOWS]   (default: /=Z:\\)\n", stderr);
        return 2;
    }
    // Lines end in a line feed alone.
    _setmode(_fileno(stdin), _O_BINARY);
    _setmode(_fileno(stdout), _O_BINARY);
    if (FAILED(CoInitializeEx(nullptr, COINIT_MULTITHREADED))) return 1;
    // As the pages on callbacks ask for: BITS tells its owner only what it may identify.
    CoInitializeSecurity(nullptr, -1, nullptr, nullptr, RPC_C_AUTHN_LEVEL_CONNECT,
                         RPC_C_IMP_LEVEL_IMPERSONATE, nullptr, EOAC_NONE, nullptr);

    qmgr::com_adapter::Session session(shared);
    std::string line;
    while (std::getline(std::cin, line)) session.take_line(line);
    std::fflush(stdout);
    // Callbacks may still wait for answers that nobody will give; they end with the process.
    TerminateProcess(GetCurrentProcess(), 0);
}
