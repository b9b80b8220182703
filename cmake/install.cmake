# What other projects get: `cmake --install`, then find_package(qmgr) or pkg-config. ./run install
# does it and builds docs/examples over the result.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

# Promised: contract, library, fakeserver and its server, and world with its rig and traces
# (docs/library.md). The others are what these are made of.
set(qmgr_installed contract contract_json engine service adapters library fakeserver
    fakeserver_server traces rig world)
set(qmgr_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/qmgr)

install(TARGETS ${qmgr_installed} EXPORT qmgrTargets
    FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/qmgr)
install(TARGETS qmgr qmgr-fakeserver)
install(EXPORT qmgrTargets NAMESPACE qmgr:: DESTINATION ${qmgr_package_dir})
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

configure_package_config_file(cmake/qmgrConfig.cmake.in ${PROJECT_BINARY_DIR}/qmgrConfig.cmake
    INSTALL_DESTINATION ${qmgr_package_dir} NO_SET_AND_CHECK_MACRO)
# Before 1.0 every minor version may break its users.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/qmgrConfigVersion.cmake
    COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/qmgrConfig.cmake ${PROJECT_BINARY_DIR}/qmgrConfigVersion.cmake
    DESTINATION ${qmgr_package_dir})

# The library folder may have several parts: lib/x86_64-linux-gnu is Debian's under /usr.
set(qmgr_pc_to_prefix /prefix)
cmake_path(RELATIVE_PATH qmgr_pc_to_prefix BASE_DIRECTORY /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig)
configure_file(cmake/qmgr.pc.in qmgr.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/qmgr.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
