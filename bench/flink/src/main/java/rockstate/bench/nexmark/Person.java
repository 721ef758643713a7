// A person that registers.
package rockstate.bench.nexmark;

public final class Person extends Event {
    public long id;
    public String name;
    public String emailAddress;
    public String creditCard;
    public String city;
    public String state;

    @Override
    void addTo(Checksum checksum) {
        checksum.text("person").number(id).text(name).text(emailAddress).text(creditCard).text(city).text(state);
        checksum.number(dateTime).text(extra);
    }
}
