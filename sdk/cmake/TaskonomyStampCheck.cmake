# cmake -D FILE=PLUGIN.so -D KIND=task -D ID=normal -P TaskonomyStampCheck.cmake: fails where the plugin's stamp, which
# its export macro writes, is absent or names something else than its line of CMake does.
cmake_minimum_required(VERSION 3.25)  # a script of its own: without it IN_LIST is no operator
file(STRINGS ${FILE} stamp REGEX "^(kind|id)=[a-z0-9_]*$")
string(TOUPPER ${KIND} macro)
set(say "say TASKONOMY_EXPORT_${macro}(Class, \"${ID}\", \"one-line summary\") at the end of one of its files")
if(NOT stamp)
  message(FATAL_ERROR "${FILE}: no stamp, so nothing will load it; ${say}")
elseif(NOT "kind=${KIND}" IN_LIST stamp OR NOT "id=${ID}" IN_LIST stamp)
  message(FATAL_ERROR "${FILE}: its stamp says ${stamp}, its line of CMake ${KIND} ${ID}; ${say}, or change the CMake line")
endif()
