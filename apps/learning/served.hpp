// Which targets of a run the commands about its networks are asked for, and what serves each: --budget, --taxonomy, --own,
// --tasks.
#pragma once

#include <string>
#include <vector>

#include "apps/taskonomy/command.hpp"
#include "core/jobs/run_directory.hpp"
#include "core/pipeline/setup.hpp"
#include "core/predict/taxonomy_networks.hpp"

namespace taskonomy::cli {

/// The taxonomy at --budget, at the largest where it changes, that of --taxonomy, or with --own every trained target by its own network;
/// of these the targets that --tasks names. Throws Error for a run without affinities, a budget that serves nobody, and
/// names that are no targets.
[[nodiscard]] std::vector<predict::Service> asked_services(const jobs::RunDirectory& run,
                                                           const pipeline::Setup& setup,
                                                           const Values& values);

/// Of the targets that an exported file predicts, those that --tasks names. Throws Error for names that are none, and for
/// options that choose among a run's networks: a file holds one taxonomy.
[[nodiscard]] std::vector<predict::Service> asked_services(std::vector<predict::Service> exported,
                                                           const Values& values);

/// By --compared.
[[nodiscard]] predict::Trained trained_of(const Values& values);

/// "normal by edge_texture+reshading, depth_zbuffer by its own network"
[[nodiscard]] std::string served_text(const std::vector<predict::Service>& services);

}  // namespace taskonomy::cli
