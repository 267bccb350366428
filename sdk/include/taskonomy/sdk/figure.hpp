// Figures of targets and predictions, for authors of tasks whose label a bare picture does not explain: a
// box, a pose, a class. A task says what belongs to its figure, and the host draws it: marks as sharp lines
// over the photograph, words in a real font, one range of colours and one colour key for all pictures that
// stand together.
//
//   class Chair final : public sdk::VectorTask, public sdk::Illustrate {
//     sdk::Figure illustrate(const torch::Tensor& values, const torch::Tensor& mask,
//                            const sdk::Sample& sample) const override {
//       const bool chair = values[0].item<float>() > 0.0F;
//       return {.ground = sdk::Ground::photograph, .caption = chair ? "chair" : "no chair"};
//     }
//   };
//
// The ready-made bases find it by themselves; a task without a base answers Illustrate::kId in extension().
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <taskonomy/sdk/torch.hpp>

#include <taskonomy/sdk/detail/api.hpp>
#include <taskonomy/sdk/sample.hpp>
#include <taskonomy/sdk/toolbox/drawing.hpp>

namespace taskonomy::sdk {

/// A stroke, an area or a word over a picture. A Point is a share of the picture: (0,0) is its upper left
/// corner, (1,1) its lower right one. What lies outside is cut off.
struct Mark {
  enum class Kind {
    line,   ///< through all points
    arrow,  ///< the same with a head at the last point
    area,   ///< the points are its corners
    word    ///< `text`, its middle at the first point
  };
  Kind kind = Kind::line;
  std::vector<Point> points;
  Colour colour = kWhite;
  std::string text{};      ///< of a word; one line of UTF-8. A word wider than the picture is set smaller.
  bool from_left = false;  ///< a word begins at its point instead
};

/// A colour and what it means.
struct Swatch {
  Colour colour;
  std::string name;
};

/// What lies beneath the marks.
enum class Ground {
  picture,     ///< Figure::picture
  quantity,    ///< Figure::quantity, in colours that the host chooses
  photograph,  ///< the sample's first view
  input,       ///< all images that the task's network sees, side by side
  paper        ///< nothing, white
};

/// The parts of a figure. All but the ground are optional.
struct Figure {
  Ground ground = Ground::picture;
  torch::Tensor picture{};  ///< Ground::picture: RGB uint8 [3,h,w] of any size
  bool hard_pixels =
      false;  ///< the picture's colours are names, as of classes: no mixtures where it is enlarged
  /// Ground::quantity: a number per pixel, float32 [1,h,w], NaN where there is none. The host draws low
  /// values bright and puts a bar beside them that tells the colours' values.
  torch::Tensor quantity{};
  std::string unit{};  ///< of the quantity: "m"
  std::vector<Mark> marks{};
  std::string caption{};      ///< below the picture, a few words
  std::vector<Swatch> key{};  ///< what the colours mean; the host shows it once for all figures of a task
};

/// Figures of targets and predictions. Where a task offers it, the host prefers it to Visualize.
class TX_API Illustrate {
 public:
  static constexpr std::string_view kId = "taskonomy.illustrate/1";
  virtual ~Illustrate();
  /// The figure of a target or prediction of one image (no batch dimension, on the CPU). `mask` is
  /// undefined or bool [1,H,W], false at pixels that the figure leaves out; of an image whose mask [1] is
  /// false, and of numbers [K] that are not finite, the host asks for no figure. `sample` is what the
  /// values belong to: at least its id, and "intrinsics" where the data set offers them.
  [[nodiscard]] virtual Figure illustrate(const torch::Tensor& values, const torch::Tensor& mask,
                                          const Sample& sample) const = 0;
};

/// A camera that places marks: (x/z, y/z) of a point in camera coordinates (x right, y down, z forward) ->
/// Point.
class TX_API Lens {
 public:
  /// The camera of the sample's first view from "intrinsics", which count pixels of images of `side`. 60
  /// degrees of view where the sample has none.
  Lens(const Sample& sample, std::int64_t side);
  /// Where the image plane's (x/z, y/z) lies.
  [[nodiscard]] Point at(float x, float y) const;
  /// Adds the segment between two points [3] in metres as a line or arrow. What lies behind the camera is
  /// cut off; nothing is added where all of it does, or where a number is not finite.
  void add(std::vector<Mark>& marks, const torch::Tensor& from, const torch::Tensor& to, const Colour& colour,
           Mark::Kind kind = Mark::Kind::line) const;

 private:
  std::array<float, 4> shares_;  ///< focal lengths and principal point, shares of the picture's sides
};

/// Marks on grey as a picture [3,side,side], without words: for bases that ask for a picture, too.
[[nodiscard]] TX_API torch::Tensor draw_marks(const std::vector<Mark>& marks, std::int64_t side);

/// Shares or probabilities of classes [C] as a figure: names and bars of the `most` largest ones, in the
/// order of their size.
[[nodiscard]] TX_API Figure class_figure(const torch::Tensor& shares, const std::vector<std::string>& names,
                                         std::size_t most = 3);

/// Class ids [1,h,w] (integral) as a figure: one colour per class and a key with the names of those that
/// the image has, the largest first. Ids without a name are left out of the key.
[[nodiscard]] TX_API Figure segmentation_figure(const torch::Tensor& classes,
                                                const std::vector<std::string>& names,
                                                const torch::Tensor& mask = {});

/// A number per pixel [1,h,w] in a unit as a figure, without what the mask leaves out.
[[nodiscard]] TX_API Figure quantity_figure(const torch::Tensor& values, std::string unit,
                                            const torch::Tensor& mask = {});

}  // namespace taskonomy::sdk
