# Five functions; the CMakeLists.txt of each folder is a list made with them.

# qmgr_library(NAME SOURCES … HEADERS … LINKS … PRIVATE_LINKS …)
# A library qmgr::NAME. LINKS is what its headers need, PRIVATE_LINKS what only its sources need.
function(qmgr_library name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;HEADERS;LINKS;PRIVATE_LINKS")
    if(arg_SOURCES)
        add_library(${name} ${arg_SOURCES})
        set(scope PUBLIC)
        target_link_libraries(${name} PRIVATE $<BUILD_INTERFACE:qmgr_warnings> ${arg_PRIVATE_LINKS})
    else()
        add_library(${name} INTERFACE)
        set(scope INTERFACE)
    endif()
    add_library(qmgr::${name} ALIAS ${name})
    set_target_properties(${name} PROPERTIES OUTPUT_NAME qmgr_${name})
    target_sources(${name} ${scope} FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${arg_HEADERS})
    target_compile_features(${name} ${scope} cxx_std_20)
    target_link_libraries(${name} ${scope} ${arg_LINKS})
endfunction()

# qmgr_program(NAME SOURCES … LINKS …)
function(qmgr_program name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINKS")
    add_executable(${name} ${arg_SOURCES})
    target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} PRIVATE qmgr_warnings ${arg_LINKS})
endfunction()

# qmgr_test(NAME LABEL unit|conformance|property|replay|meta|slow SOURCES … LINKS … [PREFIX …])
# A GoogleTest program; every TEST in it is a test of ctest, run from the project's root. PREFIX
# begins the names of tests that several programs have.
function(qmgr_test name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "LABEL;PREFIX" "SOURCES;LINKS")
    if(NOT QMGR_TESTS)
        return()
    endif()
    qmgr_program(${name} SOURCES ${arg_SOURCES} LINKS ${arg_LINKS} GTest::gmock GTest::gtest GTest::gtest_main)
    gtest_discover_tests(${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} TEST_PREFIX "${arg_PREFIX}"
        PROPERTIES LABELS ${arg_LABEL} TIMEOUT 300 DISCOVERY_TIMEOUT 60)
endfunction()

# qmgr_fuzzer(NAME SOURCES … LINKS …)
# SOURCES is a fuzz target (reference/contract/fuzz_target.hpp). With QMGR_FUZZERS it is the program
# fuzz-NAME over QMGR_FUZZING_ENGINE and a part of the target `fuzzers`; with QMGR_TESTS its seeds are
# a unit test, fuzz_NAME_seeds_test, whatever the compiler.
function(qmgr_fuzzer name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINKS")
    set(driver ${PROJECT_SOURCE_DIR}/reference/contract)
    if(QMGR_FUZZERS)
        qmgr_program(fuzz-${name} SOURCES ${arg_SOURCES} ${driver}/fuzz_corpus.cpp LINKS ${arg_LINKS})
        separate_arguments(engine UNIX_COMMAND "${QMGR_FUZZING_ENGINE}")
        target_link_libraries(fuzz-${name} PRIVATE ${engine})
        if(NOT TARGET fuzzers)
            add_custom_target(fuzzers)
        endif()
        add_dependencies(fuzzers fuzz-${name})
    endif()
    string(REPLACE - _ test fuzz_${name}_seeds_test)
    qmgr_test(${test} LABEL unit SOURCES ${arg_SOURCES} ${driver}/fuzz_seeds_test.cpp LINKS ${arg_LINKS}
        PREFIX ${name}.)
endfunction()

# qmgr_benchmark(NAME SOURCES … LINKS …)
# A Google Benchmark program NAME_benchmark, for `./run bench NAME`, and a part of the target
# `benchmarks`. A test runs each benchmark once, so that it cannot rot; no time is judged there. A
# benchmark that sets the counters `ratio` and `at_least` fails the verb when the first is lower.
function(qmgr_benchmark name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINKS")
    if(NOT QMGR_TESTS)
        return()
    endif()
    qmgr_program(${name}_benchmark SOURCES ${arg_SOURCES} LINKS ${arg_LINKS} benchmark::benchmark_main)
    if(NOT TARGET benchmarks)
        add_custom_target(benchmarks)
    endif()
    add_dependencies(benchmarks ${name}_benchmark)
    add_test(NAME Benchmark.${name}RunsOnce COMMAND ${name}_benchmark --benchmark_min_time=0
        WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    set_tests_properties(Benchmark.${name}RunsOnce PROPERTIES LABELS unit TIMEOUT 300)
endfunction()
