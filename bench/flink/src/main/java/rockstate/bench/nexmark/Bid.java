// A bid for an auction.
package rockstate.bench.nexmark;

public final class Bid extends Event {
    public long auction;
    public long bidder;
    public long price;

    @Override
    void addTo(Checksum checksum) {
        checksum.text("bid").number(auction).number(bidder).number(price).number(dateTime).text(extra);
    }
}
