# taskonomy_add_task(ID SOURCES files... [TESTS files...] [LINKS targets...] [OUTPUT_DIRECTORY folder] [VERSION v] [LICENCE l])
# taskonomy_add_dataset(ID SOURCES files... and the same)
# Build one plugin, taskonomy_task_ID.so or taskonomy_dataset_ID.so, with all that a plugin needs and its author should
# not have to know: a module nobody links, hidden symbols, no undefined ones, the SDK and LibTorch. In a project of its
# own also: a look at the stamp after the build, `cmake --install`, and for a task the test taskonomy.check.ID.
# TESTS are the sources of one doctest program, ID_test, which is a test of that name and may use taskonomy/sdk/testing.hpp.
# VERSION (default: the project's) and LICENCE (default: the variable TASKONOMY_PLUGIN_LICENCE) go into the stamp.
# The // comment at the head of ID.cpp (or of the first source, where none has that name) is the plugin's manual page: it
# goes into the plugin too, and `taskonomy tasks show ID` prints it.
set(TASKONOMY_PLUGIN_SYMBOLS ${CMAKE_CURRENT_LIST_DIR}/TaskonomyPlugin.map)
set(TASKONOMY_STAMP_CHECK ${CMAKE_CURRENT_LIST_DIR}/TaskonomyStampCheck.cmake)
set(TASKONOMY_PLUGIN_MANUAL ${CMAKE_CURRENT_LIST_DIR}/TaskonomyPluginManual.cmake)

# Without optimisation a label takes ten times as long.
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release)
endif()

function(taskonomy_add_plugin_ kind id)
  cmake_parse_arguments(ARG "" "OUTPUT_DIRECTORY;VERSION;LICENCE" "SOURCES;TESTS;LINKS" ${ARGN})
  if(NOT id MATCHES "^[a-z][a-z0-9_]*$")
    message(FATAL_ERROR "taskonomy_add_${kind}(${id}): an id is lower case letters, digits and _, a letter first")
  endif()
  if(ARG_UNPARSED_ARGUMENTS OR NOT ARG_SOURCES)
    message(FATAL_ERROR "taskonomy_add_${kind}(${id}): say SOURCES and the files; unexpected: \"${ARG_UNPARSED_ARGUMENTS}\"")
  endif()
  if(NOT ARG_OUTPUT_DIRECTORY)
    set(ARG_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib/taskonomy)
  endif()
  if(NOT ARG_VERSION)
    set(ARG_VERSION ${PROJECT_VERSION})
  endif()
  if(NOT ARG_LICENCE)
    set(ARG_LICENCE ${TASKONOMY_PLUGIN_LICENCE})
  endif()
  set(target taskonomy_${kind}_${id})
  add_library(${target} MODULE ${ARG_SOURCES})
  taskonomy_plugin_settings_(${target})
  taskonomy_embed_manual_(${target} ${kind} ${id} ${ARG_SOURCES})
  set_target_properties(${target} PROPERTIES PREFIX "" LIBRARY_OUTPUT_DIRECTORY ${ARG_OUTPUT_DIRECTORY})
  if(ARG_VERSION)
    target_compile_definitions(${target} PRIVATE TX_PLUGIN_VERSION="${ARG_VERSION}")
  endif()
  if(ARG_LICENCE)
    target_compile_definitions(${target} PRIVATE TX_PLUGIN_LICENCE="${ARG_LICENCE}")
  endif()
  target_link_libraries(${target} PRIVATE ${ARG_LINKS})
  target_link_options(${target} PRIVATE -Wl,-z,defs -Wl,--version-script=${TASKONOMY_PLUGIN_SYMBOLS})
  set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${TASKONOMY_PLUGIN_SYMBOLS})
  if(TARGET Taskonomy::taskonomy)   # the program is not built here: this is an author's project
    taskonomy_finish_own_plugin_(${target} ${kind} ${id})
  endif()
  if(ARG_TESTS)
    taskonomy_add_plugin_test_(${id}_test SOURCES ${ARG_TESTS} LINKS ${ARG_LINKS})
  endif()
  if(TARGET torch_pch)
    target_precompile_headers(${target} REUSE_FROM torch_pch)
  endif()
  set_property(GLOBAL APPEND PROPERTY TASKONOMY_PLUGINS ${target})
endfunction()

# How every file of a plugin is compiled.
function(taskonomy_plugin_settings_ target)
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON CXX_EXTENSIONS OFF
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  target_link_libraries(${target} PRIVATE Taskonomy::sdk)
endfunction()

# The head comment of the plugin's main source, made again when that changes. A file of its own without includes, so that
# it costs no precompiled header.
function(taskonomy_embed_manual_ target kind id)
  set(sources ${ARGN})
  list(FILTER sources INCLUDE REGEX "(^|/)${id}\\.(cpp|cc|cxx)$")
  list(APPEND sources ${ARGN})
  list(GET sources 0 main)
  get_filename_component(main ${main} ABSOLUTE)
  if(NOT EXISTS ${main})   # an object library's files, or a source that is generated
    return()
  endif()
  set(manual ${CMAKE_CURRENT_BINARY_DIR}/${target}_manual.cpp)
  add_custom_command(OUTPUT ${manual} DEPENDS ${main} ${TASKONOMY_PLUGIN_MANUAL} VERBATIM COMMENT "Manual page of ${kind} ${id}"
    COMMAND ${CMAKE_COMMAND} -D SOURCE=${main} -D OUT=${manual} -P ${TASKONOMY_PLUGIN_MANUAL})
  target_sources(${target} PRIVATE ${manual})
  set_source_files_properties(${manual} PROPERTIES SKIP_PRECOMPILE_HEADERS ON SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()

function(taskonomy_finish_own_plugin_ target kind id)
  add_custom_command(TARGET ${target} POST_BUILD VERBATIM COMMENT ""
    COMMAND ${CMAKE_COMMAND} -D FILE=$<TARGET_FILE:${target}> -D KIND=${kind} -D ID=${id} -P ${TASKONOMY_STAMP_CHECK})
  install(TARGETS ${target} LIBRARY DESTINATION lib/taskonomy)
  if(kind STREQUAL task)
    add_test(NAME taskonomy.check.${id} COMMAND Taskonomy::taskonomy tasks check $<TARGET_FILE:${target}>)
  endif()
  if(TASKONOMY_PRECOMPILE_TORCH AND NOT TARGET torch_pch)
    file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/torch_pch.cpp CONTENT "// Owns the precompiled taskonomy/sdk/torch.hpp.\n")
    add_library(torch_pch STATIC ${CMAKE_BINARY_DIR}/torch_pch.cpp)
    taskonomy_plugin_settings_(torch_pch)
    target_precompile_headers(torch_pch PRIVATE <taskonomy/sdk/torch.hpp>)
  endif()
endfunction()

function(taskonomy_add_plugin_test_ target)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
  find_package(doctest QUIET)
  if(NOT doctest_FOUND)
    message(WARNING "${target} is not built: there is no doctest here (Debian: apt install doctest-dev)")
    return()
  endif()
  add_executable(${target} ${ARG_SOURCES})
  taskonomy_plugin_settings_(${target})
  target_link_libraries(${target} PRIVATE Taskonomy::sdk_testing doctest::doctest ${ARG_LINKS})
  if(TARGET torch_pch)
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE OFF)   # -fPIC below, as the header has it, not -fPIE
    target_compile_options(${target} PRIVATE -fPIC)
    target_precompile_headers(${target} REUSE_FROM torch_pch)
  endif()
  add_test(NAME ${target} COMMAND ${target})
endfunction()

function(taskonomy_add_task id)
  taskonomy_add_plugin_(task ${id} ${ARGN})
endfunction()

function(taskonomy_add_dataset id)
  taskonomy_add_plugin_(dataset ${id} ${ARGN})
endfunction()
