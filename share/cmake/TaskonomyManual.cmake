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
add_custom_target(manual ALL DEPENDS ${made}/taskonomy.1.gz ${made}/taskonomy.bash)
install(FILES ${made}/taskonomy.1.gz DESTINATION share/man/man1 COMPONENT taskonomy)
install(FILES ${made}/taskonomy.bash DESTINATION share/bash-completion/completions RENAME taskonomy COMPONENT taskonomy)
