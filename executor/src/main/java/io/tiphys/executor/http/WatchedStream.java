package io.tiphys.executor.http;

import io.tiphys.executor.Log;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** A body that gives up when nothing has come for a while; the JDK's client has no time limit once the headers are there. */
final class WatchedStream extends FilterInputStream {
    private static final Duration SILENCE = Duration.ofSeconds(60);

    private final Thread watch;
    private volatile long lastRead = System.nanoTime();
    private volatile boolean reading;

    WatchedStream(InputStream in) {
        super(in);
        watch = Thread.ofVirtual().name("watch-download").start(this::closeWhenSilent);
    }

    private void closeWhenSilent() {
        try {
            while (true) {
                Thread.sleep(SILENCE.dividedBy(4));
                if (reading && System.nanoTime() - lastRead > SILENCE.toNanos()) {
                    Log.warn("no bytes for " + SILENCE.toSeconds() + " s, closing the connection");
                    super.close();
                    return;
                }
            }
        } catch (InterruptedException | IOException e) {
            return; // closed by the reader: nothing left to watch
        }
    }

    @Override
    public int read() throws IOException {
        begin();
        int b = super.read();
        reading = false;
        return b;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        begin();
        int n = super.read(bytes, offset, length);
        reading = false;
        return n;
    }

    private void begin() {
        lastRead = System.nanoTime();
        reading = true;
    }

    @Override
    public void close() throws IOException {
        watch.interrupt();
        super.close();
    }
}
