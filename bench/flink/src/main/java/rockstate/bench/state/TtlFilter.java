// Compactions of state with TTL, told line by line what to do: the other end is bench/ttl-filter/side.ts.
//
// Arguments: kind of state, number of entries, directory for all files.
package rockstate.bench.state;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

public final class TtlFilter {
    private final ExpiringState kind;
    private final int entries;
    private final Path directory;
    private ExpiringRows rows;

    private TtlFilter(String[] arguments) {
        kind = ExpiringState.of(arguments[0]);
        entries = Integer.parseInt(arguments[1]);
        directory = Path.of(arguments[2]);
    }

    public static void main(String[] arguments) throws Exception {
        PrintStream output = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        // What libraries print must not get between the answers.
        System.setOut(System.err);
        TtlFilter filter = new TtlFilter(arguments);
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            output.println(filter.answer(line));
        }
        System.exit(0);
    }

    private String answer(String line) {
        try {
            return perform(line.split(" "));
        } catch (Throwable failure) {
            failure.printStackTrace();
            return "error " + failure;
        }
    }

    private String perform(String[] words) throws Exception {
        switch (words[0]) {
            case "fill" -> rows = new ExpiringRows(kind, words[1], entries, directory);
            case "compact" -> {
                return String.valueOf(rows.compact());
            }
            case "left" -> {
                return rows.left();
            }
            case "clear" -> rows.close();
            default -> throw new IllegalArgumentException("Unknown: " + String.join(" ", words));
        }
        return "done";
    }
}
