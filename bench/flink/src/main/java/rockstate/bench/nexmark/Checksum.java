// A hash of 32 bits over numbers and texts, in their order. bench/nexmark/checksum.ts is the same in TypeScript.
package rockstate.bench.nexmark;

import org.apache.flink.api.java.tuple.Tuple;

final class Checksum {
    private int bits;

    static int of(Tuple result) {
        Checksum checksum = new Checksum();
        for (int field = 0; field < result.getArity(); field++) {
            Object value = result.getField(field);
            if (value instanceof String text) {
                checksum.text(text);
            } else {
                // Of a fraction, what is before the point.
                checksum.number(((Number) value).longValue());
            }
        }
        return checksum.bits;
    }

    Checksum number(long value) {
        add((int) value);
        add((int) (value >> 32));
        return this;
    }

    Checksum text(String value) {
        add(value.length());
        for (int at = 0; at < value.length(); at++) {
            add(value.charAt(at));
        }
        return this;
    }

    int bits() {
        return bits;
    }

    private void add(int word) {
        int next = (bits ^ word) * 0x9e3779b1;
        bits = next ^ (next >>> 15);
    }
}
