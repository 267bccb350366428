// Script: a task that is written in Python and runs without it. Its page, ID.task.toml, says what the
// task is; its TorchScript file, made by make_task.py from plain functions, what its label and its loss
// are. The host finds the page as it finds a plugin, and makes the task from this one.
//
//   label       float32, what label(sample) gives: [channels,H,W] of a pixel decoder, [numbers] of a
//               vector decoder. `sample` has the tensors of sample.hpp by name: rgb and the page's
//               modalities
//   input       the plain image
//   prediction  of the label's shape; in [-1,1] (tanh) where a pixel label is, otherwise unbounded
//   loss        what loss(prediction, target, mask) gives, [B]; without that function the mean of
//               |prediction - label| (pixel) or (prediction - label)^2 (vector) where the mask is true
//   mask        the second of what label(sample) gives: bool [1,H,W] (mask = "pixel"), bool [1]
//               (mask = "image")
//   metrics     what measure(prediction, target, mask) gives, [B,K], under the page's metric_names and
//               metric_units
//   drawing     grey or colours of a pixel label, a bar for each number
//   parameters  the keys of the page
//   differs     loss and measure get a mask of nothing but true where the task has none. Functions run
//               without TorchScript's own optimisations, so that labels have the bits that PyTorch gives
//   source      the page's `reference`
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <stdexcept>
#include <utility>

#include <torch/script.h>

#include <taskonomy/sdk/decoder.hpp>
#include <taskonomy/sdk/losses.hpp>
#include <taskonomy/sdk/modality.hpp>
#include <taskonomy/sdk/pixel_task.hpp>
#include <taskonomy/sdk/plugin.hpp>
#include <taskonomy/sdk/toolbox/drawing.hpp>
#include <taskonomy/sdk/vector_task.hpp>

namespace {

using namespace taskonomy;
namespace fs = std::filesystem;

/// LibTorch's messages are pages long. What went wrong stands behind the interpreter's mark or in the last line, and in the
/// last 'File "wall.py", line 12' where in the author's file.
std::string reason_of(const std::exception& error) {
  const auto* own = dynamic_cast<const c10::Error*>(&error);
  std::string text = own != nullptr ? own->what_without_backtrace() : error.what();
  text.erase(text.find_last_not_of(" \n") + 1);
  const std::string mark = "RuntimeError: ";  // the interpreter's, before the reason
  const auto marked = text.rfind("\n" + mark);
  const auto begin = marked != std::string::npos ? marked + 1 + mark.size() : text.rfind('\n') + 1;
  const std::string reason = text.substr(begin, text.find('\n', begin) - begin);
  const auto file = text.rfind("File \"");
  const auto comma = text.find("\", line ", file);
  if (file == std::string::npos || comma == std::string::npos) return reason;
  const auto number = comma + 8;
  return text.substr(file + 6, comma - file - 6) + ":" +
         text.substr(number, text.find_first_not_of("0123456789", number) - number) + ": " + reason;
}

/// The TorchScript file. Its methods are called from any thread.
class Script {
 public:
  /// `file`: absolute. Throws std::invalid_argument with the reason and the cure.
  explicit Script(const fs::path& file) {
    const std::string make = "; make it: make_task.py " + fs::path(file).replace_extension(".py").string();
    if (!fs::is_regular_file(file)) throw std::invalid_argument(file.string() + " is not there" + make);
    torch::jit::ExtraFilesMap extra{{"task.py", ""}};
    try {
      module_ = torch::jit::load(file.string(), torch::kCPU, extra);
    } catch (const std::exception& error) {
      throw std::invalid_argument(file.string() + " cannot be read (" + reason_of(error) + ")" + make);
    }
    refuse_stale(file, extra["task.py"], make);
    if (!has("label")) throw std::invalid_argument(file.string() + " has no function label(sample)");
  }

  [[nodiscard]] bool has(const std::string& function) const {
    return module_.find_method(function).has_value();
  }

  /// Throws std::runtime_error "wall.py:12: REASON".
  [[nodiscard]] torch::IValue call(const std::string& function, std::vector<torch::IValue> arguments) const {
    const torch::jit::GraphOptimizerEnabledGuard as_written(false);
    try {
      return module_.get_method(function)(std::move(arguments));
    } catch (const c10::NotImplementedError&) {  // of a device that lacks an operator: not the author's doing
      throw;
    } catch (const std::exception& error) {
      throw std::runtime_error(function + ": " + reason_of(error));
    }
  }

  /// The same of a function that gives one tensor.
  [[nodiscard]] torch::Tensor tensor_of(const std::string& function,
                                        std::vector<torch::IValue> arguments) const {
    const torch::IValue given = call(function, std::move(arguments));
    if (!given.isTensor())
      throw std::runtime_error(function + ": gives " + given.tagKind() + ", expected a tensor");
    return given.toTensor();
  }

 private:
  /// Labels of a source that was changed and not made again would be those of before, without a word.
  static void refuse_stale(const fs::path& file, const std::string& made_from, const std::string& make) {
    std::ifstream source(fs::path(file).replace_extension(".py"));
    if (!source || made_from.empty()) return;
    const std::string now{std::istreambuf_iterator<char>(source), {}};
    if (now != made_from)
      throw std::invalid_argument(file.string() + " was made before its source was changed" + make);
  }

  torch::jit::Module module_;
};

/// "pixel" or "vector": the label's kind, and so the decoder's.
enum class Kind { pixel, vector };

Kind kind_of(sdk::Params& page) {
  return page.choice("decoder", "pixel", {"pixel", "vector"}) == "pixel" ? Kind::pixel : Kind::vector;
}

sdk::TaskInfo describe(sdk::Params& page, Kind kind) {
  constexpr std::int64_t kMostNumbers = 100000;
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const std::string id = page.text("id", ""), title = page.text("title", id),
                    family = page.text("family", "own");
  sdk::TaskInfo info;
  if (kind == Kind::pixel) {
    info = sdk::pixel_task_info(id, title, family, page.integer("channels", 1, 1, kMostNumbers),
                                page.real("low", -1.0, -kInfinity, kInfinity),
                                page.real("high", 1.0, -kInfinity, kInfinity));
  } else {
    info = sdk::vector_task_info(id, title, family, page.integer("numbers", 1, 1, kMostNumbers));
    info.target.low = page.real("low", info.target.low, -kInfinity, kInfinity);
    info.target.high = page.real("high", info.target.high, -kInfinity, kInfinity);
  }
  info.reference = page.text("reference", "its author's own");
  info.label_cost = page.real("label_cost", 1.0, 0.0, kInfinity);
  for (const auto& modality : page.texts("modalities", {}))
    if (modality != "rgb") info.modalities.push_back(modality);
  const std::string mask = page.choice("mask", "none", {"none", "pixel", "image"});
  info.mask = mask == "none"    ? sdk::MaskKind::none
              : mask == "pixel" ? sdk::MaskKind::pixel
                                : sdk::MaskKind::image;
  std::vector<std::string> kinds;
  for (const auto view_kind : sdk::kViewKinds) kinds.push_back(sdk::word_of(view_kind));
  info.view_kind = *sdk::view_kind_of(page.choice("views", "single", kinds));
  const std::string role = page.choice("role", "both", {"both", "source", "target"});
  info.role = role == "both" ? sdk::Role::both : role == "source" ? sdk::Role::source : sdk::Role::target;
  // The host has read these; here they only count as known.
  for (const char* key : {"summary", "version", "licence"}) (void)page.text(key, "");
  return info;
}

std::vector<sdk::Metric> metrics_of(sdk::Params& page) {
  const auto names = page.texts("metric_names", {}), units = page.texts("metric_units", {}),
             higher = page.texts("higher_is_better", {});
  if (names.size() < units.size())
    throw std::invalid_argument(page.values().at("metric_units").where +
                                ": metric_units: more units than metric_names");
  std::vector<sdk::Metric> metrics;
  for (std::size_t i = 0; i < names.size(); ++i)
    metrics.push_back({names[i], i < units.size() ? units[i] : "",
                       std::find(higher.begin(), higher.end(), names[i]) != higher.end()});
  for (const auto& name : higher)
    if (std::find(names.begin(), names.end(), name) == names.end())
      throw std::invalid_argument(page.values().at("higher_is_better").where + ": higher_is_better: \"" +
                                  name + "\" is none of metric_names");
  return metrics;
}

Script script_of(sdk::Params& page) {
  const std::string file = page.text("script", "");
  if (file.empty()) throw std::invalid_argument("needs the TorchScript file: script = \"ID.pt\"");
  try {
    return Script(file);
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument(page.values().at("script").where + ": script: " + error.what());
  }
}

class ScriptTask final : public sdk::Task, sdk::Visualize, sdk::Metrics {
 public:
  explicit ScriptTask(const sdk::TaskContext& context)
      : kind_(kind_of(context.params)),
        info_(describe(context.params, kind_)),
        metrics_(metrics_of(context.params)),
        script_(script_of(context.params)),
        side_(context.side) {
    if (!metrics_.empty() && !script_.has("measure"))
      throw std::invalid_argument("metric_names needs a function measure(prediction, target, mask)");
  }

  [[nodiscard]] const sdk::TaskInfo& info() const noexcept override { return info_; }

  [[nodiscard]] sdk::Example make_example(const sdk::Sample& sample, torch::Generator&) const override {
    c10::Dict<std::string, torch::Tensor> views;
    for (const auto& modality : info_.modalities)  // copies, which the function may change
      views.insert(modality, sdk::require(sample, modality).clone());
    const torch::NoGradGuard no_grad;
    const torch::IValue given = script_.call("label", {views});
    const std::vector<torch::IValue> parts =
        given.isTuple() ? given.toTupleRef().elements().vec() : std::vector<torch::IValue>{given};
    const std::size_t wanted = info_.mask == sdk::MaskKind::none ? 1 : 2;
    if (parts.size() < wanted || !parts[0].isTensor() || !parts[wanted - 1].isTensor())
      throw std::runtime_error(std::string("label: gives ") + given.tagKind() + ", expected " +
                               (wanted == 1 ? "the target" : "target and mask"));
    sdk::Example example;
    example.target = parts[0].toTensor().contiguous();
    if (wanted == 2) example.mask = parts[1].toTensor().contiguous();
    return example;
  }

  [[nodiscard]] std::shared_ptr<sdk::Decoder> make_decoder(const sdk::DecoderConfig& config) const override {
    const auto& spec = info_.prediction;
    if (kind_ == Kind::vector) return sdk::make_vector_decoder(config, spec.shape.at(0));
    const bool bounded = spec.low == -1.0 && spec.high == 1.0;
    return sdk::make_pixel_decoder(config, spec.shape.at(0),
                                   bounded ? sdk::Range::tanh : sdk::Range::unbounded);
  }

  [[nodiscard]] torch::Tensor loss(const torch::Tensor& prediction, const torch::Tensor& target,
                                   const torch::Tensor& mask) const override {
    if (script_.has("loss")) return script_.tensor_of("loss", {prediction, target, full(mask, target)});
    return kind_ == Kind::pixel ? sdk::l1_loss(prediction, target, mask)
                                : sdk::l2_loss(prediction, target, mask);
  }

  [[nodiscard]] const void* extension(std::string_view id) const noexcept override {
    if (id == sdk::Visualize::kId) return static_cast<const sdk::Visualize*>(this);
    if (id == sdk::Metrics::kId && !metrics_.empty()) return static_cast<const sdk::Metrics*>(this);
    return nullptr;
  }

 private:
  [[nodiscard]] const std::vector<sdk::Metric>& metrics() const noexcept override { return metrics_; }
  [[nodiscard]] torch::Tensor measure(const torch::Tensor& prediction, const torch::Tensor& target,
                                      const torch::Tensor& mask) const override {
    const torch::NoGradGuard no_grad;
    return script_.tensor_of("measure", {prediction, target, full(mask, target)}).to(torch::kFloat32);
  }

  [[nodiscard]] torch::Tensor draw(const torch::Tensor& values, const torch::Tensor& mask) const override {
    if (kind_ == Kind::vector) return sdk::draw_bars(values.clamp_min(0.0), side_, mask);
    const double low = info_.target.low, high = info_.target.high;
    return values.size(0) == 3 ? sdk::draw_rgb(values, low, high, mask)
                               : sdk::draw_grey(values.slice(0, 0, 1), low, high, mask);
  }

  /// The mask, or one of nothing but true for a batch of targets [B,...].
  [[nodiscard]] torch::Tensor full(const torch::Tensor& mask, const torch::Tensor& target) const {
    if (mask.defined()) return mask;
    std::vector<std::int64_t> shape{target.size(0), 1};
    if (kind_ == Kind::pixel) shape.insert(shape.end(), {target.size(2), target.size(3)});
    return torch::ones(shape, target.options().dtype(torch::kBool));
  }

  Kind kind_;
  sdk::TaskInfo info_;
  std::vector<sdk::Metric> metrics_;
  Script script_;
  std::int64_t side_;  // pixels
};

}  // namespace

TASKONOMY_EXPORT_TASK(ScriptTask, "script", "A task that is written in Python and runs without it")
