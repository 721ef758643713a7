// What the items work on: the keys and values of Flink's own state benchmarks, drawn so that every side draws the same.
// bench/state/work.ts is the same in TypeScript.
package rockstate.bench.state;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

final class Work {
    /** Entries of each key's map. */
    static final int MAP_KEYS = 10;

    private static final int LIST_VALUES = 100;
    // Tell the draws apart.
    private static final int SET_UP_KEYS = 1;
    private static final int NEW_KEYS = 2;
    private static final int MAP_KEY_ORDER = 3;
    private static final int MAP_VALUES = 4;
    private static final int VALUES = 5;
    private static final int STORED = 6;
    private static final int LIST = 7;
    private static final int MAP = 8;
    private static final double TWO_TO_32 = 0x1p32;
    private static final double TWO_TO_53 = 0x1p53;

    final int keyCount;
    final List<Long> list = new ArrayList<>();
    final Map<Long, Double> map = new HashMap<>();
    private final int[] setUpKeys;
    private final int[] newKeys;
    private final int[] mapKeys;
    private final double[] mapValues = new double[MAP_KEYS];
    private final int[] values;

    Work(int keyCount) {
        this.keyCount = keyCount;
        setUpKeys = shuffled(keyCount, SET_UP_KEYS);
        newKeys = shuffled(keyCount, NEW_KEYS);
        mapKeys = shuffled(MAP_KEYS, MAP_KEY_ORDER);
        values = shuffled(2 * keyCount, VALUES);
        for (int index = 0; index < LIST_VALUES; index++) {
            list.add(longOf(LIST, index));
        }
        for (int index = 0; index < MAP_KEYS; index++) {
            mapValues[index] = doubleOf(MAP_VALUES, index);
            map.put((long) mapKeys[index], doubleOf(MAP, index));
        }
    }

    /** A key that was there before. */
    long setUpKey(int index) {
        return setUpKeys[index % keyCount];
    }

    /** A key that was not. */
    long newKey(int index) {
        return newKeys[index % keyCount] + keyCount;
    }

    long mapKey(int index) {
        return mapKeys[index % MAP_KEYS];
    }

    double mapValue(int index) {
        return mapValues[index % MAP_KEYS];
    }

    long value(int index) {
        return values[index % values.length];
    }

    /** What the set-up stores under a key. */
    static long storedLong(long key) {
        return longOf(STORED, (int) key);
    }

    /** What the set-up stores in a key's map, at a place. */
    static double storedDouble(long key, int place) {
        return doubleOf(STORED, (int) key * MAP_KEYS + place);
    }

    /** What a long adds to a checksum. */
    static int bitsOf(long value) {
        return (int) value;
    }

    /** What a double from 0 to 1 adds to a checksum. */
    static int bitsOf(double value) {
        return (int) (long) (value * TWO_TO_32);
    }

    private static int[] shuffled(int count, int draw) {
        int[] numbers = new int[count];
        for (int index = 0; index < count; index++) {
            numbers[index] = index;
        }
        for (int last = count - 1; last > 0; last--) {
            int other = Integer.remainderUnsigned(drawn(draw, last), last + 1);
            int number = numbers[last];
            numbers[last] = numbers[other];
            numbers[other] = number;
        }
        return numbers;
    }

    private static long longOf(int draw, int index) {
        return (Integer.toUnsignedLong(drawn(draw, 2 * index)) << 21) | (drawn(draw, 2 * index + 1) >>> 11);
    }

    private static double doubleOf(int draw, int index) {
        return longOf(draw, index) / TWO_TO_53;
    }

    private static int drawn(int draw, int index) {
        int bits = (index ^ (draw * 0x9e3779b9)) * 0x85ebca6b;
        bits = (bits ^ (bits >>> 13)) * 0xc2b2ae35;
        return bits ^ (bits >>> 16);
    }
}
