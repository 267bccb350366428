#include "folders.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

namespace taskonomy_dataset {

namespace {

namespace fs = std::filesystem;

constexpr std::array<const char*, 4> kEndings = {".png", ".jpg", ".jpeg", ".json"};

/// "point_1_view_0" of "point_1_view_0_domain_rgb.jpg", or "" for a file of another kind.
std::string view_of(const fs::path& file, const std::string& domain) {
  const std::string stem = file.stem().string(), tail = "_domain_" + domain,
                    ending = file.extension().string();
  const bool known = std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end();
  if (!known || stem.size() <= tail.size() || stem.compare(stem.size() - tail.size(), tail.size(), tail) != 0)
    return "";
  return stem.substr(0, stem.size() - tail.size());
}

std::vector<std::string> views_in(const fs::path& folder, const std::string& domain) {
  std::vector<std::string> views;
  if (!fs::is_directory(folder)) return views;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (std::string view = view_of(entry.path(), domain); !view.empty()) views.push_back(std::move(view));
  }
  std::sort(views.begin(), views.end());
  views.erase(std::unique(views.begin(), views.end()), views.end());
  return views;
}

/// Whether the folder holds at least one file of the domain.
bool holds(const fs::path& folder, const std::string& domain) {
  const fs::directory_iterator entries(folder);
  return std::any_of(begin(entries), end(entries), [&](const fs::directory_entry& entry) {
    return !view_of(entry.path(), domain).empty();
  });
}

}  // namespace

Folders::Folders(fs::path root) : root_(std::move(root)) {
  std::error_code error;
  const fs::directory_iterator entries(root_, error);
  if (error) throw std::runtime_error(root_.string() + ": cannot read the data folder: " + error.message());
  for (const auto& entry : entries) {
    if (!entry.is_directory()) continue;
    std::vector<std::string> views = views_in(entry.path() / "rgb", "rgb");
    if (views.empty()) continue;
    buildings_[entry.path().filename().string()] = std::move(views);
    for (const auto& folder : fs::directory_iterator(entry.path())) {
      const std::string domain = folder.path().filename().string();
      if (folder.is_directory() && domains_.count(domain) == 0 && holds(folder.path(), domain))
        domains_.insert(domain);
    }
  }
  if (buildings_.empty()) {
    throw std::runtime_error(
        root_.string() +
        ": no images found; expected BUILDING/rgb/point_P_view_V_domain_rgb.png (or .jpg) in it");
  }
}

fs::path Folders::file(const std::string& building, const std::string& view,
                       const std::string& domain) const {
  const fs::path stem = root_ / building / domain / (view + "_domain_" + domain);
  for (const char* ending : kEndings) {
    fs::path candidate = stem.string() + ending;
    if (fs::exists(candidate)) return candidate;
  }
  throw std::runtime_error(stem.string() + ".*: no such file");
}

torch::Tensor read_intrinsics(const fs::path& file, std::int64_t height, std::int64_t width) {
  try {
    std::ifstream stream(file);
    if (!stream) throw std::runtime_error("cannot read");
    const nlohmann::json info = nlohmann::json::parse(stream);
    // The file's own resolution: a number for square images, or [width, height].
    double info_width = static_cast<double>(width), info_height = static_cast<double>(height);
    if (const auto resolution = info.find("resolution"); resolution != info.end()) {
      info_width = (resolution->is_array() ? resolution->at(0) : *resolution).get<double>();
      info_height = (resolution->is_array() ? resolution->at(1) : *resolution).get<double>();
    }
    double fx = 0.0, fy = 0.0, cx = info_width / 2.0, cy = info_height / 2.0;
    if (const auto camera = info.find("camera_intrinsics"); camera != info.end()) {
      fx = camera->at("fx").get<double>(), fy = camera->at("fy").get<double>();
      cx = camera->at("cx").get<double>(), cy = camera->at("cy").get<double>();
    } else {
      fx = fy = 0.5 * info_width / std::tan(0.5 * info.at("field_of_view_rads").get<double>());
    }
    const double across = static_cast<double>(width) / info_width,
                 down = static_cast<double>(height) / info_height;
    if (!(fx > 0.0 && fy > 0.0 && std::isfinite(fx * fy * across * down) && std::isfinite(cx + cy))) {
      throw std::runtime_error("focal length or resolution is not positive");
    }
    return torch::tensor({fx * across, 0.0, cx * across, 0.0, fy * down, cy * down, 0.0, 0.0, 1.0},
                         torch::kFloat32)
        .reshape({3, 3});
  } catch (const std::exception& error) {
    throw std::runtime_error(file.string() + ": " + error.what());
  }
}

}  // namespace taskonomy_dataset
