#include "metrics.h"

#include <cstdlib>
#include <limits>
#include <unordered_map>

#include "rocksdb/statistics.h"

namespace rockstate {
namespace {

using rocksdb::Status;

constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();

// Some properties are numbers to the reader, but text to RocksDB.
double ParseNumber(const std::string& text) {
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  return text.empty() || *end != '\0' ? kNoNumber : number;
}

double NumberProperty(const ColumnFamily& family, const std::string& name) {
  rocksdb::DB* rocks = family.db()->rocks();
  uint64_t number = 0;
  if (rocks->GetIntProperty(family.handle(), name, &number)) {
    return static_cast<double>(number);
  }
  std::string text;
  return rocks->GetProperty(family.handle(), name, &text) ? ParseNumber(text) : kNoNumber;
}

template <typename Type>
using NumbersByName = std::unordered_map<std::string, Type>;

template <typename Type>
NumbersByName<Type> ByName(const std::vector<std::pair<Type, std::string>>& names) {
  NumbersByName<Type> numbers;
  for (const auto& [number, name] : names) {
    numbers.emplace(name, number);
  }
  return numbers;
}

template <typename Type>
Status Find(const NumbersByName<Type>& numbers, const char* kind, const std::string& name,
            Type* number) {
  const auto found = numbers.find(name);
  if (found == numbers.end()) {
    return Status::NotFound("RocksDB has no " + std::string(kind) + " named " + name);
  }
  *number = found->second;
  return Status::OK();
}

Status ReadTickers(const rocksdb::Statistics& statistics, const std::vector<std::string>& names,
                   std::vector<double>* values) {
  static const auto tickers = ByName(rocksdb::TickersNameMap);
  for (const std::string& name : names) {
    rocksdb::Tickers ticker{};
    Status status = Find(tickers, "ticker", name, &ticker);
    if (!status.ok()) {
      return status;
    }
    values->push_back(static_cast<double>(statistics.getTickerCount(ticker)));
  }
  return Status::OK();
}

Status ReadHistograms(const rocksdb::Statistics& statistics, const std::vector<std::string>& names,
                      std::vector<double>* values) {
  static const auto histograms = ByName(rocksdb::HistogramsNameMap);
  for (const std::string& name : names) {
    rocksdb::Histograms histogram{};
    Status status = Find(histograms, "histogram", name, &histogram);
    if (!status.ok()) {
      return status;
    }
    rocksdb::HistogramData data{};
    statistics.histogramData(histogram, &data);
    values->insert(values->end(), {static_cast<double>(data.count), static_cast<double>(data.sum),
                                   data.min, data.max, data.average, data.standard_deviation,
                                   data.median, data.percentile95, data.percentile99});
  }
  return Status::OK();
}

}  // namespace

Status Property(const ColumnFamily& family, const std::string& name, std::string* value) {
  if (!family.db()->rocks()->GetProperty(family.handle(), name, value)) {
    return Status::NotFound("RocksDB has no property named " + name);
  }
  return Status::OK();
}

Status MapProperty(const ColumnFamily& family, const std::string& name,
                   std::map<std::string, std::string>* values) {
  if (!family.db()->rocks()->GetMapProperty(family.handle(), name, values)) {
    return Status::NotFound("RocksDB has no map property named " + name);
  }
  return Status::OK();
}

std::vector<rocksdb::LiveFileMetaData> LiveFiles(const Db& db) {
  std::vector<rocksdb::LiveFileMetaData> files;
  db.rocks()->GetLiveFilesMetaData(&files);
  return files;
}

Status ReadMetrics(const MetricsRequest& request, std::vector<double>* values) {
  for (const auto& family : request.families) {
    for (const std::string& name : request.properties) {
      values->push_back(NumberProperty(*family, name));
    }
  }
  if (request.tickers.empty() && request.histograms.empty()) {
    return Status::OK();
  }
  const rocksdb::Statistics* statistics = request.db->statistics();
  if (statistics == nullptr) {
    return Status::NotSupported("the database was opened without statistics");
  }
  Status status = ReadTickers(*statistics, request.tickers, values);
  return status.ok() ? ReadHistograms(*statistics, request.histograms, values) : status;
}

}  // namespace rockstate
