# A document of the source tree as an installed one: links lead to the documents beside it, paths below the installation's prefix,
# and what needs the source tree is left out. In a document, lines between <!-- source --> and <!-- /source --> are of the source
# tree alone, those between <!-- installed and --> of the installed one alone.
/^<!-- source -->$/ { hidden = 1; next }
/^<!-- \/source -->$/ { hidden = 0; next }
/^<!-- installed$/ { inside = 1; next }
inside && /^-->$/ { inside = 0; next }
hidden { next }
{
  gsub(/share\/doc\//, "")
  gsub(/ \(`(core|sdk|tests|plugins|share\/report)\/[^)]*\)/, "")
  gsub(/sdk\/include\/taskonomy/, "taskonomy")
  gsub(/\.\/dev demo/, "taskonomy run share/taskonomy/recipes/demo.toml")
  gsub(/share\/(recipes|published|templates|gallery|python)/, "share/taskonomy/&")
  gsub(/share\/taskonomy\/share/, "share/taskonomy")
  print
}
