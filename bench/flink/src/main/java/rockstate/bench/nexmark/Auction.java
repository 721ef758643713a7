// An auction that is opened.
package rockstate.bench.nexmark;

public final class Auction extends Event {
    public long id;
    public String itemName;
    public String description;
    public long initialBid;
    public long reserve;
    public long expires;
    public long seller;
    public long category;

    @Override
    void addTo(Checksum checksum) {
        checksum.text("auction").number(id).text(itemName).text(description).number(initialBid).number(reserve);
        checksum.number(dateTime).number(expires).number(seller).number(category).text(extra);
    }
}
