// Weights from strangers: damaged safetensors files are read or refused, and whatever was read lies inside
// the file. 60,000 inputs as a rule (tests/support/mutation.hpp), in about two seconds.
#include <cstring>

#include "core/base/error.hpp"
#include "core/base/json.hpp"
#include "core/base/safetensors.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/memory_file.hpp"
#include "tests/support/mutation.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using tests::Folder;

namespace {

const tests::MemoryFile& damaged() {
  static const tests::MemoryFile file;
  return file;
}

/// A sound file with a header that is longer than its tensors, so that most damage meets the header.
std::string sound_file(std::size_t tensors) {
  const Folder folder;
  static constexpr std::byte kValues[16] = {std::byte{7}, std::byte{1}};
  std::map<std::string, base::TensorView> views;
  for (std::size_t i = 0; i < tensors; ++i)
    views["layer." + std::to_string(i) + ".weight"] = {
        i % 2 == 0 ? "F32" : "U8",
        i % 2 == 0 ? std::vector<std::int64_t>{2, 2} : std::vector<std::int64_t>{0, 3, 1}, kValues,
        i % 2 == 0 ? sizeof kValues : 0};
  base::write_safetensors(folder / "a", views, {{"made_from", "0123"}, {"ids", "[\"a\"]"}});
  return base::read_file(folder / "a");
}

/// Puts the header's length right where there is still a header.
void mend_length(std::string& bytes, std::uint64_t length) {
  if (bytes.size() > sizeof length + length) std::memcpy(bytes.data(), &length, sizeof length);
}

/// What is wrong with a file that was read; touches every byte of every tensor.
std::string fault(const std::string& bytes) {
  damaged().write(bytes);
  const base::Safetensors file(damaged().path());
  for (const auto& [name, view] : file.tensors()) {
    std::size_t expected = base::dtype_size(view.dtype);
    for (const std::int64_t size : view.shape) expected *= static_cast<std::size_t>(size);
    if (view.bytes != expected) return "a tensor of another size than its shape says";
    if (view.bytes > bytes.size()) return "a tensor larger than the file";
    // The view's own bytes, copied, must stand somewhere in the file: reading beside it would show.
    const std::string_view own(reinterpret_cast<const char*>(view.data), view.bytes);
    if (bytes.find(std::string(own)) == std::string::npos) return "a tensor with bytes that the file has not";
  }
  return "";
}

/// The message with which a file of one tensor and eight data bytes is refused, without its path; ""
/// when it is not.
std::string refusal(const std::string& shape, const std::string& offsets) {
  const std::string header =
      R"({"w":{"dtype":"F32","shape":)" + shape + R"(,"data_offsets":)" + offsets + "}}";
  const std::uint64_t length = header.size();
  std::string bytes(sizeof length, '\0');
  std::memcpy(bytes.data(), &length, sizeof length);
  damaged().write(bytes + header + std::string(8, '\0'));
  try {
    const base::Safetensors file(damaged().path());
    return "";
  } catch (const base::Error& error) {
    const std::string text = error.what();
    const std::string prefix = damaged().path().string() + ": not a sound safetensors file: ";
    CHECK(text.rfind(prefix, 0) == 0);
    return text.substr(prefix.size());
  }
}

}  // namespace

TEST_CASE("damaged safetensors files give tensors inside the file or an error that names it") {
  for (const std::size_t tensors : {0, 1, 3}) {
    const std::string sound = sound_file(tensors);
    std::uint64_t length = 0;
    std::memcpy(&length, sound.data(), sizeof length);
    tests::survive(sound, tests::mutations(60000) / 3, damaged().path().string(), fault,
                   [length](std::string& bytes) { mend_length(bytes, length); });
  }
}

TEST_CASE("sizes and offsets that are no whole numbers, or multiply beyond any, are refused") {
  CHECK(refusal("[2]", "[0,8]").empty());
  for (const std::string size : {"-2", "2.0", "1e300", "18446744073709551615", "\"2\"", "null", "[2]"}) {
    const std::string expected = "tensor \"w\": a size or an offset is no integer from 0 to 2^63 - 1";
    CHECK(refusal("[" + size + "]", "[0,8]") == expected);
    CHECK(refusal("[2]", "[0," + size + "]") == expected);
  }
  // An empty tensor's other sizes count as well: whoever multiplies them in another order must not overflow.
  CHECK(refusal("[0,4294967296,4294967296]", "[0,0]") == "tensor \"w\": a shape overflows");
  CHECK(refusal("[4294967296,4294967296,0]", "[0,0]") == "tensor \"w\": a shape overflows");
  CHECK(refusal("[0,4294967296]", "[0,0]").empty());
}

TEST_CASE("JSON nested without end is refused, not followed until the stack is used up") {
  for (const std::size_t levels : {100, 5'000'000})
    CHECK_THROWS_WITH_AS(static_cast<void>(base::parse_json(std::string(levels, '['))),
                         "nested deeper than 64 levels", base::Error);
  CHECK_THROWS_WITH_AS(static_cast<void>(base::parse_json("{\"a\":}")), "not JSON at byte 6", base::Error);
}
