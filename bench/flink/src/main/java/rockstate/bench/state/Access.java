// What an item works on.
package rockstate.bench.state;

import org.apache.flink.api.common.state.State;
import org.apache.flink.runtime.state.KeyedStateBackend;

record Access<S extends State>(KeyedStateBackend<Long> keyed, S state, Work work) {}
