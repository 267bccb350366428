#include "apps/taskonomy/learning_library.hpp"

#include <dlfcn.h>

#include "apps/taskonomy/program.hpp"

namespace taskonomy::cli {

namespace {

/// Loads the library and looks up its function.
CallAction load_learning_library() {
  const std::string file =
      (installation_prefix() / ("lib/libtaskonomy_learning-" + version() + ".so")).string();
  // RTLD_GLOBAL: plugins find LibTorch and the SDK as if the program were linked to them. The library stays
  // loaded until the process ends, because LibTorch cannot be unloaded.
  void* library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_GLOBAL);
  void* function = library == nullptr ? nullptr : ::dlsym(library, kCallAction);
  if (function == nullptr)
    throw base::Error(
        std::string("cannot load what needs LibTorch: ") + ::dlerror() +
        "\ninstall all of this program (cmake --install BUILD --prefix DIR, or the Debian package) "
        "and the LibTorch that it was built with");
  return reinterpret_cast<CallAction>(function);
}

}  // namespace

base::ExitCode call_learning_library(const Values& values) { return load_learning_library()(values); }

}  // namespace taskonomy::cli
