// safetensors files: exact round trip, readable by others, and no input that reads beyond its bytes.
#include "core/base/safetensors.hpp"

#include <cstring>
#include <random>
#include <stdexcept>

#include "core/base/error.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/testing.hpp"

using namespace taskonomy;
using base::Safetensors;
using base::TensorView;
using tests::Folder;

namespace {

TensorView view(const std::string& dtype, std::vector<std::int64_t> shape, const std::string& bytes) {
  return {dtype, std::move(shape), reinterpret_cast<const std::byte*>(bytes.data()), bytes.size()};
}

/// A file from a header and data, as a stranger might write it.
std::filesystem::path file_of(const Folder& folder, const std::string& header, const std::string& data) {
  const std::uint64_t length = header.size();
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &length, 8);
  base::write_file(folder / "x.safetensors", bytes + header + data);
  return folder / "x.safetensors";
}

std::string message_of(const std::filesystem::path& path) {
  try {
    const Safetensors file(path);
  } catch (const base::Error& error) {
    return error.what();
  }
  return "";
}

/// Touches every byte that the file's views show, and checks that they lie inside `size` bytes of views.
std::size_t touch(const Safetensors& file) {
  std::size_t sum = 0;
  for (const auto& [name, tensor] : file.tensors())
    for (std::size_t i = 0; i < tensor.bytes; ++i) sum += static_cast<std::size_t>(tensor.data[i]);
  return sum;
}

}  // namespace

TEST_CASE("tensors, shapes and metadata come back; data begins on a cache line") {
  const Folder folder;
  const auto path = folder / "x.safetensors";
  const std::string floats(24, 'f'), bytes(3, 'b'), none, scalar(8, 's');
  base::write_safetensors(path,
                          {{"layer1.0.weight", view("F32", {2, 3}, floats)},
                           {"a", view("U8", {3}, bytes)},
                           {"empty", view("F16", {0, 5}, none)},
                           {"scalar", view("I64", {}, scalar)}},
                          {{"key", "0123"}, {"quote\"", "\n"}});
  const Safetensors file(path);
  CHECK(file.tensors().size() == 4);
  CHECK(file.at("layer1.0.weight").shape == std::vector<std::int64_t>{2, 3});
  CHECK(std::memcmp(file.at("layer1.0.weight").data, floats.data(), 24) == 0);
  CHECK(std::memcmp(file.at("a").data, bytes.data(), 3) == 0);
  CHECK(file.at("empty").bytes == 0);
  CHECK(file.at("scalar").shape.empty());
  CHECK(file.metadata().at("key") == "0123");
  CHECK(file.metadata().at("quote\"") == "\n");
  CHECK(reinterpret_cast<std::uintptr_t>(file.at("scalar").data) % 64 == 0);  // of the largest elements
  CHECK_THROWS_WITH_AS(
      static_cast<void>(file.at("b")),
      (path.string() + ": no tensor \"b\"; it holds: a, empty, layer1.0.weight, scalar").c_str(),
      base::Error);
}

TEST_CASE("tensors can be read where they lie, however odd the sizes of those before them are") {
  const Folder folder;
  const std::string odd(7, 'o'), halves(6, 'h'), floats(12, 'f'), longs(8, 'l');
  base::write_safetensors(folder / "x",
                          {{"a", view("BOOL", {7}, odd)},
                           {"b", view("F16", {3}, halves)},
                           {"c", view("F32", {3}, floats)},
                           {"d", view("I64", {1}, longs)}},
                          {});
  const Safetensors file(folder / "x");
  for (const auto& [name, tensor] : file.tensors())
    CHECK_MESSAGE(reinterpret_cast<std::uintptr_t>(tensor.data) % base::dtype_size(tensor.dtype) == 0, name);
}

TEST_CASE("the same tensors give the same bytes, and a file without any is a file") {
  const Folder folder;
  const std::string bytes(4, 'x');
  for (const char* name : {"one", "two"})
    base::write_safetensors(folder / name, {{"t", view("F32", {1}, bytes)}}, {});
  CHECK(base::read_file(folder / "one") == base::read_file(folder / "two"));
  base::write_safetensors(folder / "none", {}, {});
  CHECK(Safetensors(folder / "none").tensors().empty());
}

TEST_CASE("a tensor whose bytes disagree with its shape is our bug") {
  const Folder folder;
  const std::string bytes(5, 'x');
  CHECK_THROWS_AS(base::write_safetensors(folder / "x", {{"t", view("F32", {1}, bytes)}}, {}),
                  std::logic_error);
}

TEST_CASE("tensors that come in pieces give the bytes of those that came whole; half of one is no file") {
  const Folder folder;
  const std::string numbers = "abcdefgh", flags = "xyz";
  const std::map<std::string, std::string> metadata{{"key", "1"}};
  base::write_safetensors(folder / "whole", {{"n", view("F32", {2}, numbers)}, {"a", view("U8", {3}, flags)}},
                          metadata);
  {
    base::SafetensorsWriter writer(folder / "pieces", {{"n", {"F32", {2}}}, {"a", {"U8", {3}}}}, metadata);
    writer.append("n", numbers.data(), 4);
    writer.append("a", flags.data(), 3);
    CHECK_THROWS_WITH_AS(writer.keep(), doctest::Contains("\"n\" gets less"), std::logic_error);
    writer.append("n", numbers.data() + 4, 4);
    CHECK_THROWS_WITH_AS(writer.append("n", numbers.data(), 1), doctest::Contains("more"), std::logic_error);
    CHECK_THROWS_AS(writer.append("b", numbers.data(), 1), std::logic_error);
    CHECK_FALSE(std::filesystem::exists(folder / "pieces"));
    writer.keep();
  }
  CHECK(base::read_file(folder / "pieces") == base::read_file(folder / "whole"));
  { const base::SafetensorsWriter given_up(folder / "none", {{"n", {"F32", {2}}}}, metadata); }
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 2);  // and no temporary file
}

TEST_CASE("malformed files are refused with the file, the tensor and what is wrong") {
  const Folder folder;
  const std::string data(8, 'x');
  const auto header = [](const std::string& dtype, const std::string& shape, const std::string& offsets) {
    return "{\"t\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}}";
  };
  struct Case {
    std::string header, message;
  };
  for (const Case& wrong : std::vector<Case>{
           {header("F32", "[2]", "[0,12]"), "tensor \"t\": data_offsets lie outside the file"},
           {header("F32", "[2]", "[8,0]"), "tensor \"t\": data_offsets lie outside the file"},
           {header("F32", "[3]", "[0,8]"), "tensor \"t\": data_offsets disagree with the shape and dtype"},
           {header("F32", "[-2]", "[0,8]"),
            "tensor \"t\": a size or an offset is no integer from 0 to 2^63 - 1"},
           {header("F32", "[4611686018427387904,4611686018427387904]", "[0,8]"),
            "tensor \"t\": a shape overflows"},
           {header("F31", "[2]", "[0,8]"), "tensor \"t\": unknown dtype \"F31\""},
           {header("F32", "\"2\"", "[0,8]"), "tensor \"t\": expected dtype, shape and data_offsets"},
           {header("F32", "[2]", "[0]"), "data_offsets lie outside the file"},
           {"{\"t\":3}", "tensor \"t\": expected dtype, shape and data_offsets"},
           {"{\"__metadata__\":{\"a\":1}}", "__metadata__.a: expected text, got 1"},
           {"[]", "the header is not a JSON object"},
           {"{", "the header: not JSON at byte 2"},
           {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
            "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
            "two tensors overlap"}}) {
    const auto path = file_of(folder, wrong.header, data);
    const std::string message = message_of(path);
    CHECK_MESSAGE(message.find(path.string() + ": not a sound safetensors file") == 0, message);
    CHECK_MESSAGE(message.find(wrong.message) != std::string::npos, wrong.message, " in ", message);
  }
  base::write_file(folder / "short", "1234");
  CHECK(message_of(folder / "short").find("shorter than its header") != std::string::npos);
  base::write_file(folder / "long", std::string(8, '\xff'));
  CHECK(message_of(folder / "long").find("the header reaches beyond the file") != std::string::npos);
}

TEST_CASE("no cut and no flipped byte makes the reader look beyond the file") {
  const Folder folder;
  const std::string floats(16, 'f'), bytes(3, 'b');
  base::write_safetensors(folder / "sound",
                          {{"w", view("F32", {2, 2}, floats)}, {"u", view("U8", {3}, bytes)}},
                          {{"key", "value"}});
  const std::string sound = base::read_file(folder / "sound");
  const auto try_bytes = [&](const std::string& content) {
    base::write_file(folder / "mutated", content);
    try {
      touch(Safetensors(folder / "mutated"));
      return true;
    } catch (const base::Error&) {
      return false;
    }
  };
  for (std::size_t length = 0; length < sound.size(); ++length)
    CHECK_FALSE(try_bytes(sound.substr(0, length)));
  std::mt19937 random(1);
  for (int i = 0; i < 400; ++i) {
    std::string mutated = sound;
    for (unsigned flips = 1 + random() % 3; flips > 0; --flips)
      mutated[random() % mutated.size()] = static_cast<char>(random());
    try_bytes(mutated);  // either answer will do; the sanitizers watch
  }
  CHECK(try_bytes(sound));
}
