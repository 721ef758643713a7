// How the events are distributed: bench/nexmark/generator/settings.ts says what these are, and sends them.
package rockstate.bench.nexmark;

import java.io.Serializable;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

record Settings(
        long baseTime,
        int eventsPerSecond,
        int personProportion,
        int auctionProportion,
        int bidProportion,
        int hotAuctionRatio,
        int hotSellersRatio,
        int hotBiddersRatio,
        int inFlightAuctions,
        int activePeople,
        int outOfOrderGroupSize,
        int textLength)
        implements Serializable {
    static Settings of(JsonNode json) {
        return new Settings(
                json.get("baseTime").asLong(),
                json.get("eventsPerSecond").asInt(),
                json.get("personProportion").asInt(),
                json.get("auctionProportion").asInt(),
                json.get("bidProportion").asInt(),
                json.get("hotAuctionRatio").asInt(),
                json.get("hotSellersRatio").asInt(),
                json.get("hotBiddersRatio").asInt(),
                json.get("inFlightAuctions").asInt(),
                json.get("activePeople").asInt(),
                json.get("outOfOrderGroupSize").asInt(),
                json.get("textLength").asInt());
    }

    int total() {
        return personProportion + auctionProportion + bidProportion;
    }
}
