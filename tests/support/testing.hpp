// What every test includes instead of doctest: LibTorch defines CHECK too, and only this order keeps
// doctest's.
#pragma once

// clang-format off
#ifdef TASKONOMY_TEST_WITH_TORCH
#include <taskonomy/sdk/torch.hpp>
#undef CHECK
#undef CHECK_EQ
#undef CHECK_NE
#undef CHECK_LT
#undef CHECK_LE
#undef CHECK_GT
#undef CHECK_GE
#endif
#include <doctest/doctest.h>
// clang-format on
