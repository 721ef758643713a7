// What happens at an auction house: a Person registers, opens an Auction, makes a Bid.
package rockstate.bench.nexmark;

/** Public, with public fields, as Flink's serializer for such classes needs it. */
public class Event {
    public long dateTime;
    public String extra;

    void addTo(Checksum checksum) {
        throw new UnsupportedOperationException();
    }
}
