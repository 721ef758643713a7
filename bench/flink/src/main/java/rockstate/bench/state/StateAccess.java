// One item of the benchmark of access to state, told line by line what to do: the other end is bench/state/side.ts.
//
// Arguments: item, backend, number of keys, memory of RocksDB, directory for all files; and `ttl` for values that expire.
package rockstate.bench.state;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

public final class StateAccess {
    private StateAccess() {}

    public static void main(String[] arguments) throws Exception {
        PrintStream output = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        // What libraries print must not get between the answers.
        System.setOut(System.err);
        String item = arguments[0];
        OpenState<?> state =
                new OpenState<>(
                        kindOf(item), item, arguments.length > 5,
                        Backends.of(arguments[1], arguments[3], Path.of(arguments[4])),
                        Integer.parseInt(arguments[2]));
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            output.println(answer(state, line));
        }
        System.exit(0);
    }

    private static Kind<?> kindOf(String item) {
        return item.startsWith("value") ? new ValueItems() : item.startsWith("list") ? new ListItems() : new MapItems();
    }

    private static String answer(OpenState<?> state, String line) {
        try {
            return perform(state, line.split(" "));
        } catch (Throwable failure) {
            failure.printStackTrace();
            return "error " + failure;
        }
    }

    private static String perform(OpenState<?> state, String[] words) throws Exception {
        switch (words[0]) {
            case "begin" -> state.begin();
            case "run" -> {
                return state.run(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
            }
            case "finish" -> state.end();
            case "digest" -> {
                return String.valueOf(state.digest());
            }
            default -> throw new IllegalArgumentException("Unknown: " + String.join(" ", words));
        }
        return "done";
    }
}
