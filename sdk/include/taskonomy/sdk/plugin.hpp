// What every plugin includes for its last line: TASKONOMY_EXPORT_TASK(Class, "id", "one-line summary") or
// TASKONOMY_EXPORT_DATASET.
//
//   class Depth : public taskonomy::sdk::Task {
//    public:
//     explicit Depth(const taskonomy::sdk::TaskContext& context);
//     ...
//   };
//   TASKONOMY_EXPORT_TASK(Depth, "depth_zbuffer", "Distance along the optical axis, per pixel")
//
// It writes the stamp (detail/stamp.hpp) and defines the one entry, taskonomy_plugin(), which returns a table
// of plain functions. No exception passes that table: the plugin itself catches what a constructor throws and
// hands it over as text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <type_traits>

#include <taskonomy/sdk/dataset.hpp>
#include <taskonomy/sdk/detail/api.hpp>
#include <taskonomy/sdk/detail/stamp.hpp>
#include <taskonomy/sdk/task.hpp>

namespace taskonomy::sdk {

/// Where a plugin reports why it could not make an object. The text is copied before the call returns.
struct FailureSink {
  void* host;
  void (*report)(void* host, const char* text) noexcept;
};

/// What taskonomy_plugin() returns. It lives as long as the library. A later minor version may add fields
/// behind the last one.
struct PluginTable {
  std::uint32_t bytes;  ///< size of the table as the plugin was compiled
  std::uint32_t reserved;
  const char* id;  ///< as in the stamp
  /// Makes the object; on failure reports once and returns null. Exactly one of the two functions is set.
  Task* (*create_task)(const TaskContext* context, const FailureSink* failure) noexcept;
  Dataset* (*create_dataset)(const DatasetContext* context, const FailureSink* failure) noexcept;
  void (*destroy_task)(Task* task) noexcept;
  void (*destroy_dataset)(Dataset* dataset) noexcept;
};

/// Name and type of the entry.
inline constexpr const char* kPluginEntry = "taskonomy_plugin";
using PluginEntry = const PluginTable*() noexcept;

/// Used by the export macros only.
namespace plugin_entry {

template <typename Class, typename Interface, typename Context>
Interface* create(const Context* context, const FailureSink* failure) noexcept {
  static_assert(std::is_base_of_v<Interface, Class>,
                "the exported class derives from none of the SDK's bases: sdk::Task, sdk::PixelTask, "
                "sdk::Dataset, ...");
  static_assert(!std::is_abstract_v<Class>,
                "the exported class leaves a pure virtual function of its base to be written; the compiler "
                "names it below. "
                "Where it looks written, its signature differs: say override behind it");
  static_assert(
      std::is_abstract_v<Class> || std::is_constructible_v<Class, const Context&>,
      "the exported class needs a public constructor that takes const sdk::TaskContext& (a dataset: const "
      "sdk::DatasetContext&)");
  try {
    if constexpr (std::is_abstract_v<Class> || std::is_constructible_v<Class, const Context&>)
      return new Class(*context);
  } catch (const std::exception& error) {
    failure->report(failure->host, error.what());
  } catch (...) {
    failure->report(failure->host, "threw something that is not a std::exception");
  }
  return nullptr;
}

template <typename Interface>
void destroy(Interface* object) noexcept {
  delete object;
}

}  // namespace plugin_entry
}  // namespace taskonomy::sdk

#define TX_DEFINE_ENTRY(id, create_task, create_dataset, destroy_task, destroy_dataset)            \
  extern "C" TX_API const ::taskonomy::sdk::PluginTable* taskonomy_plugin() noexcept {             \
    static constexpr ::taskonomy::sdk::PluginTable table = {sizeof(::taskonomy::sdk::PluginTable), \
                                                            0,                                     \
                                                            id,                                    \
                                                            create_task,                           \
                                                            create_dataset,                        \
                                                            destroy_task,                          \
                                                            destroy_dataset};                      \
    return &table;                                                                                 \
  }

/// Makes Class, a Task with a constructor Class(const TaskContext&), the task `id`. Once per library, at
/// global scope.
#define TASKONOMY_EXPORT_TASK(Class, id, summary)                                           \
  TX_DEFINE_STAMP("task", id, summary)                                                      \
  TX_DEFINE_ENTRY(id,                                                                       \
                  (&::taskonomy::sdk::plugin_entry::create<Class, ::taskonomy::sdk::Task,   \
                                                           ::taskonomy::sdk::TaskContext>), \
                  nullptr, &::taskonomy::sdk::plugin_entry::destroy<::taskonomy::sdk::Task>, nullptr)

/// Makes Class, a Dataset with a constructor Class(const DatasetContext&), the dataset `id`.
#define TASKONOMY_EXPORT_DATASET(Class, id, summary)                                           \
  TX_DEFINE_STAMP("dataset", id, summary)                                                      \
  TX_DEFINE_ENTRY(id, nullptr,                                                                 \
                  (&::taskonomy::sdk::plugin_entry::create<Class, ::taskonomy::sdk::Dataset,   \
                                                           ::taskonomy::sdk::DatasetContext>), \
                  nullptr, &::taskonomy::sdk::plugin_entry::destroy<::taskonomy::sdk::Dataset>)
