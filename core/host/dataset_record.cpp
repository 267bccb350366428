#include "core/host/dataset_record.hpp"

#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "core/base/error.hpp"
#include "core/base/files.hpp"

namespace taskonomy::host {

namespace {

constexpr const char* kFile = "dataset.json";

class RecordedDataset final : public sdk::Dataset {
 public:
  explicit RecordedDataset(sdk::DatasetInfo info) : info_(std::move(info)) {}
  [[nodiscard]] const sdk::DatasetInfo& info() const noexcept override { return info_; }
  [[nodiscard]] std::vector<sdk::Scene> scenes(sdk::ViewKind) const override { throw not_there(); }
  [[nodiscard]] sdk::Sample sample(const std::string&, std::int64_t, sdk::ViewKind,
                                   const std::vector<std::string>&) const override {
    throw not_there();
  }

 private:
  [[nodiscard]] std::logic_error not_there() const {
    return std::logic_error("dataset \"" + info_.id + "\" is known by its record alone");
  }

  sdk::DatasetInfo info_;
};

}  // namespace

base::Json json_of(const sdk::DatasetInfo& info) {
  base::Json kinds = base::Json::array();
  for (const auto kind : info.view_kinds) kinds.add(sdk::word_of(kind));
  return base::Json::object()
      .set("id", info.id)
      .set("title", info.title)
      .set("reference", info.reference)
      .set("modalities", info.modalities)
      .set("view_kinds", std::move(kinds))
      .set("class_names", info.class_names);
}

sdk::DatasetInfo dataset_info_of(const base::JsonReader& json) {
  sdk::DatasetInfo info{json.at("id").text(),
                        json.at("title").text(),
                        json.at("reference").text(),
                        json.at("modalities").as<std::vector<std::string>>(),
                        {},
                        json.at("class_names").as<std::map<std::string, std::vector<std::string>>>()};
  for (const auto& kind : json.at("view_kinds").elements())
    if (const auto known = sdk::view_kind_of(kind.text())) info.view_kinds.push_back(*known);
  return info;
}

void keep_dataset_record(const std::filesystem::path& folder, const sdk::DatasetInfo& info) {
  base::write_file(folder / kFile, json_of(info).dump(2) + "\n");
}

std::optional<sdk::DatasetInfo> kept_dataset_record(const std::filesystem::path& folder) {
  const auto file = folder / kFile;
  std::error_code failed;
  if (!std::filesystem::exists(file, failed)) return std::nullopt;
  return base::with_context(file.string(),
                            [&] { return dataset_info_of(base::parse_json(base::read_file(file))); });
}

std::shared_ptr<sdk::Dataset> dataset_by_record(sdk::DatasetInfo info) {
  return std::make_shared<RecordedDataset>(std::move(info));
}

}  // namespace taskonomy::host
