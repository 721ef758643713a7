#include "file_piece_call.h"

#include "file_piece.h"
#include "run_async.h"

namespace rockstate {

Napi::Value ReadFilePiece(const Napi::CallbackInfo& info) {
  const auto given = info[0].As<Napi::Object>();
  FilePiece piece;
  piece.path = given.Get("path").As<Napi::String>();
  piece.offset = static_cast<uint64_t>(given.Get("offset").As<Napi::Number>().Int64Value());
  piece.max_bytes = static_cast<uint64_t>(given.Get("maxBytes").As<Napi::Number>().Int64Value());
  piece.checksum = given.Get("crc32").As<Napi::Number>().Uint32Value();
  const Napi::Value copy_path = given.Get("copyPath");
  if (!copy_path.IsUndefined()) {
    piece.copy_path = copy_path.As<Napi::String>();
  }
  return AsyncCall<CheckedPiece>::Start(
      info.Env(),
      [piece = std::move(piece)](CheckedPiece* result) { return ReadPiece(piece, result); },
      [](Napi::Env env, CheckedPiece* result) {
        Napi::Object read = Napi::Object::New(env);
        read.Set("bytes", static_cast<double>(result->bytes));
        read.Set("crc32", result->checksum);
        return read;
      });
}

}  // namespace rockstate
