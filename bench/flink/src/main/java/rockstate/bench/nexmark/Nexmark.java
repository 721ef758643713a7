// Runs queries as it is told, one JSON object a line, and answers each with one: the other end is
// bench/nexmark/flink-side.ts. {"do": "events"} answers a checksum of the first events, {"do": "run"} one of a query's results.
//
// Argument: directory for all files.
package rockstate.bench.nexmark;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

public final class Nexmark {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String directory;

    private Nexmark(String directory) {
        this.directory = directory;
    }

    public static void main(String[] arguments) throws Exception {
        PrintStream output = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        // What libraries print must not get between the answers.
        System.setOut(System.err);
        Nexmark nexmark = new Nexmark(arguments[0]);
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            output.println(JSON.writeValueAsString(nexmark.answer(JSON.readTree(line))));
        }
        System.exit(0);
    }

    private Map<String, Object> answer(JsonNode command) {
        try {
            Settings settings = Settings.of(command.get("settings"));
            int events = command.get("events").asInt();
            return switch (command.get("do").asText()) {
                case "events" -> Map.of("checksum", checksumOf(new NexmarkGenerator(settings), events));
                case "run" -> run(command, settings, events);
                default -> throw new IllegalArgumentException("Unknown: " + command);
            };
        } catch (Throwable failure) {
            failure.printStackTrace();
            return Map.of("error", failure.toString());
        }
    }

    private static int checksumOf(NexmarkGenerator generator, int events) {
        Checksum checksum = new Checksum();
        for (int count = 0; count < events; count++) {
            generator.event(count).addTo(checksum);
        }
        return checksum.bits();
    }

    private Map<String, Object> run(JsonNode command, Settings settings, int events) throws Exception {
        StreamExecutionEnvironment env = environment(command);
        DataStream<Event> input =
                env.fromSource(
                        new DataGeneratorSource<>(
                                generating(new NexmarkGenerator(settings)), events, TypeInformation.of(Event.class)),
                        EveryEvents.strategy(
                                command.get("watermarkEvery").asInt(), command.get("watermarkDelayMs").asLong()),
                        "events");
        Queries.add(command.get("query").asText(), input);
        env.execute(command.get("query").asText());
        return Run.report();
    }

    private StreamExecutionEnvironment environment(JsonNode command) {
        Configuration configuration = new Configuration();
        configuration.setString("state.backend.type", command.get("backend").asText());
        configuration.setString("state.backend.rocksdb.localdir", directory);
        configuration.setString("io.tmp.dirs", directory);
        configuration.setString("taskmanager.memory.managed.size", command.get("managedMemory").asText());
        configuration.setString("pipeline.generic-types", "false");
        configuration.setString("pipeline.object-reuse", "true");
        return StreamExecutionEnvironment.createLocalEnvironment(1, configuration);
    }

    private static GeneratorFunction<Long, Event> generating(NexmarkGenerator generator) {
        return index -> {
            if (index == 0) {
                Run.start();
            }
            return generator.event(index.intValue());
        };
    }
}
