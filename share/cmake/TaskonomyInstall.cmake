# What `cmake --install` puts where, below one prefix that may be moved afterwards.
# The build folder is laid out as such a prefix too (bin, lib, lib/cmake/Taskonomy, share/taskonomy), so that plugins
# can be built against it and the program finds its files from its own place in both.
include(CMakePackageConfigHelpers)

# Two components, which become two packages: what runs needs, what building plugins needs.
set(runtime COMPONENT taskonomy)
set(development COMPONENT taskonomy-dev)

# The program's two halves, the SDK and the plugins find each other by their own place, LibTorch and lp_solve where they were found.
get_property(plugins GLOBAL PROPERTY TASKONOMY_PLUGINS)
list(REMOVE_ITEM plugins taskonomy_task_script)   # lies in a folder of its own
set_target_properties(taskonomy_task_script PROPERTIES INSTALL_RPATH "$ORIGIN/../.." INSTALL_RPATH_USE_LINK_PATH ON)
set_target_properties(taskonomy_learning taskonomy_sdk PROPERTIES INSTALL_RPATH "$ORIGIN")
set_target_properties(${plugins} PROPERTIES INSTALL_RPATH "$ORIGIN/..")
set_target_properties(taskonomy taskonomy_learning taskonomy_sdk ${plugins} PROPERTIES INSTALL_RPATH_USE_LINK_PATH ON)
# CMake leaves out what lies in the project, as the LibTorch of ./dev build --torch VERSION does.
get_filename_component(torch_folder ${TORCH_LIBRARY_FILE} DIRECTORY)
cmake_path(IS_PREFIX CMAKE_SOURCE_DIR ${torch_folder} torch_is_in_project)
if(torch_is_in_project)
  set_property(TARGET taskonomy_task_script taskonomy_learning taskonomy_sdk ${plugins} APPEND PROPERTY INSTALL_RPATH ${torch_folder})
endif()
install(TARGETS taskonomy EXPORT Taskonomy RUNTIME DESTINATION bin ${runtime})
install(TARGETS taskonomy_learning LIBRARY DESTINATION lib ${runtime})
set_target_properties(taskonomy_sdk PROPERTIES EXPORT_NAME sdk)
install(TARGETS taskonomy_sdk EXPORT Taskonomy
  LIBRARY DESTINATION lib ${runtime} NAMELINK_COMPONENT taskonomy-dev)
install(TARGETS ${plugins} LIBRARY DESTINATION lib/taskonomy ${runtime})
install(TARGETS taskonomy_task_script LIBRARY DESTINATION lib/taskonomy/script ${runtime})

# What comes with it.
foreach(folder recipes published templates gallery python)
  install(DIRECTORY ${CMAKE_SOURCE_DIR}/share/${folder} DESTINATION share/taskonomy ${runtime})
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/share/taskonomy)
  file(CREATE_LINK ${CMAKE_SOURCE_DIR}/share/${folder} ${CMAKE_BINARY_DIR}/share/taskonomy/${folder} SYMBOLIC)
endforeach()
# Of the scripts inside the report's page.
install(FILES ${CMAKE_SOURCE_DIR}/share/report/vendor/LICENSES.txt DESTINATION share/doc/taskonomy RENAME licences-of-report.txt
  ${runtime})
include(TaskonomyManual)

# What plugin authors need.
install(DIRECTORY ${CMAKE_SOURCE_DIR}/sdk/include/ DESTINATION include ${development} FILES_MATCHING PATTERN *.hpp)
if(TARGET taskonomy_sdk_testing)
  set_target_properties(taskonomy_sdk_testing PROPERTIES EXPORT_NAME sdk_testing)
  install(TARGETS taskonomy_sdk_testing EXPORT Taskonomy ARCHIVE DESTINATION lib ${development})
endif()
set(package lib/cmake/Taskonomy)
set(package_build ${CMAKE_BINARY_DIR}/${package})
set(package_files ${package_build}/TaskonomyConfig.cmake ${package_build}/TaskonomyConfigVersion.cmake)
foreach(file TaskonomyTorch.cmake TaskonomyPlugin.cmake TaskonomyPlugin.map TaskonomyStampCheck.cmake
    TaskonomyPluginManual.cmake)
  configure_file(${CMAKE_SOURCE_DIR}/sdk/cmake/${file} ${package_build}/${file} COPYONLY)
  list(APPEND package_files ${package_build}/${file})
endforeach()
taskonomy_build_facts(SDK ${CMAKE_SOURCE_DIR}/sdk/include)
if(SDK_problem)
  message(FATAL_ERROR "cannot read LibTorch's version with ${CMAKE_CXX_COMPILER}:\n${SDK_problem}")
endif()
configure_package_config_file(${CMAKE_SOURCE_DIR}/sdk/cmake/TaskonomyConfig.cmake.in ${package_build}/TaskonomyConfig.cmake
  INSTALL_DESTINATION ${package})
write_basic_package_version_file(${package_build}/TaskonomyConfigVersion.cmake
  VERSION ${TASKONOMY_SDK_VERSION} COMPATIBILITY SameMajorVersion)
install(FILES ${package_files} DESTINATION ${package} ${development})
install(EXPORT Taskonomy FILE TaskonomyTargets.cmake NAMESPACE Taskonomy:: DESTINATION ${package} ${development})
export(EXPORT Taskonomy FILE ${package_build}/TaskonomyTargets.cmake NAMESPACE Taskonomy::)

include(TaskonomyPackage)
