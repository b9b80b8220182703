// Prints a page of docs/ that is generated. From the project's root:
// build/dev/bin/print_docs state-machines > docs/state-machines.md
// build/dev/bin/print_docs requirements > docs/requirements.md
#include <iostream>
#include <string_view>

#include "conformance/meta/requirements_page.hpp"
#include "conformance/meta/state_machines_page.hpp"
#include "reference/contract/json.hpp"

int main(int count, char** arguments) {
    const std::string_view page = count == 2 ? arguments[1] : "";
    try {
        if (page == "state-machines") {
            std::cout << qmgr::meta::state_machines_page();
            return 0;
        }
        if (page == "requirements") {
            std::cout << qmgr::meta::requirements_page();
            return 0;
        }
        std::cerr << "print_docs: expected one argument, state-machines or requirements\n";
    } catch (const qmgr::InputError& error) {
        std::cerr << "print_docs: " << error.what() << "\n";
    }
    return 2;
}
