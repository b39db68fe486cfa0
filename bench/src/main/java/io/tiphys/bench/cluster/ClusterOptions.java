package io.tiphys.bench.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Arguments of these benchmarks: {@code --name value}. */
public record ClusterOptions(Path home, List<String> arguments) {
    private static final long LIMIT_SECONDS = 600;

    /** The arguments, and the home that the environment names. */
    public static ClusterOptions of(String... arguments) {
        String home = System.getenv("TIPHYS_HOME");
        return new ClusterOptions(
                home == null || home.isEmpty()
                        ? Path.of(System.getProperty("user.home", "."), ".tiphys")
                        : Path.of(home),
                List.of(arguments));
    }

    BenchCluster open() throws IOException {
        String kubeconfig = text("--kubeconfig", "");
        return BenchCluster.open(home, kubeconfig.isEmpty() ? null : Path.of(kubeconfig));
    }

    /** How long one measurement may take. */
    long limitSeconds() {
        return Long.parseLong(text("--limit", Long.toString(LIMIT_SECONDS)));
    }

    /** Pods, or workflows, that run before anything is measured. */
    int warmUp() {
        return Integer.parseInt(text("--warm-up", "10000"));
    }

    List<Integer> numbers(String name, List<Integer> otherwise) {
        String text = text(name, "");
        return text.isEmpty()
                ? otherwise
                : Stream.of(text.split(",", -1)).map(Integer::valueOf).toList();
    }

    int number(String name, int otherwise) {
        return Integer.parseInt(text(name, Integer.toString(otherwise)));
    }

    boolean has(String name) {
        return arguments.contains(name);
    }

    private String text(String name, String otherwise) {
        int at = arguments.indexOf(name);
        return at >= 0 && at + 1 < arguments.size() ? arguments.get(at + 1) : otherwise;
    }
}
