// Turns whatever a plugin throws into the host's one exception type.
#include "core/host/boundary.hpp"

#include <exception>
#include <filesystem>

#include <c10/util/Exception.h>

#include "core/base/error.hpp"

namespace taskonomy::host {

namespace {

/// The message of the exception in flight, copied: the exception is gone when this returns.
std::string message_in_flight() {
  try {
    throw;
  } catch (const c10::Error& error) {
    return error.what_without_backtrace();
  } catch (const std::filesystem::filesystem_error& error) {
    return error.path1().string() + ": " + error.code().message();
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "threw something that is not a std::exception";
  }
}

}  // namespace

void rethrow_as_error(const std::string& place, std::string_view operation) {
  throw base::Error(place + ": " + std::string(operation) + ": " + message_in_flight());
}

}  // namespace taskonomy::host
