// One item of the benchmark of access to state in plain C++, told line by line what to do: the
// other end is bench/state/side.ts.
//
// Arguments: item, backend, number of keys, memory, directory for all files, then what the database
// is opened with, as `<db, family, table, read or write>:<name>=<value>`.
#include <chrono>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <sstream>
#include <string>

#include "open_state.h"
#include "rocksdb/env.h"

namespace rockstate::floor {
namespace {

constexpr int kFixedArguments = 6;

[[noreturn]] void Stop(const std::string& why) {
  std::cerr << why << std::endl;
  std::exit(1);
}

void AddOption(const std::string& argument, OpenRequest* request) {
  const size_t colon = argument.find(':');
  const size_t equals = argument.find('=');
  if (colon == std::string::npos || equals == std::string::npos || equals < colon) {
    Stop("No option: " + argument);
  }
  ColumnFamilyRequest& family = request->column_families.front();
  const std::unordered_map<std::string, StringMap*> maps = {{"db", &request->db_options},
                                                            {"family", &family.options},
                                                            {"table", &family.table_options},
                                                            {"read", &request->read_options},
                                                            {"write", &request->write_options}};
  const auto found = maps.find(argument.substr(0, colon));
  if (found == maps.end()) {
    Stop("No option: " + argument);
  }
  (*found->second)[argument.substr(colon + 1, equals - colon - 1)] = argument.substr(equals + 1);
}

OpenedDb Open(const std::string& directory, int count, char** arguments) {
  OpenRequest request;
  request.path = directory + "/db";
  request.statistics = "off";
  request.column_families.push_back({"state", {}, {}});
  for (int index = kFixedArguments; index < count; index++) {
    AddOption(arguments[index], &request);
  }
  OpenedDb opened;
  rocksdb::Status status = rocksdb::Env::Default()->CreateDirIfMissing(directory);
  if (status.ok()) {
    status = Db::Open(request, &opened);
  }
  if (!status.ok()) {
    Stop(status.ToString());
  }
  return opened;
}

std::string Run(OpenState* state, OpenState::Item item, int64_t first, int64_t calls) {
  uint32_t checksum = 0;
  const auto start = std::chrono::steady_clock::now();
  for (int64_t index = first; index < first + calls; index++) {
    checksum += item(state, index);
  }
  const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - start;
  std::ostringstream answer;
  answer << std::setprecision(12) << taken.count() << ' ' << static_cast<int32_t>(checksum);
  return answer.str();
}

void Serve(OpenState* state, OpenState::Item item) {
  bool is_filled = false;
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string command;
    int64_t first = 0;
    int64_t calls = 0;
    words >> command >> first >> calls;
    std::string answer = "done";
    if (command == "begin") {
      if (!is_filled) {
        state->Fill();
        is_filled = true;
      }
      state->Settle();
    } else if (command == "run") {
      answer = Run(state, item, first, calls);
    } else if (command == "finish") {
      state->Settle();
    } else if (command == "digest") {
      answer = std::to_string(static_cast<int32_t>(state->Digest()));
    } else {
      answer = "error unknown: " + line;
    }
    std::cout << answer << std::endl;
  }
}

void Main(int count, char** arguments) {
  if (count < kFixedArguments) {
    Stop("Too few arguments");
  }
  const std::string name = arguments[1];
  const OpenState::Item item = OpenState::FindItem(name);
  if (item == nullptr) {
    Stop("There is no item " + name);
  }
  const auto keys = static_cast<uint32_t>(std::strtoul(arguments[3], nullptr, 10));
  OpenState state(Open(arguments[5], count, arguments), keys, name.rfind("map", 0) == 0);
  Serve(&state, item);
}

}  // namespace
}  // namespace rockstate::floor

int main(int count, char** arguments) {
  rockstate::floor::Main(count, arguments);
  return 0;
}
