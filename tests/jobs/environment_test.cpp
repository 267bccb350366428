// Which variables of the environment plugins see.
#include "core/jobs/environment.hpp"

#include <stdlib.h>

#include <algorithm>
#include <string>

#include "tests/support/testing.hpp"

using namespace taskonomy;

TEST_CASE("plugins see what they stand on, and what the user names, and nothing else") {
  for (const std::string name : {"PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "OMP_NUM_THREADS",
                                 "CUDA_VISIBLE_DEVICES", "XDG_DATA_HOME", "TASKONOMY_PLUGIN_PATH"})
    CHECK_MESSAGE(jobs::is_for_plugins(name, ""), name);
  for (const std::string name : {"AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "SSH_AUTH_SOCK", "PATHS", "CUDA"})
    CHECK_FALSE_MESSAGE(jobs::is_for_plugins(name, "AWS_PROFILE:MY_DATA"), name);
  CHECK(jobs::is_for_plugins("MY_DATA", "AWS_PROFILE:MY_DATA"));
}

TEST_CASE("the environment for plugins has the values of this process") {
  ::setenv("TASKONOMY_TEST_SEEN", "a=b", 1);
  ::setenv("SECRET_OF_THE_TEST", "x", 1);
  const auto variables = jobs::plugin_environment();
  CHECK(std::find(variables.begin(), variables.end(), "TASKONOMY_TEST_SEEN=a=b") != variables.end());
  for (const auto& variable : variables) CHECK_FALSE(variable.starts_with("SECRET_OF_THE_TEST"));
  ::setenv(jobs::kPassedOn, "SECRET_OF_THE_TEST", 1);
  const auto more = jobs::plugin_environment();
  CHECK(std::find(more.begin(), more.end(), "SECRET_OF_THE_TEST=x") != more.end());
  for (const char* name : {"TASKONOMY_TEST_SEEN", "SECRET_OF_THE_TEST", jobs::kPassedOn}) ::unsetenv(name);
}
