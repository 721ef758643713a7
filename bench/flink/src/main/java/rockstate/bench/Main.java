// Does what it is told, one JSON object a line, and answers each with one: the other end is bench/checkpoints/flink-side.ts.
//
// Arguments: directory for all files, number of keys, bytes of a value.
package rockstate.bench;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

public final class Main {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;
    private final Rows rows;
    private final Checkpoints checkpoints;
    private final Map<String, KeyedState> states = new HashMap<>();
    private int opened;

    private Main(Path directory, int keyCount, int valueBytes) throws Exception {
        this.directory = directory;
        rows = new Rows(keyCount, valueBytes);
        checkpoints = new Checkpoints(directory.resolve("checkpoints"));
    }

    public static void main(String[] arguments) throws Exception {
        PrintStream output = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        // What libraries print must not get between the answers.
        System.setOut(System.err);
        Main main =
                new Main(Path.of(arguments[0]), Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            output.println(JSON.writeValueAsString(main.answer(JSON.readTree(line))));
        }
        System.exit(0);
    }

    private Map<String, Object> answer(JsonNode command) {
        try {
            return perform(command);
        } catch (Throwable failure) {
            failure.printStackTrace();
            return Map.of("error", failure.toString());
        }
    }

    private Map<String, Object> perform(JsonNode command) throws Exception {
        return switch (command.get("do").asText()) {
            case "open" -> open(command);
            case "fill" -> write(command, rows.inOrder());
            case "change" ->
                    write(command, rows.scattered(command.get("round").asInt(), command.get("share").asDouble()));
            case "checkpoint" -> checkpoints.take(command.get("checkpoint").asLong(), statesOf(command));
            case "discard" -> {
                checkpoints.discard(command.get("checkpoint").asLong());
                yield Map.of();
            }
            case "close" -> close(command);
            default -> throw new IllegalArgumentException("Unknown: " + command);
        };
    }

    private Map<String, Object> open(JsonNode command) throws Exception {
        KeyGroupRange range = KeyGroupRange.of(command.get("start").asInt(), command.get("end").asInt());
        Map<String, String> settings = new HashMap<>();
        command.get("settings").fields().forEachRemaining(each -> settings.put(each.getKey(), each.getValue().asText()));
        Path local = Files.createDirectories(directory.resolve("local-" + ++opened));
        long start = System.nanoTime();
        KeyedState state = new KeyedState(local, range, settings, handlesFor(command, range));
        if (command.hasNonNull("readKey") && state.read(command.get("readKey").asLong()) == null) {
            throw new IllegalStateException("The key is not there.");
        }
        double ms = (System.nanoTime() - start) / 1e6;
        states.put(command.get("name").asText(), state);
        return Map.of("ms", ms, "directory", local.toString());
    }

    private List<KeyedStateHandle> handlesFor(JsonNode command, KeyGroupRange range) {
        List<KeyedStateHandle> wanted = new ArrayList<>();
        if (command.hasNonNull("checkpoint")) {
            for (KeyedStateHandle handle : checkpoints.handlesOf(command.get("checkpoint").asLong())) {
                KeyedStateHandle common = handle.getIntersection(range);
                if (common != null) {
                    wanted.add(common);
                }
            }
        }
        return wanted;
    }

    private Map<String, Object> write(JsonNode command, int[] keys) throws Exception {
        int round = command.get("round").asInt();
        long start = System.nanoTime();
        int checksum = 0;
        for (KeyedState state : statesOf(command)) {
            for (int key : keys) {
                if (Rows.isIn(state.range, key)) {
                    byte[] value = rows.valueOf(key, round);
                    checksum = Rows.checksumOf(checksum, key, value);
                    state.write(key, value);
                }
            }
        }
        return Map.of("ms", (System.nanoTime() - start) / 1e6, "checksum", checksum);
    }

    private Map<String, Object> close(JsonNode command) throws Exception {
        long start = System.nanoTime();
        for (KeyedState state : statesOf(command)) {
            state.awaitCompaction();
            state.close();
        }
        command.get("names").forEach(name -> states.remove(name.asText()));
        return Map.of("ms", (System.nanoTime() - start) / 1e6);
    }

    private List<KeyedState> statesOf(JsonNode command) {
        List<KeyedState> named = new ArrayList<>();
        command.get("names").forEach(name -> named.add(states.get(name.asText())));
        return named;
    }
}
