package io.tiphys.bench.cluster;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the controller had used up at one moment.
 *
 * @param cpuMillis CPU time of its process
 * @param requests that the API server answered, by verb and kind
 */
record Usage(double cpuMillis, Map<String, Long> requests) {
    private static final Pattern REQUESTS =
            Pattern.compile("tiphys_api_requests_total\\{.*request=\"([^\"]+)\".*} ([0-9.Ee+]+)");
    private static final double MILLIS_PER_TICK = 10; // USER_HZ is 100 on every Linux that there is

    static Usage of(long pid, String metricsUrl) throws IOException, InterruptedException {
        Map<String, Long> requests = new TreeMap<>();
        HttpRequest request = HttpRequest.newBuilder(URI.create(metricsUrl))
                .timeout(Duration.ofSeconds(60))
                .build();
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            http.send(request, BodyHandlers.ofString()).body().lines().forEach(line -> {
                Matcher matcher = REQUESTS.matcher(line);
                if (matcher.matches()) {
                    requests.merge(matcher.group(1), (long) Double.parseDouble(matcher.group(2)), Long::sum);
                }
            });
        }
        return new Usage(cpuMillis(pid), requests);
    }

    /** CPU time that a process has used, all its threads together. */
    static double cpuMillis(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * MILLIS_PER_TICK;
    }

    Usage since(Usage before) {
        Map<String, Long> difference = new TreeMap<>();
        requests.forEach((what, count) -> {
            long more = count - before.requests().getOrDefault(what, 0L);
            if (more > 0) {
                difference.put(what, more);
            }
        });
        return new Usage(cpuMillis - before.cpuMillis(), difference);
    }

    long requestCount() {
        return requests.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Such as {@code create pod 1.00, label pod 1.00}, most frequent first; what is seldom is left out. */
    String requestsPer(int units) {
        StringBuilder text = new StringBuilder();
        requests.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .filter(entry -> entry.getValue() >= units / 200.0)
                .forEach(entry -> text.append(text.isEmpty() ? "" : ", ")
                        .append("%s %.2f".formatted(entry.getKey(), entry.getValue() / (double) units)));
        return text.toString();
    }
}
