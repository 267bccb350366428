# Debian packages: taskonomy (program, SDK library, plugins, recipes) and taskonomy-dev (what plugins are built with).
# ./dev package makes them.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "taskonomy maintainers <maintainers@taskonomy.example>")
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL taskonomy taskonomy-dev)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)

set(CPACK_DEBIAN_TASKONOMY_PACKAGE_NAME taskonomy)
set(CPACK_DEBIAN_TASKONOMY_PACKAGE_SECTION science)
set(CPACK_DEBIAN_TASKONOMY_DESCRIPTION "which visual tasks to label and train first
Trains a network for each of a set of visual tasks, measures by how much every
task helps every other, and picks the sources and transfers that serve all of
them best under a budget of labels. Tasks and datasets are plugins.")
set(CPACK_DEBIAN_TASKONOMY_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${CMAKE_BINARY_DIR}/lib)
set(CPACK_DEBIAN_TASKONOMY_PACKAGE_CONTROL_EXTRA ${CMAKE_SOURCE_DIR}/share/debian/triggers)
set(CPACK_DEBIAN_TASKONOMY_PACKAGE_DEPENDS "lp-solve, fonts-dejavu-core")   # lp_solve's library carries no package information; letters of contact sheets
set(CPACK_DEBIAN_TASKONOMY_PACKAGE_RECOMMENDS libopenblas0-pthread)    # thirty times the speed of the reference BLAS
set(CPACK_DEBIAN_TASKONOMY_PACKAGE_SUGGESTS "bash-completion, python3-torch")   # the latter makes the files of script tasks

set(CPACK_DEBIAN_TASKONOMY-DEV_PACKAGE_NAME taskonomy-dev)
set(CPACK_DEBIAN_TASKONOMY-DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_TASKONOMY-DEV_DESCRIPTION "tasks and datasets of your own for taskonomy
Headers, CMake package and checks with which plugins for taskonomy are built:
a task is one C++ file that says what its label is, which decoder it wants and
how its loss is computed.")
set(CPACK_DEBIAN_TASKONOMY-DEV_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_TASKONOMY-DEV_PACKAGE_DEPENDS
  "taskonomy (= ${PROJECT_VERSION}-1), libtorch-dev, g++, cmake (>= 3.25), make | ninja-build")
set(CPACK_DEBIAN_TASKONOMY-DEV_PACKAGE_RECOMMENDS doctest-dev)         # the test programs of `taskonomy tasks new`
set(CPACK_DEBIAN_TASKONOMY-DEV_PACKAGE_SUGGESTS gdb)                   # `taskonomy tasks debug`

# What Debian wants in every package.
configure_file(${CMAKE_SOURCE_DIR}/share/debian/changelog.in ${CMAKE_BINARY_DIR}/share/changelog.Debian @ONLY)
execute_process(COMMAND gzip -9nf ${CMAKE_BINARY_DIR}/share/changelog.Debian COMMAND_ERROR_IS_FATAL ANY)
foreach(component ${CPACK_COMPONENTS_ALL})
  install(FILES ${CMAKE_SOURCE_DIR}/LICENSE DESTINATION share/doc/${component} RENAME copyright COMPONENT ${component})
  install(FILES ${CMAKE_BINARY_DIR}/share/changelog.Debian.gz DESTINATION share/doc/${component} COMPONENT ${component})
endforeach()
install(FILES ${CMAKE_SOURCE_DIR}/share/debian/taskonomy.overrides DESTINATION share/lintian/overrides RENAME taskonomy
  COMPONENT taskonomy)
include(CPack)
