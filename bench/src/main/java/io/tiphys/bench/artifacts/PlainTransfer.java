package io.tiphys.bench.artifacts;

import com.aliyun.oss.HttpMethod;
import com.aliyun.oss.model.CompleteMultipartUploadRequest;
import com.aliyun.oss.model.GeneratePresignedUrlRequest;
import com.aliyun.oss.model.InitiateMultipartUploadRequest;
import com.aliyun.oss.model.PartETag;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.Executors;

/** What there is to beat: the same bytes, the same endpoint, several requests at a time, no sums, no sessions, no retries. */
final class PlainTransfer {
    private static final long PART_BYTES = 16L << 20;
    private static final int AT_A_TIME = 4;

    private final Place place;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    PlainTransfer(Place place) {
        this.place = place;
    }

    private interface Part {
        void carry(int number, long from, long length) throws Exception;
    }

    private static void each(long size, Part part) throws Exception {
        try (var threads = Executors.newFixedThreadPool(AT_A_TIME)) {
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
            var request = HttpRequest.newBuilder(uri(sign))
                    .PUT(BodyPublishers.fromPublisher(
                            BodyPublishers.ofInputStream(() -> open(file, from, length)), length))
                    .build();
            var answer = http.send(request, BodyHandlers.ofString());
            expect(answer.statusCode() == 200, answer.body());
            synchronized (etags) {
                etags.add(new PartETag(
                        number,
                        answer.headers().firstValue("ETag").orElseThrow().replace("\"", "")));
            }
        });
        etags.sort((a, b) -> Integer.compare(a.getPartNumber(), b.getPartNumber()));
        place.oss.completeMultipartUpload(new CompleteMultipartUploadRequest(place.bucket, key, id, etags));
    }

    void download(String key, long size, Path file) throws Exception {
        var url = uri(signed(key, HttpMethod.GET));
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            each(size, (number, from, length) -> {
                var request = HttpRequest.newBuilder(url)
                        .header("Range", "bytes=" + from + "-" + (from + length - 1))
                        .build();
                var answer = http.send(request, BodyHandlers.ofInputStream());
                expect(answer.statusCode() == 206, "HTTP " + answer.statusCode());
                try (var in = answer.body()) {
                    var buffer = new byte[64 * 1024];
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

    private URI uri(GeneratePresignedUrlRequest request) {
        return URI.create(place.oss.generatePresignedUrl(request).toString());
    }

    private static InputStream open(Path file, long from, long length) {
        try {
            var channel = FileChannel.open(file).position(from);
            var in = Channels.newInputStream(channel);
            return new InputStream() {
                private long left = length;

                @Override
                public int read() throws IOException {
                    throw new IOException("read in pieces");
                }

                @Override
                public int read(byte[] bytes, int offset, int most) throws IOException {
                    if (left == 0) {
                        return -1;
                    }
                    int n = in.read(bytes, offset, (int) Math.min(most, left));
                    left -= n;
                    return n;
                }

                @Override
                public void close() throws IOException {
                    in.close();
                }
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
