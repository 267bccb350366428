# taskonomy_add_task(ID SOURCES files... [TESTS files...] [TENSORS_ONLY] [LINKS targets...] [OUTPUT_DIRECTORY folder]
#                    [VERSION v] [LICENCE l] [CHECK_RECIPE recipe.toml])
# taskonomy_add_dataset(ID SOURCES files... and the same)
# Build one plugin, taskonomy_task_ID.so or taskonomy_dataset_ID.so, with all that a plugin needs and its author should
# not have to know: a module nobody links, hidden symbols, no undefined ones, the SDK and LibTorch. In a project of its
# own also: a look at the stamp after the build, `cmake --install`, and for a task the test taskonomy.check.ID.
# TENSORS_ONLY: its files see LibTorch's tensors and what labels are made of, not layers, optimisers and the rest
# (taskonomy/sdk/torch.hpp), and compile in a third of the time. Without it they see all.
# TESTS are the sources of one doctest program, ID_test, which is a test of that name and may use taskonomy/sdk/testing.hpp.
# main() comes with it.
# VERSION (default: the project's) and LICENCE (default: the variable TASKONOMY_PLUGIN_LICENCE) go into the stamp.
# The // comment at the head of ID.cpp (or of the first source, where none has that name) is the plugin's manual page: it
# goes into the plugin too, and `taskonomy tasks show ID` prints it.
set(TASKONOMY_PLUGIN_SYMBOLS ${CMAKE_CURRENT_LIST_DIR}/TaskonomyPlugin.map)
set(TASKONOMY_STAMP_CHECK ${CMAKE_CURRENT_LIST_DIR}/TaskonomyStampCheck.cmake)
set(TASKONOMY_PLUGIN_MANUAL ${CMAKE_CURRENT_LIST_DIR}/TaskonomyPluginManual.cmake)

# Without optimisation a label takes ten times as long. A debug build is optimised a little: -O1 compiles as fast as -O0.
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release)
endif()

function(taskonomy_add_plugin_ kind id)
  cmake_parse_arguments(ARG "TENSORS_ONLY" "OUTPUT_DIRECTORY;VERSION;LICENCE;CHECK_RECIPE" "SOURCES;TESTS;LINKS" ${ARGN})
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
    taskonomy_finish_own_plugin_(${target} ${kind} ${id} "${ARG_CHECK_RECIPE}")
  endif()
  set(targets ${target})
  if(ARG_TESTS)
    taskonomy_add_plugin_test_(${id}_test SOURCES ${ARG_TESTS} LINKS ${ARG_LINKS})
    list(APPEND targets ${id}_test)
  endif()
  foreach(one IN LISTS targets)
    if(TARGET ${one})
      taskonomy_choose_torch_(${one} "${ARG_TENSORS_ONLY}")
    endif()
  endforeach()
  set_property(GLOBAL APPEND PROPERTY TASKONOMY_PLUGINS ${target})
endfunction()

# How every file of a plugin is compiled.
function(taskonomy_plugin_settings_ target)
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON CXX_EXTENSIONS OFF
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  target_link_libraries(${target} PRIVATE Taskonomy::sdk)
  if(TARGET Taskonomy::taskonomy)   # an author's project
    # Line numbers for debuggers and backtraces; all of -g would make LibTorch's headers cost twice as much.
    target_compile_options(${target} PRIVATE -g1 $<$<CONFIG:Debug>:-O1>)
  endif()
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

function(taskonomy_finish_own_plugin_ target kind id recipe)
  add_custom_command(TARGET ${target} POST_BUILD VERBATIM COMMENT ""
    COMMAND ${CMAKE_COMMAND} -D FILE=$<TARGET_FILE:${target}> -D KIND=${kind} -D ID=${id} -P ${TASKONOMY_STAMP_CHECK})
  install(TARGETS ${target} LIBRARY DESTINATION lib/taskonomy)
  if(recipe)
    get_filename_component(recipe ${recipe} ABSOLUTE)
    set(own_samples --recipe ${recipe} --plugin-dir $<TARGET_FILE_DIR:${target}>)
  endif()
  if(kind STREQUAL task OR recipe)
    add_test(NAME taskonomy.check.${id} COMMAND Taskonomy::taskonomy ${kind}s check $<TARGET_FILE:${target}> ${own_samples})
    set_tests_properties(taskonomy.check.${id} PROPERTIES SKIP_RETURN_CODE 5)   # "not checked": it lacks samples
  endif()
endfunction()

# How much of LibTorch the target's files see, and whether from a header that is compiled once for the whole project: tensors
# alone always, all of LibTorch where TASKONOMY_PRECOMPILE_TORCH asks for it (or this is the host's own build).
function(taskonomy_choose_torch_ target tensors_only)
  set(header torch_pch)
  if(tensors_only)
    set(header tensors_pch)
    target_compile_definitions(${target} PRIVATE TX_TENSORS_ONLY)
  endif()
  if(NOT TARGET ${header} AND (tensors_only OR TASKONOMY_PRECOMPILE_TORCH))
    file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/${header}.cpp CONTENT "// Owns the precompiled taskonomy/sdk/torch.hpp.\n")
    add_library(${header} STATIC ${CMAKE_BINARY_DIR}/${header}.cpp)
    taskonomy_plugin_settings_(${header})
    target_compile_definitions(${header} PRIVATE $<$<BOOL:${tensors_only}>:TX_TENSORS_ONLY>)
    target_precompile_headers(${header} PRIVATE <taskonomy/sdk/torch.hpp>)
  endif()
  if(TARGET ${header})
    target_precompile_headers(${target} REUSE_FROM ${header})
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
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE OFF)   # -fPIC below, as a precompiled header has it, not -fPIE
  target_compile_options(${target} PRIVATE -fPIC)
  if(TARGET Taskonomy::taskonomy)   # an author's project
    taskonomy_bring_doctest_main_(${target})
  endif()
  add_test(NAME ${target} COMMAND ${target})
endfunction()

# doctest's own code and main(), compiled once for all test programs: half of what such a program takes. A file that says
# DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN itself does no harm: the header leaves out what counts as already defined.
function(taskonomy_bring_doctest_main_ target)
  if(NOT TARGET taskonomy_doctest_main)
    set(main ${CMAKE_BINARY_DIR}/taskonomy_doctest_main.cpp)
    file(CONFIGURE OUTPUT ${main} CONTENT "#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN\n#include <doctest/doctest.h>\n")
    add_library(taskonomy_doctest_main STATIC ${main})
    target_link_libraries(taskonomy_doctest_main PUBLIC doctest::doctest)
    target_compile_options(taskonomy_doctest_main PRIVATE -O0)
  endif()
  target_compile_definitions(${target} PRIVATE DOCTEST_LIBRARY_IMPLEMENTATION)
  target_link_libraries(${target} PRIVATE taskonomy_doctest_main)
endfunction()

function(taskonomy_add_task id)
  taskonomy_add_plugin_(task ${id} ${ARGN})
endfunction()

function(taskonomy_add_dataset id)
  taskonomy_add_plugin_(dataset ${id} ${ARGN})
endfunction()
