package io.tiphys.bench.artifacts;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** What the submitter takes for many who read large artifacts slowly; the object is one hole, which nobody's disk has to hold. */
record SlowReadersRow(Place place, int readers) implements Row {
    private static final String KEY = "bench/slow";
    private static final long SIZE_BYTES = 1L << 30;
    private static final int SECONDS = 20;
    private static final int BYTES_PER_SECOND = 64 * 1024;

    @Override
    public String name() {
        return "slow";
    }

    @Override
    public long diskBytes() {
        return 64L << 20;
    }

    @Override
    public Figure measure() throws Exception {
        var hole = Content.hole(place.folder.resolve("slow"), SIZE_BYTES);
        new PlainTransfer(place).upload(hole, SIZE_BYTES, KEY);
        Files.delete(hole);
        long pid = place.pid("submitter");
        var workflow = "bench-slow-" + Long.toString(System.nanoTime(), 36);
        try (var client = place.kubernetes()) {
            try {
                FinishedWorkflow.create(place, client, workflow, List.of(KEY), false);
                read(workflow, pid, 1, 1); // what the first download of all takes isn't theirs
                long before = Pod.memoryBytes(pid, "VmRSS");
                long most = read(workflow, pid, readers, SECONDS);
                return new Figure(
                        "submitter's memory for " + readers + " slow readers of 1 GiB each",
                        ((most - before) >> 20) + " MiB more",
                        "<= 200 MiB",
                        "resident: " + (before >> 20) + " MiB before, " + (most >> 20) + " MiB at most in " + SECONDS
                                + " s");
            } finally {
                FinishedWorkflow.delete(client, workflow);
                place.oss.deleteObject(place.bucket, KEY);
            }
        }
    }

    private long read(String workflow, long pid, int atOnce, int seconds) throws IOException, InterruptedException {
        var artifact = place.artifact(workflow, 0);
        var sockets = new ArrayList<Socket>();
        try {
            for (int n = 0; n < atOnce; n++) {
                var socket = new Socket();
                sockets.add(socket);
                socket.setReceiveBufferSize(BYTES_PER_SECOND);
                socket.setSoTimeout(60_000);
                socket.connect(new InetSocketAddress(artifact.getHost(), artifact.getPort()));
                socket.getOutputStream()
                        .write(("GET " + artifact.getRawPath() + " HTTP/1.1\r\nHost: " + artifact.getAuthority()
                                        + "\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
            }
            for (var socket : sockets) {
                var answer = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
                PlainTransfer.expect(answer.equals("HTTP/1.1 200"), "the submitter answered " + answer);
            }
            long most = 0;
            for (int second = 0; second < seconds; second++) {
                for (var socket : sockets) {
                    PlainTransfer.expect(
                            socket.getInputStream().readNBytes(BYTES_PER_SECOND).length == BYTES_PER_SECOND,
                            "a stream ended early");
                }
                most = Math.max(most, Pod.memoryBytes(pid, "VmRSS"));
                Thread.sleep(1000);
            }
            return most;
        } finally {
            for (var socket : sockets) {
                socket.close();
            }
        }
    }
}
