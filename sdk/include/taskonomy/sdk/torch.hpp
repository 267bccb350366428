// LibTorch as the SDK's headers bring it: all of it, so that a plugin finds layers and optimisers without an
// include of their own. Most of a plugin's build is these headers, so a project may ask for less, the same for all of
// its files:
//   TX_TENSORS_ONLY  Tensors and the functions that labels are made of, in a third of the time. It is what
//                    taskonomy_add_task(... TENSORS_ONLY) defines, and the projects of `taskonomy tasks new` say. A
//                    file with a decoder of its own includes taskonomy/sdk/decoder.hpp and torch/nn.h besides; any
//                    other function F of LibTorch is in ATen/ops/F.h.
//   TX_LEAN_TORCH    Tensors with all functions, modules, seeds and NoGradGuard, in two thirds of the time.
#pragma once

#if defined(TX_TENSORS_ONLY)
#include <taskonomy/sdk/detail/tensors.hpp>
#elif defined(TX_LEAN_TORCH)
#include <torch/nn/module.h>
#include <torch/types.h>
#include <torch/utils.h>
#else
#include <torch/torch.h>
#endif
