// The networks of an exported file at work.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/pipeline/setup.hpp"
#include "core/predict/export_texts.hpp"
#include "core/predict/predictor.hpp"

namespace taskonomy::predict {

/// A file that export_networks() wrote, with the tasks of its targets. It computes in float32 on the CPU, and tasks that
/// make their own input see the image as it is.
class ExportedNetworks : public Predictor {
 public:
  /// `setup`: of the file's recipe and data set. Targets whose task is not among `targets` are left out. Throws Error naming
  /// the file when its code cannot be loaded or a plugin predicts something of another shape than it did when the file
  /// was written.
  ExportedNetworks(const pipeline::Setup& setup, std::filesystem::path file,
                   const std::vector<ExportedTarget>& targets);
  ~ExportedNetworks() override;

  [[nodiscard]] std::map<std::string, Prediction> predict(const Views& views) const override;
  [[nodiscard]] const std::vector<Service>& services() const override { return services_; }
  [[nodiscard]] const sdk::Task& task(const std::string& id) const override { return *tasks_.at(id); }

 private:
  struct Code;
  std::filesystem::path file_;
  std::unique_ptr<Code> code_;
  std::vector<Service> services_;
  std::map<std::string, std::shared_ptr<sdk::Task>> tasks_;
};

}  // namespace taskonomy::predict
