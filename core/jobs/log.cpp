// The run's log file by spdlog.
#include "core/jobs/log.hpp"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>

namespace taskonomy::jobs {

struct RunLog::Sink {
  std::shared_ptr<spdlog::logger> logger;  ///< null when the file cannot be opened
};

RunLog::RunLog(const std::filesystem::path& file) : sink_(std::make_unique<Sink>()) {
  try {
    auto target = std::make_shared<spdlog::sinks::basic_file_sink_st>(file.string());
    sink_->logger = std::make_shared<spdlog::logger>("run", std::move(target));
    sink_->logger->set_pattern("%Y-%m-%d %H:%M:%S %v");
    sink_->logger->flush_on(spdlog::level::info);
    sink_->logger->set_error_handler([](const std::string&) {});  // a full disk shows elsewhere
  } catch (const spdlog::spdlog_ex&) {
    sink_->logger = nullptr;
  }
}

RunLog::~RunLog() = default;

void RunLog::write(const std::string& who, const std::string& text) {
  if (sink_->logger) sink_->logger->info("{}: {}", who, text);
}

}  // namespace taskonomy::jobs
