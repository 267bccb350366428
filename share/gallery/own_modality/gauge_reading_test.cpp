// The contract of every task, on samples that get the own modality from here, and a label that is known beforehand.
#include "gauge_reading.cpp"  // the class is hidden in there

#include <taskonomy/sdk/testing.hpp>

#include <doctest/doctest.h>  // after LibTorch, which has a CHECK of its own; main() comes with TESTS in CMakeLists.txt

namespace testing = taskonomy::sdk::testing;

TEST_CASE("gauge_reading keeps the contract of a task") {
  testing::SubjectOptions options;
  options.dataset.modalities.emplace_back("reading");
  options.complete = [](sdk::Sample& sample) {
    sample.data["reading"] = sample.data.at("rgb").to(torch::kFloat32).mean().reshape({1, 1}) / 50.0;
  };
  CHECK(testing::conforms<GaugeReading>(options));
}

TEST_CASE("gauge_reading: 3 bar is one deviation above the mean; NaN is not known, 0 is") {
  const auto subject = testing::subject_of<GaugeReading>();
  torch::Generator generator = at::detail::createCPUGenerator(1);
  const auto of = [&](float bar) {
    return subject.task().make_example({"gauge", {{"reading", torch::full({1, 1}, bar)}}}, generator);
  };
  CHECK(of(3.0F).target.item<float>() == doctest::Approx(1.0));
  CHECK(of(0.0F).mask.item<bool>());
  CHECK_FALSE(of(NAN).mask.item<bool>());
}
