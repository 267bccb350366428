// Turns whatever a plugin throws into the host's one exception type.
#include "core/host/boundary.hpp"

#include <exception>
#include <filesystem>

#include <c10/util/Exception.h>

#include "core/base/error.hpp"

namespace taskonomy::host {

namespace {

std::span<char> noted;  ///< empty: nobody wants to know

void note(std::string_view text) {
  if (noted.empty()) return;
  noted[text.copy(noted.data(), noted.size() - 1)] = '\0';
}

}  // namespace

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

void note_calls_in(std::span<char> text) {
  noted = text;
  note("");
}

bool calls_are_noted() { return !noted.empty(); }

NotedCall::NotedCall(const std::string& place, std::string_view doing, std::string_view before) {
  if (calls_are_noted()) note(place + "\n" + std::string(before) + std::string(doing));
}

NotedCall::~NotedCall() { note(""); }

void rethrow_as_error(const std::string& place, std::string_view operation) {
  throw base::Error(place + ": " + std::string(operation) + ": " + message_in_flight());
}

}  // namespace taskonomy::host
