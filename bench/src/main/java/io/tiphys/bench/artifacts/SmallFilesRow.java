package io.tiphys.bench.artifacts;

import io.tiphys.transfer.Archive;

/** Many small files as tar.gz, against tar and one PUT of what it writes. */
record SmallFilesRow(Place place, int files, int fileBytes, int rounds) implements Row {
    @Override
    public String name() {
        return "small";
    }

    @Override
    public long diskBytes() {
        return 3L * files * fileBytes;
    }

    @Override
    public Figure measure() throws Exception {
        var directory = Content.words(place.folder.resolve("small"), files, fileBytes);
        long bytes = (long) files * fileBytes;
        return Rounds.compare(
                files + " files of " + fileBytes / 1024 + " KiB as tar.gz through the executor : tar cz and one PUT",
                ">= 0.9",
                bytes,
                rounds,
                _ -> {
                    long start = System.nanoTime();
                    var tar = new ProcessBuilder(
                                    "tar",
                                    "cz",
                                    "-C",
                                    directory.getParent().toString(),
                                    directory.getFileName().toString())
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
                    place.oss.putObject(place.bucket, "bench/tar", tar.getInputStream());
                    PlainTransfer.expect(tar.waitFor() == 0, "tar ended with " + tar.exitValue());
                    double seconds = Rounds.seconds(start);
                    place.oss.deleteObject(place.bucket, "bench/tar");
                    return seconds;
                },
                _ -> {
                    try (var pod = Pod.saving(place, directory, Archive.TAR, place.endpoint, "bench/tgz")) {
                        pod.startExecutor("sidecar");
                        pod.awaitStaged();
                        long start = System.nanoTime();
                        pod.await(pod.startMain());
                        double seconds = Rounds.seconds(start);
                        place.oss.deleteObject(place.bucket, "bench/tgz");
                        return seconds;
                    }
                });
    }
}
