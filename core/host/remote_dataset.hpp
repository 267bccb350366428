// A dataset that lives in a child process: this process asks it for records, and runs none of its code.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <taskonomy/sdk/dataset.hpp>

namespace taskonomy::host {

/// Makes a dataset by `make` in a copy of this process, which answers until the result is destroyed: info, scenes and
/// files_state, sdk::DatasetNotes, and sdk::SharedPhotographs where the dataset offers it. It is never destroyed
/// there, but killed. Samples are not passed on: sample() throws std::logic_error, because jobs read them in workers.
/// Throws base::Error for what `make` throws; each question throws what the dataset throws, and, beginning with
/// `plugin` (`dataset "photos" (PATH)`), that the copy crashed or ended. [one thread]
[[nodiscard]] std::shared_ptr<sdk::Dataset> make_remote_dataset(
    const std::string& plugin, const std::function<std::shared_ptr<sdk::Dataset>()>& make);

}  // namespace taskonomy::host
