#include "core/analysis/resampling.hpp"

#include <map>
#include <stdexcept>

namespace taskonomy::analysis {

namespace {

/// 1 where a wins, 0.5 for a tie, 0 where it loses, against each of the rows behind it: [K-i-1, U].
Eigen::MatrixXf outcomes(const Eigen::MatrixXd& loss, Eigen::Index i) {
  const Eigen::Index behind = loss.rows() - i - 1;
  Eigen::MatrixXf result(behind, loss.cols());
  for (Eigen::Index n = 0; n < loss.cols(); ++n) {
    const double own = loss(i, n);
    for (Eigen::Index j = 0; j < behind; ++j) {
      const double other = loss(i + 1 + j, n);
      result(j, n) = own < other ? 1.0F : own == other ? 0.5F : 0.0F;
    }
  }
  return result;
}

}  // namespace

std::string name_of(Block block) { return block == Block::image ? "image" : "scene"; }

std::string scene_of(const std::string& image) { return image.substr(0, image.rfind('/')); }

Blocks blocks_of(const std::vector<std::string>& images, Block block) {
  Blocks blocks;
  std::map<std::string, std::size_t> known;
  for (const auto& image : images) {
    const auto [place, fresh] = known.emplace(block == Block::scene ? scene_of(image) : image, blocks.count);
    if (fresh) ++blocks.count;
    blocks.of_image.push_back(place->second);
  }
  return blocks;
}

Block block_for(const std::vector<std::string>& images) {
  // Of seven scenes 2^-6 = 0.016 is the smallest p-value, and one scene that differs makes it 0.125.
  constexpr std::size_t kScenesNeeded = 8;
  return blocks_of(images, Block::scene).count < kScenesNeeded ? Block::image : Block::scene;
}

Block default_block(const affinity::LossTable& losses) {
  return losses.scenes_apart ? block_for(losses.images) : Block::image;
}

std::vector<affinity::Tournament> play_resampled(const affinity::LossTable& losses,
                                                 const ImageWeights& weights) {
  const auto usable = losses.usable_images();
  const auto rows = static_cast<Eigen::Index>(losses.competitors.size());
  const auto images = static_cast<Eigen::Index>(usable.size());
  Eigen::MatrixXd loss(rows, images);
  ImageWeights counted(images, weights.cols());
  for (Eigen::Index n = 0; n < images; ++n) {
    const auto image = usable[static_cast<std::size_t>(n)];
    for (Eigen::Index k = 0; k < rows; ++k) loss(k, n) = losses.loss[static_cast<std::size_t>(k)][image];
    counted.row(n) = weights.row(static_cast<Eigen::Index>(image));
  }
  const Eigen::VectorXf games = counted.colwise().sum();
  if (games.size() > 0 && games.minCoeff() <= 0.0F)
    throw std::logic_error("play_resampled(): a draw without a usable image");
  std::vector<affinity::Tournament> results(
      static_cast<std::size_t>(weights.cols()),
      {losses.competitors, Eigen::MatrixXd::Constant(rows, rows, 0.5), usable.size()});
  for (Eigen::Index i = 0; i < rows; ++i) {
    const Eigen::MatrixXf won = outcomes(loss, i) * counted;  // [K-i-1, R]
    for (Eigen::Index r = 0; r < won.cols(); ++r) {
      auto& wins = results[static_cast<std::size_t>(r)].wins;
      for (Eigen::Index j = 0; j < won.rows(); ++j) {
        const double all = games(r);
        wins(i, i + 1 + j) = won(j, r) / all;
        wins(i + 1 + j, i) = (all - won(j, r)) / all;
      }
    }
  }
  return results;
}

}  // namespace taskonomy::analysis
