// The items of a kind of state, on an open one; bench/state/kind.ts says what they are.
package rockstate.bench.state;

import java.util.Map;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;

interface Kind<S extends State> {
    /** Does the work once, and answers what it adds to the checksum; the index counts the calls. */
    interface Item {
        int run(int index) throws Exception;
    }

    StateDescriptor<S, ?> descriptor();

    Map<String, Item> items(Access<S> access);

    /** Whether every iteration begins with the rows of the set-up alone, compacted. */
    boolean isRenewed();

    /** Stores what the current key has before the items begin. */
    void store(Access<S> access, long key) throws Exception;

    /** Checksum of what the current key has. */
    int digest(S state) throws Exception;
}
