# taskonomy_add_task(ID SOURCES files... [LINKS targets...])
# taskonomy_add_dataset(ID SOURCES files... [LINKS targets...])
# Build one plugin, taskonomy_task_ID.so or taskonomy_dataset_ID.so, with all that a plugin needs and its author should
# not have to know: a module nobody links, hidden symbols, no undefined ones, the SDK and LibTorch.
function(taskonomy_add_plugin_ kind id)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
  set(target taskonomy_${kind}_${id})
  add_library(${target} MODULE ${ARG_SOURCES})
  set_target_properties(${target} PROPERTIES PREFIX "" CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib/taskonomy)
  target_link_libraries(${target} PRIVATE taskonomy_sdk ${ARG_LINKS})
  target_link_options(${target} PRIVATE -Wl,-z,defs)
  if(TARGET torch_pch)
    target_precompile_headers(${target} REUSE_FROM torch_pch)
  endif()
  set_property(GLOBAL APPEND PROPERTY TASKONOMY_PLUGINS ${target})
endfunction()

function(taskonomy_add_task id)
  taskonomy_add_plugin_(task ${id} ${ARGN})
endfunction()

function(taskonomy_add_dataset id)
  taskonomy_add_plugin_(dataset ${id} ${ARGN})
endfunction()
