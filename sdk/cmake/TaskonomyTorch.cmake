# LibTorch as the host and its plugins see it. Used by the host's own build and by TaskonomyConfig.cmake, so that both see the same.

# taskonomy_find_torch(): the LibTorch in Torch_DIR, which is the folder of its TorchConfig.cmake: given, or found below
# CMAKE_PREFIX_PATH and where systems keep such files. Sets TORCH_INCLUDE_DIRS, TORCH_CXX_FLAGS (its C++ ABI) and TORCH_LIBRARY_FILE,
# and makes the target Taskonomy::torch; or sets TORCH_problem, a sentence.
#
# TorchConfig.cmake itself is not run: that of a CUDA build ends with an error where there is no CUDA toolkit, and nothing here is
# compiled with one. The CUDA half of such a build is not linked either; the program loads it when a GPU is asked for.
function(taskonomy_find_torch)
  file(TO_CMAKE_PATH "$ENV{CMAKE_PREFIX_PATH}" from_environment)
  find_path(Torch_DIR TorchConfig.cmake HINTS ${CMAKE_PREFIX_PATH} ${from_environment} PATHS /usr /usr/local
    PATH_SUFFIXES share/cmake/Torch Torch lib/cmake/Torch lib/${CMAKE_LIBRARY_ARCHITECTURE}/cmake/Torch NO_DEFAULT_PATH
    DOC "The folder of LibTorch's TorchConfig.cmake")
  set(TORCH_problem "" PARENT_SCOPE)
  if(NOT EXISTS "${Torch_DIR}/TorchConfig.cmake")
    set(TORCH_problem "There is no LibTorch here: no TorchConfig.cmake in \"${Torch_DIR}\" or below \"${CMAKE_PREFIX_PATH}\"." PARENT_SCOPE)
    return()
  endif()
  get_filename_component(root "${Torch_DIR}" ABSOLUTE)
  while(NOT EXISTS "${root}/include" AND NOT root STREQUAL "/")
    get_filename_component(root "${root}" DIRECTORY)
  endwhile()
  set(folders ${root}/include ${root}/include/torch/csrc/api/include)
  foreach(name torch_cpu c10)
    find_library(file_of_${name} ${name} HINTS ${root}/lib ${root}/lib/${CMAKE_LIBRARY_ARCHITECTURE} NO_DEFAULT_PATH NO_CACHE)
  endforeach()
  if(NOT EXISTS "${root}/include/torch/csrc/api/include/torch/version.h" OR NOT file_of_torch_cpu OR NOT file_of_c10)
    set(TORCH_problem "The LibTorch in \"${root}\" has no headers (include/torch/csrc/api/include) or no libraries (lib/libtorch_cpu.so, lib/libc10.so)."
      PARENT_SCOPE)
    return()
  endif()
  file(STRINGS ${Torch_DIR}/TorchConfig.cmake abi REGEX "_GLIBCXX_USE_CXX11_ABI=[01]" LIMIT_COUNT 1)
  string(REGEX MATCH "-D_GLIBCXX_USE_CXX11_ABI=[01]" abi "${abi}")
  set(TORCH_INCLUDE_DIRS "${folders}" PARENT_SCOPE)
  set(TORCH_CXX_FLAGS "${abi}" PARENT_SCOPE)
  file(REAL_PATH "${file_of_torch_cpu}" real)
  set(TORCH_LIBRARY_FILE "${real}" PARENT_SCOPE)
  if(NOT TARGET Taskonomy::torch)
    add_library(Taskonomy::torch INTERFACE IMPORTED)
    set_target_properties(Taskonomy::torch PROPERTIES
      INTERFACE_INCLUDE_DIRECTORIES "${folders}" INTERFACE_COMPILE_OPTIONS "${abi}"
      INTERFACE_LINK_LIBRARIES "${file_of_torch_cpu};${file_of_c10}"
      # The C++ library first: PyPI's LibTorch exports parts of one of its own, std::filesystem among them, and a program that
      # finds those before the compiler's jumps to nowhere.
      INTERFACE_LINK_OPTIONS "SHELL:-Wl,--push-state,--no-as-needed -lstdc++ -Wl,--pop-state")
  endif()
endfunction()

# taskonomy_build_facts(PREFIX SDK_INCLUDE_FOLDER): what a plugin's stamp would say if it were compiled now, as variables
# PREFIX_sdk, PREFIX_torch, PREFIX_cxx11abi, ... (the keys of taskonomy/sdk/detail/stamp.hpp), and PREFIX_library, the file
# that it would be linked with. Asks the preprocessor, because only the compiler knows. PREFIX_problem: why there is no answer.
function(taskonomy_build_facts prefix sdk_include)
  set(probe ${CMAKE_BINARY_DIR}/CMakeFiles/taskonomy_stamp_probe.cpp)
  file(WRITE ${probe} "#include <taskonomy/sdk/detail/stamp.hpp>\nstamp_text TX_STAMP_BUILD\n")
  set(folders ${sdk_include} ${TORCH_INCLUDE_DIRS})
  list(TRANSFORM folders PREPEND -I)
  separate_arguments(flags UNIX_COMMAND "${CMAKE_CXX_FLAGS} ${TORCH_CXX_FLAGS}")
  execute_process(COMMAND ${CMAKE_CXX_COMPILER} ${flags} -std=c++20 ${folders} -E -P ${probe}
    RESULT_VARIABLE failed OUTPUT_VARIABLE text ERROR_VARIABLE problem)
  if(failed)
    set(${prefix}_problem "${problem}" PARENT_SCOPE)
    return()
  endif()
  string(REGEX REPLACE ".*stamp_text" "" text "${text}")
  string(REGEX REPLACE "\"[ \n]*\"" "" text "${text}")       # neighbouring literals are one
  string(REGEX REPLACE "^[ \n]*\"|\"[ \n]*$" "" text "${text}")
  string(REPLACE "\\0" ";" text "${text}")
  foreach(entry IN LISTS text)
    if(entry MATCHES "^([a-z0-9_]+)=(.*)$")
      set(${prefix}_${CMAKE_MATCH_1} "${CMAKE_MATCH_2}" PARENT_SCOPE)
    endif()
  endforeach()
  get_filename_component(library "${TORCH_LIBRARY_FILE}" NAME)
  set(${prefix}_library "${library}" PARENT_SCOPE)
  set(${prefix}_problem "" PARENT_SCOPE)
endfunction()
