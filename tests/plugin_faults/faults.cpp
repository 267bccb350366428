// The table of faults, in the order of a plugin's life.
#include "tests/plugin_faults/faults.hpp"

namespace taskonomy::plugin_faults {
namespace {

using enum Check;

const std::vector<Fault> kFaults{
    {"", passes, 0, "", true},
    // Global objects.
    {"static_prints", finds, 0},
    {"static_segfault", finds, 1, "crashed with SIGSEGV"},
    {"static_aborts", finds, 1, "crashed with SIGABRT"},
    {"static_hangs", finds, 1, "was not made in time"},
    {"static_exits", finds, 1, "ended the process with exit code 0", true},
    {"static_throws", finds, 1, "no static today", true},
    {"static_destructor_aborts", either, 0, "", true},
    {"static_destructor_hangs", either, 0},
    // Making and destroying a task.
    {"constructor_throws", finds, 1, "needs a licence file"},
    {"constructor_throws_int", finds, 1, "threw something that is not a std::exception"},
    {"constructor_segfault", finds, 1, "crashed with SIGSEGV"},
    {"constructor_aborts", finds, 1, "crashed with SIGABRT"},
    {"constructor_hangs", finds, 1, "was not made in time"},
    {"constructor_sleeps", finds, 1, "was not made in time"},
    {"constructor_slow", either, 0},
    {"constructor_exits", finds, 1, "ended the process with exit code 0", true},
    {"constructor_closes", finds, 1, "closed files and pipes that were not its own", true},
    {"stdout_constructor", finds, 0},
    {"at_exit", either, 0, "", true},
    {"deletes_itself", finds, 1, "removed"},
    {"destructor_aborts", finds, 1, "crashed with SIGABRT while it was destroyed", true},
    {"destructor_hangs", finds, 1, "was not destroyed in time", true},
    // Labels.
    {"label_throws", finds, 4, "make_example: no label for sample"},
    {"label_throws_int", finds, 4, "threw something that is not a std::exception"},
    {"label_throws_twice", either, 0, "examples/faulty goes on without 2 samples"},
    {"label_throws_sometimes", either, 4, "no label today"},
    {"label_segfault", finds, 4, "crashed with SIGSEGV"},
    {"label_aborts", finds, 4, "crashed with SIGABRT"},
    {"label_exits", finds, 4, "ended with exit code 0"},
    {"label_exits_at_once", finds, 4, "ended with exit code 0"},
    {"label_hangs", finds, 4, "of processor time and was stopped"},
    {"label_sleeps", finds, 4, "was stopped"},
    {"label_closes", finds, 4, "closed its line to the host", true},
    {"label_shape", finds, 4, "target"},
    {"label_shape_once", either, 4, "target"},
    {"label_type", finds, 4, "target"},
    {"label_missing", finds, 4, "target"},
    {"label_mask", finds, 4, "mask"},
    {"label_nan", finds, 4, "nan"},
    {"label_nan_once", either, 4, "nan"},
    {"label_range", finds, 0},
    {"label_random", finds, 0},
    {"label_writes_sample", finds, 4, ""},
    {"memory_bomb", finds, 4, "of memory and was stopped"},
    // What belongs to the whole process.
    {"stdout_label", finds, 0},
    {"stdout_loss", finds, 0},
    {"reads_stdin", finds, 0},
    {"children", finds, 0},
    {"child_returns", finds, 0, "", false, 4},  // two processes write the plugin's labels
    {"spinning_thread", finds, 0},
    {"writes_file", finds, 0},
    {"keeps_descriptor", finds, 0},
    {"locale", finds, 0},
    {"threads", finds, 0},
    {"dtype", finds, 0},
    {"rng", finds, 0},
    {"grad_mode", finds, 0},
    {"rounding", finds, 0},
    {"folder", finds, 0},
    {"signals", finds, 0},
    {"environment", finds, 0},
    // Decoders.
    {"decoder_null", finds, 4, "make_decoder"},
    {"decoder_throws", finds, 4, "make_decoder: no decoder today"},
    {"decoder_static", finds, 4, ""},
    {"decoder_unregistered", finds, 0},
    // Losses.
    {"loss_throws", finds, 4, "no loss at call"},
    {"loss_segfault", finds, 4, "crashed with SIGSEGV"},
    {"loss_aborts", finds, 4, "crashed with SIGABRT"},
    {"loss_overflows_stack", finds, 4, "crashed with SIGSEGV"},
    {"loss_hangs", finds, 4, "of processor time and was stopped"},
    {"loss_nan_late", either, 4, "the loss is nan"},
    {"loss_depends_on_batch", finds, 0},
    {"loss_counts_calls", finds, 0},
    {"loss_ignores_prediction", finds, 4, ""},
    {"loss_changes_target", finds, 0},
    {"loss_scalar", finds, 4, "the task's loss gave 0 dimensions"},
    {"loss_float64", finds, 0},
    {"loss_negated", finds, 0},
    {"loss_no_grad", finds, 4, ""},
    {"slow_leak", finds, 0},
    // Metrics and drawings, which cost themselves alone.
    {"metrics_throw", finds, 0},
    {"metrics_shape", finds, 0},
    {"metrics_nan", finds, 0},
    {"metrics_depend_on_batch", finds, 0},
    {"metrics_noexcept", finds, 0, "", true},
    {"drawing_throws", finds, 4, "no drawing today"},
    {"drawing_size", finds, 0},
    {"drawing_segfault", finds, 4, "crashed with SIGSEGV"}};

}  // namespace

const std::vector<Fault>& faults() { return kFaults; }

}  // namespace taskonomy::plugin_faults
