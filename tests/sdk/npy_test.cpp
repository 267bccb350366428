// npy files: what is written is what is read; files as NumPy writes them; damaged ones are refused with the
// reason.
#include <string>

#include <taskonomy/sdk/toolbox/npy.hpp>

#include "tests/support/testing.hpp"

using namespace taskonomy;

namespace {

/// A file by hand: version, header text and bytes of the array.
std::string file_of(const std::string& header, const std::string& array, int version = 1) {
  std::string bytes = "\x93NUMPY";
  bytes += static_cast<char>(version);
  bytes += '\0';
  const std::size_t length = header.size();
  for (int i = 0; i < (version == 1 ? 2 : 4); ++i) bytes += static_cast<char>((length >> (8 * i)) & 0xffU);
  return bytes + header + array;
}

std::string header_of(const std::string& type, bool fortran, const std::string& shape) {
  return "{'descr': '" + type + "', 'fortran_order': " + (fortran ? "True" : "False") +
         ", 'shape': " + shape + ", }\n";
}

std::string refusal_of(const std::string& bytes, const sdk::NpyLimits& limits = {}) {
  try {
    (void)sdk::decode_npy(bytes, "a.npy", limits);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("npy: every type and shape comes back") {
  torch::manual_seed(3);
  for (const auto dtype : {torch::kBool, torch::kUInt8, torch::kInt8, torch::kInt16, torch::kInt32,
                           torch::kInt64, torch::kFloat16, torch::kFloat32, torch::kFloat64})
    for (const std::vector<std::int64_t>& shape :
         {std::vector<std::int64_t>{}, {1000}, {3, 4}, {2, 3, 5}, {0, 4}}) {
      const torch::Tensor values = torch::randint(0, 100, shape).to(dtype);
      const std::string bytes = sdk::encode_npy(values);
      const torch::Tensor back = sdk::decode_npy(bytes, "a.npy");
      CHECK((back.scalar_type() == dtype));
      CHECK(torch::equal(back, values));
      CHECK((bytes.size() - values.nbytes()) % 64 == 0);  // NumPy maps the array, so it is aligned
    }
  CHECK_THROWS_AS((void)sdk::encode_npy(torch::zeros({2}, torch::kComplexFloat)), std::invalid_argument);
}

TEST_CASE("npy: Fortran order, big endian, unsigned types, versions 2 and 3") {
  const std::string six("\1\2\3\4\5\6", 6);
  CHECK(torch::equal(sdk::decode_npy(file_of(header_of("|u1", false, "(2, 3)"), six), "a.npy"),
                     torch::tensor({{1, 2, 3}, {4, 5, 6}}, torch::kUInt8)));
  CHECK(torch::equal(sdk::decode_npy(file_of(header_of("|u1", true, "(2, 3)"), six), "a.npy"),
                     torch::tensor({{1, 3, 5}, {2, 4, 6}}, torch::kUInt8)));
  CHECK(torch::equal(sdk::decode_npy(file_of(header_of(">i2", false, "(3,)"), six, 2), "a.npy"),
                     torch::tensor({0x0102, 0x0304, 0x0506}, torch::kInt16)));
  CHECK(
      torch::equal(sdk::decode_npy(file_of(header_of("<u2", false, "(2,)"), "\xff\xff\x01\x80", 3), "a.npy"),
                   torch::tensor({65535, 32769}, torch::kInt32)));
  CHECK(torch::equal(sdk::decode_npy(file_of(header_of("<u4", false, "()"), "\xff\xff\xff\xff"), "a.npy"),
                     torch::tensor(std::int64_t{4294967295})));
}

TEST_CASE("npy: what is wrong is said") {
  const auto refuses = [](const std::string& bytes, const std::string& reason,
                          const sdk::NpyLimits& limits = {}) {
    const std::string message = refusal_of(bytes, limits);
    CHECK_MESSAGE(message.find("a.npy: ") == 0, message);
    CHECK_MESSAGE(message.find(reason) != std::string::npos, message);
  };
  const std::string header = header_of("<f4", false, "(2,)"), array(8, '\0');
  REQUIRE(refusal_of(file_of(header, array)).empty());
  refuses("", "an empty file");
  refuses("PNG and so on", "not an npy file");
  refuses(file_of(header, array).substr(0, 11), "truncated");
  refuses(file_of(header, array).substr(0, 30), "truncated: the file ends within the npy header");
  refuses(file_of(header, array.substr(1)), "truncated: 7 bytes of numbers, its header says 8");
  refuses(file_of(header, array + "x"), "damaged: 9 bytes of numbers");
  refuses(file_of(header, array, 9), "npy version 9.0");
  refuses(file_of(header_of("|O", false, "(2,)"), array), "elements of type \"|O\"");
  refuses(file_of(header_of("<c8", false, "(1,)"), array), "elements of type \"<c8\"");
  refuses(file_of(header_of("<u8", false, "(1,)"), array), "elements of type \"<u8\"");
  refuses(file_of("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,)}", array), "records");
  refuses(file_of("{'descr': '<f4', 'shape': (2,)}", array), "fortran_order or shape is missing");
  refuses(file_of(header_of("<f4", false, "(-2,)"), array), "no number");
  refuses(file_of("{'descr': '<f4", array), "without an end");
  refuses(file_of(header_of("<f4", false, "(99999999, 99999999)"), array), "claims more than");
  refuses(file_of(header_of("<f4", false, "(0, 99999999999999999999)"), ""), "claims more than");
  refuses(file_of(header, array), "claims more than 1 elements", {1, 1 << 20});
}
