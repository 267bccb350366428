// The words that plan and execute share with the machinery of jobs.
#pragma once

#include "core/jobs/job.hpp"

namespace taskonomy::pipeline {

using jobs::Executor;
using jobs::JobReport;
using jobs::Order;
using jobs::Plan;

}  // namespace taskonomy::pipeline
