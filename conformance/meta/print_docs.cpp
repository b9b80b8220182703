// Prints docs/state-machines.md. From the project's root:
// build/dev/bin/print_docs > docs/state-machines.md
#include <iostream>

#include "conformance/meta/state_machines_page.hpp"

int main() { std::cout << qmgr::meta::state_machines_page(); }
