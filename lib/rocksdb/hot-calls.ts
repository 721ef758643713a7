// Point calls on one Db by way of its hot rows. Whatever reads or writes rows directly has the hot rows settled before, or
// forgotten after: every call of `PointCalls` that touches rows is here, but for what is made of the others.
import type { NativeDb, NativeValue } from '../binding/surface.ts';
import type { DataInput } from '../bytes/data-input.ts';
import { KEY_OFFSET } from './call-buffer.ts';
import { HotRows, UNKNOWN } from './hot-rows.ts';
import { PointCalls } from './point-calls.ts';
import type { PrefixScan, PrefixScanOptions } from './prefix-scan.ts';
import { VALUE } from './row-layout.ts';

export class HotCalls extends PointCalls {
  readonly rows: HotRows;

  /** @param nameOf - of a column family, for errors. */
  constructor(db: NativeDb, sizeBytes: number, nameOf: (family: number) => string) {
    super(db);
    this.rows = new HotRows({ write: (batch) => super.write(batch), nameOf }, sizeBytes, this.buffer);
  }

  override get(columnFamily: number, keyEnd: number, snapshot = 0): DataInput | undefined {
    const { rows } = this;
    if (snapshot !== 0) {
      return super.get(columnFamily, keyEnd, snapshot);
    }
    const found = rows.look(columnFamily, keyEnd - KEY_OFFSET);
    if (found !== UNKNOWN) {
      return found === VALUE ? rows.input : undefined;
    }
    const value = super.get(columnFamily, keyEnd);
    rows.learn(columnFamily, value);
    return value;
  }

  override bringBehindKey(value: DataInput): void {
    if (value === this.rows.input) {
      const { position } = value;
      this.output.writeBytes(value.viewBytes(value.remaining));
      value.position = position;
    } else {
      super.bringBehindKey(value);
    }
  }

  override scanPrefix(columnFamily: number, keyEnd: number, options: PrefixScanOptions): PrefixScan {
    this.rows.guard.settle(columnFamily);
    return super.scanPrefix(columnFamily, keyEnd, options);
  }

  override hasPrefix(columnFamily: number, keyEnd: number): boolean {
    this.rows.guard.settle(columnFamily);
    return super.hasPrefix(columnFamily, keyEnd);
  }

  override openValue(columnFamily: number, keyEnd: number): NativeValue | undefined {
    this.rows.settleRow(columnFamily, keyEnd - KEY_OFFSET);
    return super.openValue(columnFamily, keyEnd);
  }

  override getAside(columnFamily: number, key: Uint8Array): Uint8Array | undefined {
    this.rows.guard.settleKey(columnFamily, key);
    return super.getAside(columnFamily, key);
  }

  override openValueAside(columnFamily: number, key: Uint8Array): NativeValue | undefined {
    this.rows.guard.settleKey(columnFamily, key);
    return super.openValueAside(columnFamily, key);
  }

  override openValueAsync(columnFamily: number, key: Uint8Array): Promise<NativeValue | undefined> {
    this.rows.guard.settleKey(columnFamily, key);
    return super.openValueAsync(columnFamily, key);
  }

  override multiGet(columnFamily: number, keysEnd: number, snapshot = 0): DataInput {
    this.rows.guard.settle(columnFamily);
    return super.multiGet(columnFamily, keysEnd, snapshot);
  }

  override put(columnFamily: number, keyEnd: number): void {
    if (!this.rows.put(columnFamily, keyEnd - KEY_OFFSET, this.output.position - keyEnd)) {
      super.put(columnFamily, keyEnd);
      this.rows.forgetSought();
    }
  }

  override merge(columnFamily: number, keyEnd: number): void {
    if (!this.rows.merge(columnFamily, keyEnd - KEY_OFFSET, this.output.position - keyEnd)) {
      super.merge(columnFamily, keyEnd);
      this.rows.forgetSought();
    }
  }

  override remove(columnFamily: number, keyEnd: number): void {
    if (!this.rows.remove(columnFamily, keyEnd - KEY_OFFSET)) {
      super.remove(columnFamily, keyEnd);
      this.rows.forgetSought();
    }
  }

  override getAsync(columnFamily: number, keyEnd: number, snapshot = 0): Promise<Uint8Array | undefined> {
    this.rows.settleRow(columnFamily, keyEnd - KEY_OFFSET);
    return super.getAsync(columnFamily, keyEnd, snapshot);
  }

  override multiGetAsync(columnFamily: number, packedKeys: Uint8Array, snapshot = 0): Promise<Uint8Array> {
    this.rows.guard.settle(columnFamily);
    return super.multiGetAsync(columnFamily, packedKeys, snapshot);
  }

  override putAsync(columnFamily: number, keyEnd: number): Promise<void> {
    return this.rows.guard.during([columnFamily], () => super.putAsync(columnFamily, keyEnd));
  }

  override mergeAsync(columnFamily: number, keyEnd: number): Promise<void> {
    return this.rows.guard.during([columnFamily], () => super.mergeAsync(columnFamily, keyEnd));
  }

  override removeAsync(columnFamily: number, keyEnd: number): Promise<void> {
    return this.rows.guard.during([columnFamily], () => super.removeAsync(columnFamily, keyEnd));
  }

  override write(batch: Uint8Array): void {
    this.rows.guard.beforeWrite(batch);
    super.write(batch);
    this.rows.guard.afterWrite(batch);
  }

  override writeAsync(batch: Uint8Array): Promise<void> {
    return this.rows.guard.duringBatch(batch, () => super.writeAsync(batch));
  }
}
