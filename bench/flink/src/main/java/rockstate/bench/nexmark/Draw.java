// Random numbers without state: each is a function of an event's number and of what it is for.
// bench/nexmark/generator/random.ts is the same in TypeScript, bit by bit.
package rockstate.bench.nexmark;

final class Draw {
    private static final int PRICE_STEPS_BITS = 12;
    private static final int PRICE_REST_BITS = 20;
    private static final int TEXT_LENGTH = 4096;
    private static final long[] PRICES = priceTable();
    private static final String TEXT = randomText();

    private Draw() {}

    static int bits(int event, int purpose) {
        int bits = event * 0x9e3779b1 + purpose * 0x85ebca77;
        bits ^= bits >>> 16;
        bits *= 0x21f0aaad;
        bits ^= bits >>> 15;
        bits *= 0x735a2d97;
        return bits ^ (bits >>> 15);
    }

    /** From 0 on, below a bound of at most 2²⁰. */
    static int below(int event, int purpose, int bound) {
        return (int) ((Integer.toUnsignedLong(bits(event, purpose)) * bound) >>> 32);
    }

    /** Cents from 100 to 100,000,000, whose logarithms are spread evenly. */
    static long price(int event, int purpose) {
        int bits = bits(event, purpose);
        int step = bits >>> PRICE_REST_BITS;
        long rest = bits & ((1 << PRICE_REST_BITS) - 1);
        return PRICES[step] + (((PRICES[step + 1] - PRICES[step]) * rest) >> PRICE_REST_BITS);
    }

    /** Lower-case letters. */
    static String text(int event, int purpose, int length) {
        int start = below(event, purpose, TEXT_LENGTH - length + 1);
        return TEXT.substring(start, start + length);
    }

    private static long[] priceTable() {
        long[] prices = new long[(1 << PRICE_STEPS_BITS) + 1];
        double price = 100;
        for (int step = 0; step < prices.length; step++) {
            prices[step] = (long) price;
            price *= 1.0033786221027048;
        }
        return prices;
    }

    private static String randomText() {
        StringBuilder text = new StringBuilder(TEXT_LENGTH);
        for (int place = 0; place < TEXT_LENGTH; place++) {
            text.append((char) ('a' + below(place, 0, 26)));
        }
        return text.toString();
    }
}
