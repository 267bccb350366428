# LibTorch as the host and its plugins see it. Included after find_package(Torch), by the host's own build and by
# TaskonomyConfig.cmake, so that both see the same.

# LibTorch's own list of libraries carries static helpers; these shared ones are all that programs need.
if(NOT TARGET Taskonomy::torch)
  add_library(Taskonomy::torch INTERFACE IMPORTED)
  set_target_properties(Taskonomy::torch PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${TORCH_INCLUDE_DIRS}" INTERFACE_LINK_LIBRARIES torch)
endif()

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
  set(library "")
  if(TARGET torch_cpu)
    get_target_property(library torch_cpu LOCATION)
  elseif(TARGET torch)
    get_target_property(library torch LOCATION)
  endif()
  file(REAL_PATH "${library}" library)
  get_filename_component(library "${library}" NAME)
  set(${prefix}_library "${library}" PARENT_SCOPE)
  set(${prefix}_problem "" PARENT_SCOPE)
endfunction()
