import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/**
 * Lets an executor and an emissary do all that moves data once, against an uploader and an object storage that are played here: {@code java
 * Rehearsal.java DIST SCRATCH JAVA_HOME}. The options in TIPHYS_EXECUTOR_JAVA_OPTS say what the Java runtime keeps of it. Not part of the
 * executor.
 */
final class Rehearsal {
    private static final int LARGE = 34 << 20; // three ranges, three parts
    private static final int BLOCK = 512;
    private static final long PATIENCE_SECONDS = 60;
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");
    private static final Pattern SIZE = Pattern.compile("\"sizeBytes\":(\\d+)");
    private static final Pattern NUMBER = Pattern.compile("\"number\":(\\d+)");

    private final byte[] large = new byte[LARGE];
    private final byte[] archive = archive();
    private final String base;

    private Rehearsal(HttpServer server) throws IOException {
        new Random(1).nextBytes(large);
        base = "http://127.0.0.1:" + server.getAddress().getPort();
        server.createContext("/", this::answer);
    }

    public static void main(String[] arguments) throws Exception {
        var dist = Path.of(arguments[0]);
        var scratch = Path.of(arguments[1]);
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            server.setExecutor(threads);
            var rehearsal = new Rehearsal(server);
            server.start();
            rehearsal.play(dist, scratch, arguments[2]);
            server.stop(0);
        }
    }

    private void play(Path dist, Path scratch, String javaHome) throws IOException, InterruptedException {
        var outputs = Files.createDirectories(scratch.resolve("outputs/directory"));
        Files.write(outputs.resolveSibling("large"), large);
        Files.writeString(outputs.resolve("small"), "small");
        var executor = new ProcessBuilder(dist.resolve("executor").toString());
        executor.environment().remove("JAVA_TOOL_OPTIONS");
        executor.environment().put("TIPHYS_JAVA_HOME", javaHome);
        executor.environment().put("TIPHYS_MODE", "sidecar");
        executor.environment().put("TIPHYS_DIR", scratch.resolve("run").toString());
        executor.environment().put("TIPHYS_INPUTS_DIR", scratch.resolve("inputs").toString());
        executor.environment().put("TIPHYS_RETRY_SECONDS", "5");
        executor.environment().put("TIPHYS_UPLOADER", base);
        executor.environment().put("TIPHYS_CAPABILITY", "none");
        executor.environment().put("TIPHYS_TASK", task(scratch));
        var log = Redirect.appendTo(scratch.resolve("log").toFile());
        var playing = executor.redirectErrorStream(true).redirectOutput(log).start();
        var main = new ProcessBuilder(
                        dist.resolve("emissary").toString(),
                        "run",
                        "--container",
                        "main",
                        "--dir",
                        scratch.resolve("run").toString(),
                        "--",
                        "true")
                .redirectErrorStream(true)
                .redirectOutput(log);
        try {
            long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (Files.notExists(scratch.resolve("run/staged")) && playing.isAlive() && System.nanoTime() < giveUp) {
                Thread.sleep(20); // whether a file is there can only be looked up
            }
            var mainPlaying = main.start();
            if (!mainPlaying.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                mainPlaying.destroyForcibly();
            }
        } finally {
            playing.destroy(); // SIGTERM, after which the Java runtime writes down what it has seen
            if (!playing.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                playing.destroyForcibly();
            }
        }
    }

    private static String task(Path scratch) {
        return """
                {"workflow":{"namespace":"n","name":"w","uid":"u"},"nodeId":"n","podName":"p","containers":["main"],"script":"true",
                 "inputs":[{"name":"large","path":"/large","stagePath":"SCRATCH/inputs/large","archive":"none"},
                           {"name":"archive","path":"/archive","stagePath":"SCRATCH/inputs/archive"}],
                 "outputs":{"parameters":[],"result":false,"logs":[],"artifacts":[
                           {"name":"large","path":"SCRATCH/outputs/large","archive":"none"},
                           {"name":"directory","path":"SCRATCH/outputs/directory","archive":"tar"}]}}
                """
                .replace("SCRATCH", scratch.toString());
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var path = exchange.getRequestURI().getPath();
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1);
            switch (path) {
                case "/objects/large" -> range(exchange, large);
                case "/objects/archive" -> range(exchange, archive);
                case "/objects/new" -> {
                    exchange.getResponseHeaders().set("ETag", "\"e\"");
                    exchange.sendResponseHeaders(200, -1);
                }
                default -> say(exchange, uploader(path, body));
            }
        }
    }

    private String uploader(String path, String body) {
        var put = "{\"url\":\"" + base + "/objects/new\",\"headers\":{\"Content-MD5\":\"x\"}}";
        if (path.endsWith("/downloads")) {
            var name = body.contains("large") ? "large" : "archive";
            return "{\"downloads\":[{\"artifact\":\"" + name + "\",\"objects\":[{\"relativePath\":\"\",\"url\":\"" + base
                    + "/objects/" + name + "\",\"headers\":{},\"sizeBytes\":"
                    + (name.equals("large") ? large : archive).length + ",\"etag\":\"e\"}]}]}";
        }
        if (path.endsWith("/uploads")) {
            var size = SIZE.matcher(body);
            return size.find() && Long.parseLong(size.group(1)) >= 16 << 20
                    ? "{\"id\":\"s\",\"partSizeBytes\":16777216,\"parts\":[]}"
                    : "{\"id\":\"s\",\"put\":" + put + ",\"partSizeBytes\":0,\"parts\":[]}";
        }
        if (path.endsWith("/parts")) {
            return NUMBER.matcher(body)
                    .results()
                    .map(number -> "{\"number\":" + number.group(1) + ",\"put\":" + put + "}")
                    .collect(Collectors.joining(",", "{\"parts\":[", "]}"));
        }
        return path.endsWith("/complete") ? "{\"sizeBytes\":1,\"etag\":\"e\"}" : "{}";
    }

    private static void say(HttpExchange exchange, String json) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, json.length());
        exchange.getResponseBody().write(json.getBytes(StandardCharsets.US_ASCII));
    }

    private static void range(HttpExchange exchange, byte[] content) throws IOException {
        var range = RANGE.matcher(String.valueOf(exchange.getRequestHeaders().getFirst("Range")));
        int from = range.matches() ? Integer.parseInt(range.group(1)) : 0;
        int to = range.matches() ? Integer.parseInt(range.group(2)) : content.length - 1;
        exchange.getResponseHeaders().set("ETag", "\"e\"");
        exchange.sendResponseHeaders(206, to - from + 1);
        exchange.getResponseBody().write(content, from, to - from + 1);
    }

    /** A tar of one file, gzipped. */
    private static byte[] archive() throws IOException {
        var header = new byte[BLOCK];
        put(header, 0, "file");
        put(header, 100, "0000644");
        put(header, 108, "0000000");
        put(header, 116, "0000000");
        put(header, 124, "00000000001");
        put(header, 136, "00000000000");
        put(header, 148, "        0");
        put(header, 257, "ustar\0" + "00");
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        put(header, 148, String.format("%06o\0 ", sum).substring(0, 8));
        var bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(header);
            out.write(new byte[3 * BLOCK]);
        }
        return bytes.toByteArray();
    }

    private static void put(byte[] header, int at, String text) {
        var bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
