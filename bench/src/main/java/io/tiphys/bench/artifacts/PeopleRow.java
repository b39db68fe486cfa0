package io.tiphys.bench.artifacts;

import com.aliyun.oss.HttpMethod;
import com.aliyun.oss.model.GeneratePresignedUrlRequest;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/** A large artifact to somebody's disk, in one stream: from the submitter, and straight from the store. */
record PeopleRow(Place place, long sizeBytes, int rounds) implements Row {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final String KEY = "bench/people";

    @Override
    public String name() {
        return "people";
    }

    @Override
    public long diskBytes() {
        return 3 * sizeBytes;
    }

    @Override
    public Figure measure() throws Exception {
        var file = Content.random(place.folder.resolve("random"), sizeBytes);
        new PlainTransfer(place).upload(file, sizeBytes, KEY);
        var signed = new GeneratePresignedUrlRequest(place.bucket, KEY, HttpMethod.GET);
        signed.setExpiration(Date.from(Instant.now().plusSeconds(7200)));
        var store = place.oss.generatePresignedUrl(signed).toURI();
        var workflow = "bench-people-" + Long.toString(System.nanoTime(), 36);
        try (var client = place.kubernetes()) {
            try {
                FinishedWorkflow.create(place, client, workflow, List.of(KEY), false);
                var submitter = place.artifact(workflow, 0);
                return Rounds.compare(
                        "download of " + Content.size(sizeBytes) + " through the submitter : straight from the store",
                        ">= 0.8",
                        sizeBytes,
                        rounds,
                        _ -> download(store),
                        _ -> download(submitter));
            } finally {
                FinishedWorkflow.delete(client, workflow);
                place.oss.deleteObject(place.bucket, KEY);
            }
        }
    }

    private double download(URI from) throws IOException {
        var to = place.folder.resolve("people");
        long start = System.nanoTime();
        var connection = (HttpURLConnection) from.toURL().openConnection();
        PlainTransfer.expect(connection.getResponseCode() == 200, "HTTP " + connection.getResponseCode());
        try (var in = connection.getInputStream();
                var out = Files.newOutputStream(to)) {
            var buffer = new byte[BUFFER_BYTES];
            for (int n; (n = in.read(buffer)) >= 0; ) {
                out.write(buffer, 0, n);
            }
        }
        double seconds = Rounds.seconds(start);
        Content.expectSize(to, sizeBytes);
        Files.delete(to);
        return seconds;
    }
}
