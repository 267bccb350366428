// The jobs features/S/...: a frozen encoder looks once at every image of the transfer and test splits (paper section 3.2).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "core/network/precision.hpp"
#include "core/pipeline/job_name.hpp"
#include "core/pipeline/setup.hpp"

namespace taskonomy::pipeline {

/// Where a features job works, and with what.
struct Looking {
  const Setup& setup;
  const std::filesystem::path& folder;  ///< of the run
  network::Hardware hardware;
  std::string key;     ///< of the job
  std::uint64_t seed;  ///< a network trained elsewhere may draw numbers of its own
};

/// Writes the artefact of a features job and returns the number of images that its encoder looked at. One trained
/// elsewhere is brought to the size of the run's representations first. Throws Error naming the file for an encoder
/// that is damaged.
std::int64_t look_through(const JobName& name, const Looking& looking);

}  // namespace taskonomy::pipeline
