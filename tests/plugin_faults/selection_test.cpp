// The faults that harmed others once, in every run of the tests.
#include "tests/plugin_faults/faults.hpp"
#include "tests/support/testing.hpp"

TEST_CASE(
    "a plugin that ends, crashes, hangs or cuts off the process that runs it costs only itself and is "
    "named") {
  for (const auto& fault : taskonomy::plugin_faults::faults())
    if (fault.selected) taskonomy::plugin_faults::meet(fault);
}
