// What convolutions take of the time of a program, and how fast they are.
#pragma once

namespace taskonomy::bench {

/// Work done so far.
struct Work {
  double seconds = 0.0;  ///< of processor time
  double flops = 0.0;    ///< multiplications and additions
};

/// While it lives, adds up all convolutions of this process, forward and backward. One at a time.
class ConvolutionMeter {
 public:
  ConvolutionMeter();
  ~ConvolutionMeter();
  ConvolutionMeter(const ConvolutionMeter&) = delete;
  ConvolutionMeter& operator=(const ConvolutionMeter&) = delete;

  [[nodiscard]] Work work() const;

 private:
  unsigned long long handle_;
};

/// Seconds of processor time that this process has used.
[[nodiscard]] double processor_seconds();

}  // namespace taskonomy::bench
