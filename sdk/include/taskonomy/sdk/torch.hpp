// LibTorch as the SDK's headers bring it: all of it, so that a plugin finds layers and optimisers without an
// include of their own. A project of many plugins compiles in half the time with TX_LEAN_TORCH defined for
// all of its files: then these are tensors, modules, seeds and NoGradGuard only, and a file that uses more
// includes it by itself.
#pragma once

#ifdef TX_LEAN_TORCH
#include <torch/nn/module.h>
#include <torch/types.h>
#include <torch/utils.h>
#else
#include <torch/torch.h>
#endif
