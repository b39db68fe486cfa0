package io.tiphys.local.node.pod;

import io.tiphys.local.node.log.LogFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code terminationMessagePath} and {@code terminationMessagePolicy}. */
final class TerminationMessage {
    private static final int MAX_BYTES = 4096;
    private static final int MAX_LOG_BYTES = 2048;
    private static final int MAX_LOG_LINES = 80;

    private TerminationMessage() {}

    static String read(ContainerStarter starter, PodFolder folder, ContainerRun run, int exitCode) {
        try {
            Path file = starter.terminationMessage(run);
            byte[] bytes;
            try (var in = Files.newInputStream(file)) {
                bytes = in.readNBytes(MAX_BYTES);
            }
            String message = new String(bytes, StandardCharsets.UTF_8);
            boolean fallBack = "FallbackToLogsOnError".equals(run.spec().getTerminationMessagePolicy());
            if (message.isEmpty() && fallBack && exitCode != 0) {
                message = LogFile.tail(folder.log(run.name(), run.restarts()), MAX_LOG_LINES, MAX_LOG_BYTES);
            }
            return message;
        } catch (IOException e) {
            return "";
        }
    }
}
