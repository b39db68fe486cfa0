package io.tiphys.bench.artifacts;

import com.aliyun.oss.HttpMethod;
import com.aliyun.oss.model.CompleteMultipartUploadRequest;
import com.aliyun.oss.model.GeneratePresignedUrlRequest;
import com.aliyun.oss.model.InitiateMultipartUploadRequest;
import com.aliyun.oss.model.PartETag;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.Executors;

/** What there is to beat: the same bytes, the same endpoint, several requests at a time, no sums, no sessions, no retries; by the quickest of
 * the clients that the JDK has. */
final class PlainTransfer {
    private static final long PART_BYTES = 16L << 20;
    private static final int AT_A_TIME = 4;
    private static final int BUFFER_BYTES = 64 * 1024;

    private final Place place;

    PlainTransfer(Place place) {
        this.place = place;
    }

    private interface Part {
        void carry(int number, long from, long length) throws Exception;
    }

    private static void each(long size, Part part) throws Exception {
        try (var threads =
                Executors.newFixedThreadPool(AT_A_TIME, Thread.ofVirtual().factory())) {
            var all = new ArrayList<java.util.concurrent.Future<?>>();
            for (long from = 0; from < size; from += PART_BYTES) {
                long at = from;
                all.add(threads.submit(() -> {
                    part.carry((int) (at / PART_BYTES) + 1, at, Math.min(PART_BYTES, size - at));
                    return null;
                }));
            }
            for (var one : all) {
                one.get();
            }
        }
    }

    void upload(Path file, long size, String key) throws Exception {
        var id = place.oss
                .initiateMultipartUpload(new InitiateMultipartUploadRequest(place.bucket, key))
                .getUploadId();
        var etags = new ArrayList<PartETag>();
        each(size, (number, from, length) -> {
            var sign = signed(key, HttpMethod.PUT);
            sign.addQueryParameter("partNumber", Integer.toString(number));
            sign.addQueryParameter("uploadId", id);
            var connection = connection(sign);
            connection.setRequestMethod("PUT");
            connection.setDoOutput(true);
            connection.setFixedLengthStreamingMode(length);
            try (var channel = FileChannel.open(file);
                    var out = connection.getOutputStream()) {
                var buffer = ByteBuffer.allocate(BUFFER_BYTES);
                for (long at = from; at < from + length; at += buffer.limit()) {
                    buffer.clear().limit((int) Math.min(BUFFER_BYTES, from + length - at));
                    expect(channel.read(buffer, at) == buffer.limit(), "the file is shorter than it was");
                    out.write(buffer.array(), 0, buffer.limit());
                }
            }
            expect(connection.getResponseCode() == 200, "HTTP " + connection.getResponseCode());
            connection.getInputStream().close();
            synchronized (etags) {
                etags.add(new PartETag(number, connection.getHeaderField("ETag").replace("\"", "")));
            }
        });
        etags.sort((a, b) -> Integer.compare(a.getPartNumber(), b.getPartNumber()));
        place.oss.completeMultipartUpload(new CompleteMultipartUploadRequest(place.bucket, key, id, etags));
    }

    void download(String key, long size, Path file) throws Exception {
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            each(size, (_, from, length) -> {
                var connection = connection(signed(key, HttpMethod.GET));
                connection.setRequestProperty("Range", "bytes=" + from + "-" + (from + length - 1));
                expect(connection.getResponseCode() == 206, "HTTP " + connection.getResponseCode());
                try (var in = connection.getInputStream()) {
                    var buffer = new byte[BUFFER_BYTES];
                    long at = from;
                    for (int n; (n = in.read(buffer)) >= 0; ) {
                        for (var bytes = ByteBuffer.wrap(buffer, 0, n); bytes.hasRemaining(); ) {
                            at += channel.write(bytes, at);
                        }
                    }
                    expect(at == from + length, "a range came short");
                }
            });
        }
    }

    private GeneratePresignedUrlRequest signed(String key, HttpMethod method) {
        var request = new GeneratePresignedUrlRequest(place.bucket, key, method);
        request.setExpiration(Date.from(Instant.now().plusSeconds(3600)));
        return request;
    }

    private HttpURLConnection connection(GeneratePresignedUrlRequest request) throws IOException {
        return (HttpURLConnection) place.oss.generatePresignedUrl(request).openConnection();
    }

    static void expect(boolean good, String otherwise) {
        if (!good) {
            throw new IllegalStateException("the plain transfer failed: " + otherwise);
        }
    }

    /** Median of some times. */
    static double median(List<Double> seconds) {
        return seconds.stream().sorted().toList().get(seconds.size() / 2);
    }
}
