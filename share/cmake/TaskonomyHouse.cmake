# How this house is built: language level, warnings, dependencies and the three kinds of targets in it.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
# One set of code generation flags for every target, so that all of them can share one precompiled LibTorch header.
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

option(TASKONOMY_SANITIZE "Build with AddressSanitizer and UndefinedBehaviorSanitizer" OFF)
add_compile_options(-Wall -Wextra -Wpedantic -Werror)
add_compile_options(-Wno-restrict)  # g++ 12 sees overlaps in "text" + std::string that are not there (GCC bug 105651)
if(TASKONOMY_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
endif()

find_package(Boost 1.74 REQUIRED COMPONENTS filesystem program_options)
find_package(Eigen3 REQUIRED NO_MODULE)
find_package(tomlplusplus REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(doctest REQUIRED)
find_package(PNG REQUIRED)
find_package(JPEG REQUIRED)
find_package(embree 3 REQUIRED)
find_package(Threads REQUIRED)

# lp_solve ships neither CMake nor pkg-config files; Debian keeps the shared
# library in a folder of its own (package lp-solve); the static one of liblpsolve55-dev would need COLAMD besides.
find_path(LPSOLVE_INCLUDE_DIR lp_lib.h PATH_SUFFIXES lpsolve REQUIRED)
find_library(LPSOLVE_LIBRARY NAMES liblpsolve55.so PATHS /usr/lib/lp_solve REQUIRED)
add_library(lpsolve::lpsolve UNKNOWN IMPORTED)
set_target_properties(lpsolve::lpsolve PROPERTIES
  IMPORTED_LOCATION ${LPSOLVE_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES ${LPSOLVE_INCLUDE_DIR})

# cairo has a pkg-config file only.
find_path(CAIRO_INCLUDE_DIR cairo.h PATH_SUFFIXES cairo REQUIRED)
find_library(CAIRO_LIBRARY cairo REQUIRED)
add_library(cairo::cairo UNKNOWN IMPORTED)
set_target_properties(cairo::cairo PROPERTIES
  IMPORTED_LOCATION ${CAIRO_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES ${CAIRO_INCLUDE_DIR})

include(TaskonomyTorch)
taskonomy_find_torch()   # Taskonomy::torch
if(TORCH_problem)
  message(FATAL_ERROR "${TORCH_problem}\nInstall it (Debian: libtorch-dev), or give another one's folder: ./dev build --torch FOLDER")
elseif(TORCH_CXX_FLAGS MATCHES "ABI=0")
  message(FATAL_ERROR "The LibTorch in ${Torch_DIR} has the C++ ABI of before GCC 5, with which Boost and the other libraries here do not fit.\n"
    "Take one with today's: PyPI's torch from 2.7 on, or the \"cxx11 ABI\" download of an older one.")
endif()

# All of torch/torch.h costs 11 s a file, compiled once 4 s; what tensors need, compiled once, 2 s. One target owns it, the
# others reuse it; files with layers or optimisers include those.
add_compile_definitions(TX_LEAN_TORCH)   # taskonomy/sdk/torch.hpp
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/torch_pch.cpp CONTENT "// Owns the precompiled taskonomy/sdk/torch.hpp.\n")   # only when new
add_library(torch_pch STATIC ${CMAKE_BINARY_DIR}/torch_pch.cpp)
target_include_directories(torch_pch PRIVATE ${CMAKE_SOURCE_DIR}/sdk/include)
target_link_libraries(torch_pch PUBLIC Taskonomy::torch)
target_precompile_headers(torch_pch PRIVATE <taskonomy/sdk/torch.hpp>)

# The yardstick of ./dev build --timing: what this compiler takes for all of LibTorch's header.
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/torch_header.cpp CONTENT "#include <torch/torch.h>\n")
add_library(torch_header OBJECT EXCLUDE_FROM_ALL ${CMAKE_BINARY_DIR}/torch_header.cpp)
target_link_libraries(torch_header PRIVATE Taskonomy::torch)

# The files of a target are compiled as one, because reading the headers costs more than compiling most files. They share one
# scope: their helpers need different names. File by file: -DTASKONOMY_BATCHES=OFF, as preset debug does.
option(TASKONOMY_BATCHES "Compile the files of a target as one" ON)

# taskonomy_compile_in_batches(TARGET [FILES]): FILES at a time, all of them unless said. A target that would keep one core busy
# while the other has nothing left to do is cut in two.
function(taskonomy_compile_in_batches target)
  set(files 0)   # all
  if(ARGC GREATER 1)
    set(files ${ARGV1})
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${TASKONOMY_BATCHES} UNITY_BUILD_BATCH_SIZE ${files})
endfunction()

# taskonomy_compile_quickly(TARGET): for code that runs once or only calls what is optimised. -Og compiles a third faster than -O3,
# but follows too little of the flow to know what is initialised.
function(taskonomy_compile_quickly target)
  target_compile_options(${target} PRIVATE "$<$<CONFIG:Release>:-Og;-Wno-maybe-uninitialized>")
endfunction()

# taskonomy_use_torch(TARGET): LibTorch and its precompiled header.
function(taskonomy_use_torch target)
  target_link_libraries(${target} PUBLIC Taskonomy::torch)
  target_precompile_headers(${target} REUSE_FROM torch_pch)
endfunction()

# taskonomy_torch_executable(TARGET): the same for a program. The header is compiled with -fPIC; CMake would give a
# program -fPIE, and the two do not mix.
function(taskonomy_torch_executable target)
  target_link_libraries(${target} PRIVATE Taskonomy::torch)
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
  target_compile_options(${target} PRIVATE -fPIC)
  target_precompile_headers(${target} REUSE_FROM torch_pch)
endfunction()

# taskonomy_core_library(NAME [TORCH] [QUICKLY] [LINKS targets...]): core/NAME/*.cpp as the static library core_NAME.
# LINKS names only folders to the left of this one in the path of data. QUICKLY: taskonomy_compile_quickly().
function(taskonomy_core_library name)
  cmake_parse_arguments(ARG "TORCH;QUICKLY" "" "LINKS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  if(NOT sources)
    message(FATAL_ERROR "core/CMakeLists.txt: core/${name} has no .cpp file")
  endif()
  add_library(core_${name} STATIC ${sources})
  target_include_directories(core_${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(core_${name} PUBLIC ${ARG_LINKS})
  taskonomy_compile_in_batches(core_${name})
  if(ARG_TORCH)
    taskonomy_use_torch(core_${name})
  endif()
  if(ARG_QUICKLY)
    taskonomy_compile_quickly(core_${name})
  endif()
endfunction()

# taskonomy_recipe_target(NAME RECIPE): the program and the plugins that this recipe loads.
function(taskonomy_recipe_target name recipe)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${recipe})
  file(READ ${recipe} text)
  string(REGEX MATCH "\ntasks *= *\\[[^]]*" tasks "${text}")
  string(REGEX MATCHALL "\"[a-z0-9_]+" tasks "${tasks}")
  list(TRANSFORM tasks REPLACE "^\"" taskonomy_task_)
  string(REGEX MATCH "\ndataset *= *\"([a-z0-9_]+)\"" dataset "${text}")
  if(NOT tasks OR NOT dataset)
    message(FATAL_ERROR "${recipe}: found no `tasks = [\"...\"]` or no `dataset = \"...\"` at the beginning of a line")
  endif()
  set(plugins ${tasks} taskonomy_dataset_${CMAKE_MATCH_1})
  foreach(plugin IN LISTS plugins)
    if(NOT TARGET ${plugin})
      message(FATAL_ERROR "${recipe}: needs ${plugin}, which no folder of plugins/ makes")
    endif()
  endforeach()
  add_custom_target(${name} DEPENDS taskonomy ${plugins})
endfunction()

# taskonomy_embed_report_page(TARGET): the files of the report's page, in the order in which the page runs its scripts.
function(taskonomy_embed_report_page target)
  set(folder ${CMAKE_SOURCE_DIR}/share/report)
  set(embed ${CMAKE_SOURCE_DIR}/share/cmake/EmbedText.cmake)
  set(source ${CMAKE_BINARY_DIR}/page_assets.cpp)
  set(names page.html page.css vendor/LICENSES.txt vendor/charts.min.js model.js families.js theme.js figure.js export.js address.js
    verdict.js transfers.js story.js solver.js whatif.js graph.js budgets.js shades.js heat_canvas.js affinity.js tree.js tables.js beside.js main.js)
  list(TRANSFORM names PREPEND ${folder}/ OUTPUT_VARIABLE files)
  list(JOIN names "," names)
  add_custom_command(OUTPUT ${source} DEPENDS ${files} ${embed} VERBATIM COMMENT "Embedding the report's page"
    COMMAND ${CMAKE_COMMAND} -D OUT=${source} -D ROOT=${folder} -D NAMES=${names} -P ${embed})
  target_sources(${target} PRIVATE ${source})
  set_source_files_properties(${source} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)   # so that clang-tidy reads the unit before it is made
endfunction()

# taskonomy_test_program(NAME [TORCH] UNITS room[+room...]... [SOURCES files...] [LINKS targets...]): the files of tests/ROOM of many
# rooms as one doctest program, and one test for each room. Rooms joined by + are compiled as one, SOURCES with the first unit, so
# their helpers need different names.
function(taskonomy_test_program name)
  cmake_parse_arguments(ARG "TORCH" "" "UNITS;SOURCES;LINKS" ${ARGN})
  taskonomy_doctest_program_(${name} "${ARG_LINKS}")
  target_sources(${name} PRIVATE ${ARG_SOURCES})
  list(GET ARG_UNITS 0 first)
  string(MAKE_C_IDENTIFIER ${first} first)
  set_source_files_properties(${ARG_SOURCES} PROPERTIES UNITY_GROUP ${first})
  set_target_properties(${name} PROPERTIES UNITY_BUILD ${TASKONOMY_BATCHES} UNITY_BUILD_MODE GROUP)
  foreach(unit IN LISTS ARG_UNITS)
    string(REPLACE "+" ";" rooms ${unit})
    string(MAKE_C_IDENTIFIER ${unit} group)
    foreach(room IN LISTS rooms)
      file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${room}/*.cpp)
      taskonomy_own_tests_(${room} ${sources})
      target_sources(${name} PRIVATE ${sources})
      set_source_files_properties(${sources} PROPERTIES UNITY_GROUP ${group})
      taskonomy_test_of_files_(${room} ${name} "*/tests/${room}/*.cpp" "*/tests/${room}/*/*.cpp")
    endforeach()
  endforeach()
  if(ARG_TORCH)
    target_compile_definitions(${name} PRIVATE TASKONOMY_TEST_WITH_TORCH)
    taskonomy_torch_executable(${name})
  endif()
endfunction()

# taskonomy_test_files(NAME [LINKS targets...]): tests/NAME/*.cpp as the doctest program test_NAME. Each X_test.cpp is a test of its
# own, so that minutes of them run side by side, with the label end-to-end, which ./dev asan leaves out.
function(taskonomy_test_files name)
  cmake_parse_arguments(ARG "" "" "LINKS" ${ARGN})
  taskonomy_doctest_program_(test_${name} "${ARG_LINKS}")
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  taskonomy_own_tests_(${name} ${sources})
  target_sources(test_${name} PRIVATE ${sources})
  foreach(source IN LISTS sources)
    get_filename_component(file ${source} NAME_WE)
    if(file MATCHES "^(.*)_test$")
      taskonomy_test_of_files_(${name}/${CMAKE_MATCH_1} test_${name} "*/tests/${name}/${file}.cpp")
      set_tests_properties(${name}/${CMAKE_MATCH_1} PROPERTIES LABELS end-to-end)
    endif()
  endforeach()
endfunction()

function(taskonomy_doctest_program_ name links)
  add_executable(${name})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${links} doctest_main)
  target_compile_definitions(${name} PRIVATE TASKONOMY_SOURCE_DIR="${CMAKE_SOURCE_DIR}" TASKONOMY_BINARY_DIR="${CMAKE_BINARY_DIR}")
  taskonomy_compile_quickly(${name})
endfunction()

# Notes that the tests among tests/ROOM's sources belong to a program. A room without any is a mistake, as after a renaming.
function(taskonomy_own_tests_ room)
  set(tests ${ARGN})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  if(NOT tests)
    message(FATAL_ERROR "tests/CMakeLists.txt: tests/${room} has no file *_test.cpp")
  endif()
  set_property(GLOBAL APPEND PROPERTY TASKONOMY_TEST_SOURCES ${tests})
endfunction()

# taskonomy_check_test_owners(): every *_test.cpp below this folder belongs to a program, so that none is forgotten in silence.
function(taskonomy_check_test_owners)
  file(GLOB_RECURSE tests CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*_test.cpp)
  get_property(owned GLOBAL PROPERTY TASKONOMY_TEST_SOURCES)
  list(REMOVE_ITEM tests ${owned})
  if(tests)
    list(JOIN tests "\n  " tests)
    message(FATAL_ERROR "tests/CMakeLists.txt: no test program has these files:\n  ${tests}")
  endif()
endfunction()

# doctest calls it a success when a filter selects nothing; here it is a failure.
function(taskonomy_test_of_files_ test program pattern)
  add_test(NAME ${test} COMMAND ${program} --source-file=${pattern} --source-file-exclude=${ARGN})
  set_tests_properties(${test} PROPERTIES FAIL_REGULAR_EXPRESSION "test cases: +0 ")
endfunction()
