// The report as one self-contained page: no network, no file beside it, no program at reading time. What it
// shows is gathered from a run folder or from a bare affinity table.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/affinity/affinity_table.hpp"
#include "core/analysis/agreement.hpp"
#include "core/analysis/bootstrap.hpp"
#include "core/analysis/learning_curve.hpp"
#include "core/analysis/random_taxonomies.hpp"
#include "core/analysis/verdicts.hpp"
#include "core/analysis/win_rates.hpp"
#include "core/recipe/prices.hpp"
#include "core/report/source_results.hpp"

namespace taskonomy::report {

/// One line of "how it was made".
struct Fact {
  std::string name;   ///< "seed"
  std::string value;  ///< "1"
};

/// What one stage of a run cost.
struct StageCost {
  std::string name;  ///< "transfer"
  std::size_t jobs = 0;
  double seconds = 0.0;  ///< of worker time, added up
  double bytes = 0.0;    ///< of what they left on disk

  static void visit(auto& self, auto&& field) {
    field("name", self.name);
    field("jobs", self.jobs);
    field("seconds", self.seconds);
    field("bytes", self.bytes);
  }
};

struct Beside;  // beside.hpp

/// What a run was made without: samples that could not be used, and plugins that others stand in front of.
struct PassedOver {
  /// The samples that one job left out.
  struct Samples {
    std::string job;                   ///< "images/single"
    std::vector<std::string> samples;  ///< "kitchen/3: damaged JPEG"

    static void visit(auto& self, auto&& field) {
      field("job", self.job);
      field("samples", self.samples);
    }
  };
  /// A plugin that the run was made with.
  struct Plugin {
    std::string kind, id, version, fingerprint, file;
    bool own = false;                  ///< came with the program
    std::vector<std::string> shadows;  ///< files of plugins of the same id that it runs in place of

    static void visit(auto& self, auto&& field) {
      field("kind", self.kind);
      field("id", self.id);
      field("version", self.version);
      field("fingerprint", self.fingerprint);
      field("file", self.file);
      field("own", self.own);
      field("shadows", self.shadows);
    }
  };
  std::string sentence{};  ///< for the top of the page, where samples were left out; else ""
  std::vector<Samples> samples{};
  std::vector<Plugin> plugins{};

  static void visit(auto& self, auto&& field) {
    field("sentence", self.sentence);
    field("samples", self.samples);
    field("plugins", self.plugins);
  }
};

/// Everything on the page. Parts that are empty are left out of it.
struct PageContent {
  std::string title;
  bool of_run = false;  ///< a run folder, not a bare table
  std::string
      command{};  ///< what `solve` and its like are asked with: "runs/demo --cost random=0"; "": unknown
  affinity::AffinityTable table;
  std::vector<TaskText> texts{};                  ///< titles and families, where they are known
  recipe::Prices prices;                          ///< costs all of sources in the table
  std::map<std::string, double> importance;       ///< per target, default 1; all in the table
  std::vector<analysis::SourceCheck> checks;      ///< Table 1
  std::vector<analysis::Verdict> verdicts;        ///< what the test images say of networks and transfers
  std::vector<analysis::LearningCurve> curves{};  ///< what more labelled images would bring
  std::vector<MetricRow> metrics;                 ///< what practitioners measure, per target and competitor
  std::optional<analysis::Judgement> judgement;   ///< of the optima with all orders
  std::vector<analysis::Significance> significance;  ///< against random taxonomies, per budget
  std::optional<analysis::Bootstrap> bootstrap;      ///< intervals and stability
  std::optional<analysis::Comparison> comparison;    ///< with another table, under common names
  std::string compared_with;                         ///< name of that table
  std::vector<std::string> missing;                  ///< what is not there (yet) and why, one sentence each
  std::vector<Fact> facts;                           ///< how it was made
  std::vector<StageCost> stages;
  std::string recipe;  ///< TOML as resolved
  PassedOver passed_over{};
  std::vector<TaskPictures> pictures;
  std::shared_ptr<const Beside> beside{};  ///< another run or table to compare with
};

/// How long the page may be made, and who hears of it.
struct PageTime {
  double seconds = 0.0;  ///< for all optima together; 0: as long as it takes, of large tables kPageSeconds
  std::function<void(const std::string&)> tell{};  ///< hears what is being done; may be empty
  void say(const std::string& what) const {
    if (tell) tell(what);
  }
};

/// HTML of the whole report: markup, styles, drawings, scripts, chart library and data in one text. Names
/// from tables and recipes are data, never markup. The same content gives the same bytes. An empty table
/// leaves out the figures that need one.
[[nodiscard]] std::string page(const PageContent& content, const PageTime& time = {});

/// Writes it atomically. Throws Error naming the path.
void write_page(const std::filesystem::path& path, const PageContent& content, const PageTime& time = {});

/// One file of share/report, as it stands there.
struct Asset {
  std::string_view name;  ///< "page.html", "vendor/charts.min.js"
  std::string_view text;  ///< UTF-8
};

/// What the page is made of: all files of share/report, embedded by the build (share/cmake/EmbedText.cmake);
/// scripts in the order in which the page runs them.
[[nodiscard]] const std::vector<Asset>& page_assets();

}  // namespace taskonomy::report
