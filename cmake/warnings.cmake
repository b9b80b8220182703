# The warnings every target of this project is built with. A warning is an error.
add_library(qmgr_warnings INTERFACE)
target_compile_options(qmgr_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
    -Wnon-virtual-dtor -Woverloaded-virtual -Wnull-dereference -Wswitch-enum -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Wrong alarms of g++ 12 inside the standard library once the optimiser or a sanitizer is on
    # (gcc bugs 105562, 105329, 105593).
    target_compile_options(qmgr_warnings INTERFACE
        -Wno-maybe-uninitialized -Wno-restrict -Wno-null-dereference -Wno-stringop-overflow
        -Wno-array-bounds -Wno-stringop-overread -Wno-dangling-pointer)
endif()
