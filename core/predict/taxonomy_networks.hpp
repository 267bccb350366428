// The networks of one taxonomy as one program: every encoder runs once for all targets that borrow from it.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/network/precision.hpp"
#include "core/pipeline/setup.hpp"
#include "core/predict/predictor.hpp"
#include "core/training/source_network.hpp"
#include "core/transfer/finishing.hpp"
#include "core/transfer/transfer_network.hpp"

namespace taskonomy::predict {

/// Which networks serve a target where `taskonomy finish` went on with those of the comparison.
enum class Trained { finished, compared };

/// Sources, transfers and own networks of a run, loaded. [any thread], once it is made
class TaxonomyNetworks : public Predictor {
 public:
  /// The setup outlives it. Throws Error naming the file for a network that is missing or damaged, and saying that
  /// `taskonomy run` makes it.
  TaxonomyNetworks(const pipeline::Setup& setup, std::filesystem::path run, std::vector<Service> services,
                   const network::Hardware& hardware, Trained trained = Trained::finished);

  /// Predictions of all targets that see this kind of views, by name. A task that makes its input itself (noise added,
  /// parts removed) makes it from the image, with chance drawn by the run's seed and the sample's id; throws Error where
  /// it needs more of a sample than the image.
  [[nodiscard]] std::map<std::string, Prediction> predict(const Views& views) const override;

  /// The same from images as networks see them, float32 [B*V,3,S,S] in [-1,1] on the device: float32, and of tasks that
  /// make their input themselves what their networks say of the plain image. Left out are tasks whose input has another
  /// number of images or another side.
  [[nodiscard]] std::map<std::string, torch::Tensor> predict_plain(sdk::ViewKind kind,
                                                                   const torch::Tensor& images) const;

  [[nodiscard]] const std::vector<Service>& services() const override { return services_; }
  [[nodiscard]] const sdk::Task& task(const std::string& id) const override { return *tasks_.at(id); }
  /// Encoders, each of which runs once for all targets of a kind of views; sorted.
  [[nodiscard]] std::vector<std::string> encoders() const;
  /// Of all networks that are at work, each once; buffers such as running means left out.
  [[nodiscard]] std::vector<torch::Tensor> parameters() const;
  /// Targets that finished networks serve.
  [[nodiscard]] const std::set<std::string>& finished() const { return finished_; }

 private:
  struct Source {
    std::shared_ptr<training::SourceNetwork> network;  ///< null for one trained elsewhere
    std::shared_ptr<network::Encoder> encoder;         ///< as transfers use it
  };
  /// Images on the device and the representations that were made of them so far.
  struct Seen {
    torch::Tensor input;
    std::map<std::string, torch::Tensor> representations;
  };
  void load_target(const Service& service, Trained trained);
  /// A transfer with encoders of its own.
  void load_tuned(const Service& service, const data::NamedTensors& weights);
  void load_source(const std::string& id);
  void load_pretrained(const recipe::Pretrained& source, const std::string& target);
  /// The name of an encoder among sources_: the task's, or, where it was trained elsewhere, the file of its features
  /// for a target, which holds how they are brought to the run's size, or, where the target has a copy that learned on,
  /// both names.
  [[nodiscard]] std::string encoder_of(const std::string& source, const std::string& target) const;
  [[nodiscard]] torch::Tensor own_input(const sdk::Task& task, const Views& views) const;
  /// From the representations of frozen encoders.
  [[nodiscard]] torch::Tensor transferred(const Service& service, Seen& seen) const;
  [[nodiscard]] torch::Tensor values_of(const Service& service, Seen& seen) const;
  [[nodiscard]] const torch::Tensor& representation(const std::string& encoder, Seen& seen) const;

  const pipeline::Setup& setup_;
  std::filesystem::path run_;
  std::vector<Service> services_;
  network::Hardware hardware_;
  std::map<std::string, std::shared_ptr<sdk::Task>> tasks_;
  std::map<std::string, Source> sources_;                                        ///< by encoder_of()
  std::map<std::string, std::shared_ptr<transfer::TransferNetwork>> transfers_;  ///< by target
  std::map<std::string, std::shared_ptr<transfer::TunedTransfer>>
      tuned_;  ///< by target; hold encoders of their own
  std::set<std::string> finished_;
};

}  // namespace taskonomy::predict
