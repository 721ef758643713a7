// The Java object at the end of `_metadata`, as Flink serializes it: `CheckpointProperties.forSavepoint(true, CANONICAL)`, in
// base64. Flink reads it, and then goes by the properties of the job that restores.
const SERIALIZED = [
  'rO0ABXNyADhvcmcuYXBhY2hlLmZsaW5rLnJ1bnRpbWUuY2hlY2twb2ludC5DaGVja3BvaW50UHJvcGVydGllcwAAAAAAAAACAgAI',
  'WgAQZGlzY2FyZENhbmNlbGxlZFoADWRpc2NhcmRGYWlsZWRaAA9kaXNjYXJkRmluaXNoZWRaAA9kaXNjYXJkU3Vic3VtZWRaABBk',
  'aXNjYXJkU3VzcGVuZGVkWgAGZm9yY2VkWgAJdW5jbGFpbWVkTAAOY2hlY2twb2ludFR5cGV0ADJMb3JnL2FwYWNoZS9mbGluay9y',
  'dW50aW1lL2NoZWNrcG9pbnQvU25hcHNob3RUeXBlO3hwAAAAAAABAHNyADFvcmcuYXBhY2hlLmZsaW5rLnJ1bnRpbWUuY2hlY2tw',
  'b2ludC5TYXZlcG9pbnRUeXBloIfTCKRYFLgCAANMAApmb3JtYXRUeXBldAA1TG9yZy9hcGFjaGUvZmxpbmsvY29yZS9leGVjdXRp',
  'b24vU2F2ZXBvaW50Rm9ybWF0VHlwZTtMAARuYW1ldAASTGphdmEvbGFuZy9TdHJpbmc7TAAUcG9zdENoZWNrcG9pbnRBY3Rpb250',
  'AEhMb3JnL2FwYWNoZS9mbGluay9ydW50aW1lL2NoZWNrcG9pbnQvU2F2ZXBvaW50VHlwZSRQb3N0Q2hlY2twb2ludEFjdGlvbjt4',
  'cH5yADNvcmcuYXBhY2hlLmZsaW5rLmNvcmUuZXhlY3V0aW9uLlNhdmVwb2ludEZvcm1hdFR5cGUAAAAAAAAAABIAAHhyAA5qYXZh',
  'LmxhbmcuRW51bQAAAAAAAAAAEgAAeHB0AAlDQU5PTklDQUx0AAlTYXZlcG9pbnR+cgBGb3JnLmFwYWNoZS5mbGluay5ydW50aW1l',
  'LmNoZWNrcG9pbnQuU2F2ZXBvaW50VHlwZSRQb3N0Q2hlY2twb2ludEFjdGlvbgAAAAAAAAAAEgAAeHEAfgAJdAAETk9ORQ==',
].join('');

/** What Flink writes behind the metadata of a savepoint in the canonical format. */
export const CANONICAL_SAVEPOINT_PROPERTIES: Uint8Array = new Uint8Array(Buffer.from(SERIALIZED, 'base64'));
