// Writes before and after a flush, and kills itself. Arguments: the database's path; `with-log` or `without-log`.
import { RocksDB } from '../../../dist/rocksdb.js';

const [path, log] = process.argv.slice(2);
const db = await RocksDB.open(path, { disableWal: log === 'without-log' });
db.put('flushed', '1');
await db.flush();
db.put('not flushed', '2');
process.kill(process.pid, 'SIGKILL');
