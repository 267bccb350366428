// What a dataset has to say of the files that it found, for authors of datasets that read folders: photographs that
// nobody can read, labels that were refused. A dataset offers it by deriving from this class beside Dataset.
#pragma once

#include <string>
#include <vector>

#include <taskonomy/sdk/detail/api.hpp>

namespace taskonomy::sdk {

/// Sentences for people about a dataset's files. [any thread]
class TX_API DatasetNotes {
 public:
  virtual ~DatasetNotes();
  /// What a person should know before a run: "12 files are no PNG or JPEG and are not used, first
  /// photos/a/rgb/x.heic". A run prints them when it begins, `data lint` as suspicions.
  [[nodiscard]] virtual std::vector<std::string> notes() const = 0;
  /// Why this modality is not offered although there are files for it: "20 of 20 point_info files were refused,
  /// first ...". "": there are none. Is told with the error of a task that needs the modality.
  [[nodiscard]] virtual std::string why_not_offered(const std::string& modality) const = 0;
};

}  // namespace taskonomy::sdk
