// Every fault: half an hour, so that only `./dev test --all` comes by. TX_FAULTS=MODE,MODE... picks some.
#include <cstdlib>
#include <string>

#include "tests/plugin_faults/faults.hpp"
#include "tests/support/testing.hpp"

TEST_CASE("no fault of a plugin reaches what others make, and each that fails a job or a run is named") {
  const char* picked = std::getenv("TX_FAULTS");
  const std::string only = picked == nullptr ? "" : "," + std::string(picked) + ",";
  for (const auto& fault : taskonomy::plugin_faults::faults())
    if (only.empty() ? !fault.selected : only.find("," + fault.mode + ",") != std::string::npos)
      taskonomy::plugin_faults::meet(fault);
}
