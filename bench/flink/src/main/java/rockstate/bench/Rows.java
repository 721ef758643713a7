// The rows of the benchmark: which keys there are, which of them a round changes, and to what. bench/checkpoints/rows.ts
// is the same in TypeScript.
package rockstate.bench;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

final class Rows {
    static final int KEY_GROUPS = 128;

    private static final double GOLDEN_RATIO = 0.618;

    private final int keyCount;
    private final byte[] value;
    private final ByteBuffer words;

    Rows(int keyCount, int valueBytes) {
        this.keyCount = keyCount;
        value = new byte[valueBytes];
        words = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
    }

    static int keyGroupOf(long key) {
        return KeyGroupRangeAssignment.assignToKeyGroup(key, KEY_GROUPS);
    }

    /** All keys, sorted as RocksDB sorts them: by key group first. */
    int[] inOrder() {
        int[] next = new int[KEY_GROUPS + 1];
        for (int key = 0; key < keyCount; key++) {
            next[keyGroupOf(key) + 1]++;
        }
        for (int group = 0; group < KEY_GROUPS; group++) {
            next[group + 1] += next[group];
        }
        int[] keys = new int[keyCount];
        for (int key = 0; key < keyCount; key++) {
            keys[next[keyGroupOf(key)]++] = key;
        }
        return keys;
    }

    /** A share of the keys, scattered over all of them; each round has others. */
    int[] scattered(int round, double share) {
        int[] keys = new int[(int) Math.floor(keyCount * share)];
        long stride = stride();
        for (int index = 0; index < keys.length; index++) {
            keys[index] = (int) ((round * 7919L + index * stride) % keyCount);
        }
        return keys;
    }

    static boolean isIn(KeyGroupRange range, long key) {
        return range.contains(keyGroupOf(key));
    }

    /** Bytes that do not compress; the next call overwrites them. */
    byte[] valueOf(int key, int round) {
        int word = seedOf(key, round);
        for (int at = 0; at + Integer.BYTES <= value.length; at += Integer.BYTES) {
            word ^= word << 13;
            word ^= word >>> 17;
            word ^= word << 5;
            words.putInt(at, word);
        }
        return value;
    }

    /** To see that both sides have written the same. */
    static int checksumOf(int checksum, int key, byte[] value) {
        return checksum * 31 + (key ^ ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getInt(0));
    }

    private static int seedOf(int key, int round) {
        int seed = (key ^ ((round + 1) * 0x9e3779b9)) * 0x85ebca6b;
        seed = (seed ^ (seed >>> 13)) * 0xc2b2ae35;
        return (seed ^ (seed >>> 16)) | 1;
    }

    private long stride() {
        long stride = (long) Math.floor(keyCount * GOLDEN_RATIO) | 1;
        while (commonDivisor(stride, keyCount) != 1) {
            stride += 2;
        }
        return stride;
    }

    private static long commonDivisor(long a, long b) {
        return b == 0 ? a : commonDivisor(b, a % b);
    }
}
