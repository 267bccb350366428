#include "core/jobs/log.hpp"

#include <array>
#include <ctime>

namespace taskonomy::jobs {

RunLog::RunLog(const std::filesystem::path& file) : file_(file, std::ios::app) {}

void RunLog::write(const std::string& who, const std::string& text) {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  std::array<char, 32> time{};
  std::strftime(time.data(), time.size(), "%Y-%m-%d %H:%M:%S", &local);
  file_ << time.data() << ' ' << who << ": " << text << std::endl;
  file_.clear();  // after a failed write, so that later lines are tried again
}

}  // namespace taskonomy::jobs
