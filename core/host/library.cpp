// Loads plugins by Boost.DLL, which no other file includes.
#include "core/host/library.hpp"

#include <dlfcn.h>

#include <ATen/Version.h>
#include <torch/version.h>
#include <boost/dll/shared_library.hpp>

#include <taskonomy/sdk/task.hpp>

#include "core/base/error.hpp"
#include "core/base/files.hpp"
#include "core/base/hash.hpp"
#include "core/host/script_page.hpp"

namespace taskonomy::host {

namespace {

class LoadedLibrary : public Library {
 public:
  explicit LoadedLibrary(const std::filesystem::path& path) {
    namespace dll = boost::dll;
    // now: all symbols are resolved here, so that a missing one is no error in the middle of a run. local:
    // plugins do not see each other's symbols. nodelete: it stays mapped, whatever the count of handles says.
    const auto mode = static_cast<dll::load_mode::type>(static_cast<unsigned>(dll::load_mode::rtld_now) |
                                                        static_cast<unsigned>(dll::load_mode::rtld_local) |
                                                        static_cast<unsigned>(RTLD_NODELETE));
    boost::system::error_code failed;
    ::dlerror();
    library_.load(boost::filesystem::path(path.string()), failed, mode);
    // Boost 1.74 says "Bad file descriptor" whatever happened; dlerror() still has the loader's own words.
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

const recipe::Table& Library::keys() const noexcept {
  static const recipe::Table none;
  return none;
}

recipe::Table with_keys_of(const Library& library, recipe::Table params) {
  for (const auto& [key, value] : library.keys()) {
    const auto [at, is_new] = params.emplace(key, value);
    if (!is_new)
      throw base::Error(at->second.where + ": " + key + ": the task's own page says it (" + value.where +
                        ")");
  }
  return params;
}

std::string plugin_fingerprint(const std::filesystem::path& path) {
  if (!is_script_page(path)) return base::fingerprint(base::read_file(path));
  std::string all;
  for (const auto& file : files_of_script_page(path)) all += base::fingerprint(base::read_file(file));
  return base::fingerprint(all);
}

std::shared_ptr<const Library> load_library(const std::filesystem::path& path) {
  if (is_script_page(path)) return load_script_page(path);
  return std::make_shared<const LoadedLibrary>(path);
}

std::filesystem::path sdk_library() {
  // Any function that only the SDK library defines leads to it.
  bool (*const of_the_sdk)(std::string_view) = &sdk::is_id;
  Dl_info library{};
  if (::dladdr(reinterpret_cast<const void*>(of_the_sdk), &library) == 0 || library.dli_fname == nullptr)
    throw base::Error("cannot find the file of the SDK library that this program has loaded");
  return library.dli_fname;
}

const std::string& sdk_fingerprint() {
  static const std::string fingerprint = base::fingerprint(base::read_file(sdk_library()));
  return fingerprint;
}

const std::string& torch_version() {
  static const std::string version = [] {
    // LibTorch tells its version only inside the text about its build: "...,
    // TORCH_VERSION=2.4.1, USE_CUDA=...".
    const std::string build = at::show_config();
    const std::string key = "TORCH_VERSION=";
    const auto found = build.find(key);
    if (found == std::string::npos) return std::string(TORCH_VERSION);
    const auto begin = found + key.size();
    return build.substr(begin, build.find_first_of(", \n", begin) - begin);
  }();
  return version;
}

}  // namespace taskonomy::host
