// What a task's record must say before anything is trained with it. The host refuses a plugin over it;
// testing.hpp tells its author.
#pragma once

#include <string>
#include <string_view>

#include <taskonomy/sdk/export.hpp>
#include <taskonomy/sdk/task.hpp>

namespace taskonomy::sdk {

/// [a-z][a-z0-9_]*, as ids and names of modalities are.
[[nodiscard]] TX_API bool is_id(std::string_view text);

/// The first thing by which the record is incomplete or contradicts itself, "target has no shape"; "" where
/// it is sound.
[[nodiscard]] TX_API std::string problem_of(const TaskInfo& info);

}  // namespace taskonomy::sdk
