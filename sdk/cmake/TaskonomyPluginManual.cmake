# cmake -D SOURCE=normal.cpp -D OUT=FILE.cpp -P TaskonomyPluginManual.cmake: the comment that SOURCE begins with, as a C++
# file that puts its text into the ELF section "txmanual". `taskonomy tasks show` reads the section without loading the
# plugin. Without such a comment the section is empty.
file(READ ${SOURCE} source)
string(REGEX MATCH "^(//[^\n]*\n)+" page "${source}")
string(REGEX REPLACE "\n// ?" "\n" page "\n${page}")   # every line but the last has a // behind its end
string(REGEX REPLACE "^\n" "" page "${page}")
set(delimiter "txmanual")   # of the raw string
string(REPLACE ")${delimiter}\"" ")${delimiter} \"" page "${page}")
file(CONFIGURE OUTPUT ${OUT} @ONLY CONTENT [[
// Made from the head of a plugin's source by TaskonomyPluginManual.cmake.
#if __has_attribute(retain)
__attribute__((retain))   // also where the plugin is linked with --gc-sections
#endif
__attribute__((section("txmanual"), used)) static const char kManual[] = R"@delimiter@(@page@)@delimiter@";
]])
file(TOUCH ${OUT})   # newer than the source, though its text may be the same
