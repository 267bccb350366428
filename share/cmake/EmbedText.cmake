# cmake -D OUT=FILE.cpp -D ROOT=FOLDER -D NAMES=a,b/c -P EmbedText.cmake: the text files ROOT/a, ROOT/b/c as report::Assets
# in one C++ source, so that the program needs no file beside it, wherever it is installed.
set(delimiter "taskonomy~")   # ends no raw string early: checked below
file(WRITE ${OUT}.new "// Made from share/report by share/cmake/EmbedText.cmake.\n#include \"core/report/page.hpp\"\n\n"
  "namespace taskonomy::report {\n\nconst std::vector<Asset>& page_assets() {\n  static const std::vector<Asset> all{\n")
string(REPLACE "," ";" names "${NAMES}")
foreach(name IN LISTS names)
  file(READ ${ROOT}/${name} text)
  string(FIND "${text}" ")${delimiter}\"" clash)
  if(NOT clash EQUAL -1)
    message(FATAL_ERROR "${ROOT}/${name}: has the text )${delimiter}\" in it, which ends the C++ string that holds it")
  endif()
  file(APPEND ${OUT}.new "      {\"${name}\", R\"${delimiter}(")
  file(APPEND ${OUT}.new "${text}")
  file(APPEND ${OUT}.new ")${delimiter}\"},\n")
endforeach()
file(APPEND ${OUT}.new "  };\n  return all;\n}\n\n}  // namespace taskonomy::report\n")
file(RENAME ${OUT}.new ${OUT})
