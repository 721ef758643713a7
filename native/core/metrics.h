// What an open Db says of itself: properties by name, its live files, and numbers for monitoring,
// many at once.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "db.h"
#include "rocksdb/metadata.h"

namespace rockstate {

// Not found when RocksDB does not know the property.
rocksdb::Status Property(const ColumnFamily& family, const std::string& name, std::string* value);
// Not found when RocksDB does not know the property, or it is no map.
rocksdb::Status MapProperty(const ColumnFamily& family, const std::string& name,
                            std::map<std::string, std::string>* values);
std::vector<rocksdb::LiveFileMetaData> LiveFiles(const Db& db);

// What to read of a Db in one go. All names are RocksDB's own.
struct MetricsRequest {
  std::shared_ptr<Db> db;
  std::vector<std::shared_ptr<ColumnFamily>> families;
  // Each is read of each family.
  std::vector<std::string> properties;
  std::vector<std::string> tickers;
  std::vector<std::string> histograms;
};

// Fills `values` with
//
//   [property 1 of family 1][property 2 of family 1]…[property 1 of family 2]…
//   [ticker]…
//   per histogram [count][sum][minimum][maximum][mean][standard deviation][median][95 %][99 %]
//
// A property that RocksDB gives no number for, such as one it does not know, is NaN. Numbers are
// exact up to 2^53. Fails for tickers and histograms that RocksDB does not know, or when the Db
// keeps no statistics.
rocksdb::Status ReadMetrics(const MetricsRequest& request, std::vector<double>* values);

}  // namespace rockstate
