// Values that pass between copies of one program, as bytes: what a child process tells of a plugin. Records name their
// fields once, in a function fields(record, field) that both sides use:
//
//     template <class Info, class Field>
//     void fields(Info& info, Field&& field) requires IsRecord<Info, sdk::Scene> {
//       field(info.id); field(info.samples);
//     }
//
// No format for files: bytes are those of this machine and this build.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <taskonomy/sdk/extensions.hpp>
#include <taskonomy/sdk/task.hpp>

#include "core/base/error.hpp"

namespace taskonomy::host {

template <class T, class Record>
concept IsRecord = std::is_same_v<std::remove_const_t<T>, Record>;

template <class T, class Field>
requires IsRecord<T, sdk::TensorSpec>
void fields(T& spec, Field&& field) {
  field(spec.shape);
  field(spec.dtype);
  field(spec.low);
  field(spec.high);
}

template <class T, class Field>
requires IsRecord<T, sdk::TaskInfo>
void fields(T& info, Field&& field) {
  field(info.id);
  field(info.title);
  field(info.family);
  field(info.reference);
  field(info.role);
  field(info.view_kind);
  field(info.label_cost);
  field(info.trained);
  field(info.modalities);
  field(info.any_of);
  field(info.input);
  field(info.input_views);
  field(info.input_side);
  field(info.mask);
  field(info.target);
  field(info.prediction);
}

template <class T, class Field>
requires IsRecord<T, sdk::Metric>
void fields(T& metric, Field&& field) {
  field(metric.name);
  field(metric.unit);
  field(metric.higher_is_better);
}

template <class T, class Field>
requires IsRecord<T, sdk::DatasetInfo>
void fields(T& info, Field&& field) {
  field(info.id);
  field(info.title);
  field(info.reference);
  field(info.modalities);
  field(info.view_kinds);
  field(info.class_names);
}

template <class T, class Field>
requires IsRecord<T, sdk::Scene>
void fields(T& scene, Field&& field) {
  field(scene.id);
  field(scene.samples);
  field(scene.split);
}

/// Writes values one after the other.
class Packer {
 public:
  template <class T>
  void operator()(const T& value) {
    if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>) {
      bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
    } else if constexpr (std::is_same_v<T, std::string>) {
      (*this)(value.size());
      bytes_ += value;
    } else if constexpr (requires { typename T::mapped_type; }) {
      (*this)(value.size());
      for (const auto& [key, mapped] : value) {
        (*this)(key);
        (*this)(mapped);
      }
    } else if constexpr (requires { typename T::value_type; }) {
      (*this)(value.size());
      for (const auto& element : value) (*this)(element);
    } else {
      fields(value, *this);
    }
  }
  [[nodiscard]] std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

/// Reads them in the same order.
class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : rest_(bytes) {}

  template <class T>
  void operator()(T& value) {
    if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>) {
      std::memcpy(&value, next(sizeof value).data(), sizeof value);
    } else if constexpr (std::is_same_v<T, std::string>) {
      value = next(count());
    } else if constexpr (requires { typename T::mapped_type; }) {
      value.clear();
      for (std::size_t left = count(); left > 0; --left) {
        typename T::key_type key;
        (*this)(key);
        (*this)(value[key]);
      }
    } else if constexpr (requires { typename T::value_type; }) {
      value.clear();
      for (std::size_t left = count(); left > 0; --left) (*this)(value.emplace_back());
    } else {
      fields(value, *this);
    }
  }

 private:
  std::size_t count() {
    std::size_t count = 0;
    (*this)(count);
    if (count > rest_.size()) torn();
    return count;
  }
  std::string_view next(std::size_t size) {
    if (size > rest_.size()) torn();
    const auto found = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return found;
  }
  [[noreturn]] static void torn() {
    throw base::Error("a copy of this process told only half of what it was asked");
  }

  std::string_view rest_;
};

/// Values as bytes, and back: unpack(pack(a, b), c, d) sets c to a and d to b. Throws base::Error for bytes that end
/// too early.
template <class... T>
[[nodiscard]] std::string pack(const T&... values) {
  Packer packer;
  (packer(values), ...);
  return packer.take();
}
template <class... T>
void unpack(std::string_view bytes, T&... values) {
  Unpacker unpacker(bytes);
  (unpacker(values), ...);
}

}  // namespace taskonomy::host
