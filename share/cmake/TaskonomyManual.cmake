# The manual page and bash's completion, made from what the program says of itself, so that they cannot say anything else.
set(share ${CMAKE_SOURCE_DIR}/share)
set(made ${CMAKE_BINARY_DIR}/share)
set(help ${CMAKE_BINARY_DIR}/help.txt)
file(MAKE_DIRECTORY ${made})
add_custom_command(OUTPUT ${help} DEPENDS taskonomy VERBATIM COMMENT "Asking the program for its help"
  COMMAND ${CMAKE_COMMAND} -E env ASAN_OPTIONS=detect_leaks=0 $<TARGET_FILE:taskonomy> help --all > ${help})
add_custom_command(OUTPUT ${made}/taskonomy.1.gz VERBATIM COMMENT "Manual page"
  DEPENDS ${help} ${share}/man/help_to_man.awk ${share}/man/taskonomy.1.in
  COMMAND awk -v version=${PROJECT_VERSION} -f ${share}/man/help_to_man.awk ${help} ${share}/man/taskonomy.1.in
    > ${made}/taskonomy.1
  COMMAND gzip -9nf ${made}/taskonomy.1)
add_custom_command(OUTPUT ${made}/taskonomy.bash VERBATIM COMMENT "Completion for bash"
  DEPENDS ${help} ${share}/completions/help_to_completion.awk ${share}/completions/taskonomy.bash
  COMMAND awk -f ${share}/completions/help_to_completion.awk ${help} > ${made}/completion_tables.bash
  COMMAND ${CMAKE_COMMAND} -E cat ${made}/completion_tables.bash ${share}/completions/taskonomy.bash > ${made}/taskonomy.bash)

# The documents as they stand in an installation, without what needs the source tree, and the reference of the SDK.
file(GLOB documents CONFIGURE_DEPENDS ${share}/doc/*.md)
list(REMOVE_ITEM documents ${share}/doc/architecture.md)   # walks through the source
set(installed_documents)
foreach(document IN LISTS documents ITEMS ${CMAKE_SOURCE_DIR}/README.md)
  get_filename_component(name ${document} NAME)
  add_custom_command(OUTPUT ${made}/doc/${name} VERBATIM COMMENT "Installed document ${name}"
    DEPENDS ${document} ${share}/man/installed_document.awk
    COMMAND ${CMAKE_COMMAND} -E make_directory ${made}/doc
    COMMAND awk -f ${share}/man/installed_document.awk ${document} > ${made}/doc/${name})
  list(APPEND installed_documents ${made}/doc/${name})
endforeach()
file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/sdk/include/taskonomy/sdk/*.hpp)
file(GLOB toolbox CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/sdk/include/taskonomy/sdk/toolbox/*.hpp)
add_custom_command(OUTPUT ${made}/doc/sdk.md VERBATIM COMMENT "Reference of the SDK"
  DEPENDS ${headers} ${toolbox} ${share}/man/headers_to_reference.awk
  COMMAND ${CMAKE_COMMAND} -E make_directory ${made}/doc
  COMMAND awk -f ${share}/man/headers_to_reference.awk ${headers} ${toolbox} > ${made}/doc/sdk.md)
add_custom_target(manual ALL DEPENDS ${made}/taskonomy.1.gz ${made}/taskonomy.bash ${installed_documents} ${made}/doc/sdk.md)
install(FILES ${installed_documents} ${made}/doc/sdk.md ${share}/doc/demo.svg ${share}/doc/predictions.png DESTINATION share/doc/taskonomy COMPONENT taskonomy)
install(FILES ${made}/taskonomy.1.gz DESTINATION share/man/man1 COMPONENT taskonomy)
install(FILES ${made}/taskonomy.bash DESTINATION share/bash-completion/completions RENAME taskonomy COMPONENT taskonomy)
