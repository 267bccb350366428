// Loading by Boost.DLL; this file alone includes it.
#include "core/host/library.hpp"

#include <dlfcn.h>

#include <boost/dll/shared_library.hpp>

#include "core/base/error.hpp"

namespace taskonomy::host {

namespace {

class LoadedLibrary : public Library {
 public:
  explicit LoadedLibrary(const std::filesystem::path& path) {
    namespace dll = boost::dll;
    // All symbols now, so that a missing one is an error here and not in the middle of a run; local, so that
    // plugins do not see each other's; never unmapped, whatever the count of handles says.
    const auto mode = static_cast<dll::load_mode::type>(static_cast<unsigned>(dll::load_mode::rtld_now) |
                                                        static_cast<unsigned>(dll::load_mode::rtld_local) |
                                                        static_cast<unsigned>(RTLD_NODELETE));
    boost::system::error_code failed;
    ::dlerror();
    library_.load(boost::filesystem::path(path.string()), failed, mode);
    // Boost 1.74 says "Bad file descriptor" whatever happened; the loader's own words are still to be had.
    if (failed) {
      const char* cause = ::dlerror();
      throw base::Error(cause == nullptr ? path.string() + ": " + failed.message() : cause);
    }
    if (!library_.has(sdk::kPluginEntry))
      throw base::Error(std::string("it has no ") + sdk::kPluginEntry + "()");
    table_ = library_.get<sdk::PluginEntry>(sdk::kPluginEntry)();
    if (table_ == nullptr || table_->bytes < sizeof(sdk::PluginTable)) {
      throw base::Error(std::string(sdk::kPluginEntry) + "() returns no complete table");
    }
  }
  const sdk::PluginTable& table() const noexcept override { return *table_; }

 private:
  boost::dll::shared_library library_;
  const sdk::PluginTable* table_ = nullptr;
};

}  // namespace

std::shared_ptr<const Library> load_library(const std::filesystem::path& path) {
  return std::make_shared<const LoadedLibrary>(path);
}

}  // namespace taskonomy::host
