// The parameters that a plugin gets from its table in the recipe, for authors of tasks and datasets. Reading
// a key marks it as known, so that the host can refuse keys that nobody read. No type of TOML crosses the
// plugin boundary.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include <taskonomy/sdk/detail/api.hpp>

namespace taskonomy::sdk {

/// One value of a recipe table.
struct ParamValue {
  std::variant<bool, std::int64_t, double, std::string, std::vector<double>, std::vector<std::string>> value;
  std::string where;  ///< "recipe.toml:14", or "--set" for an override
};

/// A table of parameters. Each getter returns the key's value, or the fallback where the table lacks the key.
/// It throws std::invalid_argument "WHERE: KEY: expected TYPE, got ..." when the value has another type or
/// lies outside [low, high]. An integer is accepted where a real number is asked for. [one thread at a time]
class TX_API Params {
 public:
  Params() = default;
  explicit Params(std::map<std::string, ParamValue> values);

  bool flag(const std::string& key, bool fallback);
  std::int64_t integer(const std::string& key, std::int64_t fallback, std::int64_t low, std::int64_t high);
  double real(const std::string& key, double fallback, double low, double high);
  std::string text(const std::string& key, const std::string& fallback);
  /// One of `choices`. The error names them all.
  std::string choice(const std::string& key, const std::string& fallback,
                     const std::vector<std::string>& choices);
  std::vector<double> reals(const std::string& key, std::vector<double> fallback);
  std::vector<std::string> texts(const std::string& key, std::vector<std::string> fallback);

  bool has(const std::string& key) const;
  const std::map<std::string, ParamValue>& values() const { return values_; }
  /// Keys of the table that no getter asked for.
  std::vector<std::string> unread() const;
  /// Every key that a getter asked for, in the table or not. The host takes "did you mean" from it.
  const std::set<std::string>& asked() const { return asked_; }

 private:
  std::map<std::string, ParamValue> values_;
  std::set<std::string> asked_;
};

}  // namespace taskonomy::sdk
