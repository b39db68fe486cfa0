package io.tiphys.executor;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tiphys.executor.emissary.Emissary;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Looks every few seconds at the file that the user's program writes its progress to, {@code n/m} in the last line (Argo: ARGO_PROGRESS_FILE). */
final class Progress {
    private static final Duration INTERVAL = Duration.ofSeconds(3);
    private static final Pattern LINE = Pattern.compile("\\d+/\\d+");
    private static final int LONGEST_BYTES = 64 * 1024;

    private final Emissary emissary;
    private final String file;
    private final Consumer<String> tell;
    private final Thread thread;
    private String last = "";

    private Progress(Emissary emissary, String file, Consumer<String> tell) {
        this.emissary = emissary;
        this.file = file;
        this.tell = tell;
        this.thread = Thread.ofVirtual().name("progress").unstarted(this::follow);
    }

    static Progress follow(Emissary emissary, String file, Consumer<String> tell) {
        var progress = new Progress(emissary, file, tell);
        progress.thread.start();
        return progress;
    }

    void stop() {
        thread.interrupt();
    }

    private void follow() {
        try {
            while (true) {
                Thread.sleep(INTERVAL);
                look();
            }
        } catch (InterruptedException e) {
            return; // the container has ended
        }
    }

    private void look() {
        try (var in = emissary.read(file, 0, LONGEST_BYTES)) {
            var line = new String(in.readAllBytes(), UTF_8)
                    .lines()
                    .reduce((a, b) -> b)
                    .orElse("")
                    .strip();
            if (LINE.matcher(line).matches() && !line.equals(last)) {
                last = line;
                tell.accept(line);
            }
        } catch (IOException e) {
            return; // not started, or nothing written yet
        }
    }
}
