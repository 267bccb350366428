#include "core/report/page_pictures.hpp"

#include <algorithm>
#include <cstdint>

namespace taskonomy::report {

namespace {

using base::Json;

Json uri(const std::string& png) {
  return png.empty() ? Json() : Json("data:image/png;base64," + base64(png));
}

}  // namespace

base::Json pictures_json(const std::vector<TaskPictures>& tasks) {
  Json all = Json::array();
  for (const auto& task : tasks) {
    Json pictures = Json::array();
    for (const auto& picture : task.pictures) {
      Json transfers = Json::object();
      for (const auto& [sources, png] : picture.transfers) transfers.set(sources, uri(png));
      pictures.add(Json::object()
                       .set("image", picture.image)
                       .set("input", uri(picture.input))
                       .set("target", uri(picture.target))
                       .set("prediction", uri(picture.prediction))
                       .set("scratch", uri(picture.scratch))
                       .set("transfers", std::move(transfers)));
    }
    all.add(
        Json::object().set("task", task.task).set("pictures", std::move(pictures)).set("key", uri(task.key)));
  }
  return all;
}

std::string base64(const std::string& bytes) {
  constexpr char kLetters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - at);
    std::uint32_t group = 0;  // 24 bits: three bytes, four letters
    for (std::size_t i = 0; i < 3; ++i)
      group = group << 8U | (i < count ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    for (std::size_t i = 0; i < 4; ++i) text += i <= count ? kLetters[group >> (18U - 6U * i) & 63U] : '=';
  }
  return text;
}

}  // namespace taskonomy::report
