package io.tiphys.executor.save;

import io.tiphys.executor.Log;
import io.tiphys.executor.Pace;
import io.tiphys.executor.Parallel;
import io.tiphys.executor.emissary.Emissary;
import io.tiphys.executor.emissary.FileEntry;
import io.tiphys.executor.http.ObjectClient;
import io.tiphys.executor.http.PermanentException;
import io.tiphys.executor.http.Retry;
import io.tiphys.executor.http.UploaderClient;
import io.tiphys.executor.names.FileNames;
import io.tiphys.executor.save.ObjectUpload.Target;
import io.tiphys.transfer.Archive;
import io.tiphys.transfer.PodTask.ArchivedLog;
import io.tiphys.transfer.PodTask.OutputArtifact;
import io.tiphys.transfer.TaskReport.SavedArtifact;
import io.tiphys.transfer.Uploads;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** Saves one artifact: a file or directory of a container, or a container's log. */
final class ArtifactSaver {
    private static final int FILES_AT_A_TIME = 8;
    private static final int STREAM_BUFFERS = 3;
    private static final int MOST_TRANSFERS = 16;

    private final ObjectUpload upload;

    /** A saver that keeps what doesn't fit into memory in {@code scratch}: single parts of very long streams, nothing else. */
    ArtifactSaver(UploaderClient uploader, ObjectClient objects, Retry retry, Path scratch) {
        this.upload = new ObjectUpload(
                uploader, objects, retry, new PartBuffers(STREAM_BUFFERS, scratch), new Pace(MOST_TRANSFERS));
    }

    /** @throws java.nio.file.NoSuchFileException if there is nothing at its path */
    SavedArtifact save(OutputArtifact artifact, Emissary container) throws IOException {
        var top = container.stat(artifact.path());
        var target = new Target(artifact.name(), "");
        var archive = artifact.archive() == null ? Archive.TAR : artifact.archive();
        if (!top.isDirectory() && !top.isRegular()) {
            throw new PermanentException(
                    artifact.path() + " is " + top.kind() + "; only files and directories can be saved");
        }
        var packing = Packing.of(container, artifact.path(), top, artifact.compressionLevel());
        var fingerprint = archive + "-" + packing.level() + "-" + top.version();
        return switch (archive) {
            case TAR -> saved(target, upload.stream(target, fingerprint, packing::tar));
            case ZIP -> saved(target, upload.stream(target, fingerprint, packing::zip));
            case NONE ->
                top.isDirectory()
                        ? saveMembers(artifact, container, top)
                        : saved(target, upload.file(target, new Source.InContainer(container, artifact.path(), top)));
        };
    }

    SavedArtifact save(ArchivedLog log, Path file) throws IOException {
        var done = upload.file(new Target(log.name(), ""), Source.OnDisk.of(file));
        return new SavedArtifact(log.name(), done.sizeBytes(), done.etag(), done.crc64(), true);
    }

    /** A directory without an archive: each file becomes an object under the artifact's key. Links to files are followed, others left out. */
    private SavedArtifact saveMembers(OutputArtifact artifact, Emissary container, FileEntry top) throws IOException {
        record File(String name, Source source) {}
        var files = new ArrayList<File>();
        Tree.walk(container, "", artifact.path(), top, (name, entry, path) -> {
            var file = entry.isLink() ? behind(container, path) : entry;
            if (file == null || file.isDirectory()) {
                return;
            }
            if (!file.isRegular()) {
                Log.warn("left out " + path + ": " + file.kind());
                return;
            }
            if (!FileNames.isText(name)) {
                throw new PermanentException(path + " has a name that isn't UTF-8, so it can't be the key of an object;"
                        + " pack the directory instead (archive: tar)");
            }
            files.add(new File(name, new Source.InContainer(container, path, file)));
        });
        var done = Parallel.map(
                files, FILES_AT_A_TIME, file -> upload.file(new Target(artifact.name(), file.name()), file.source()));
        long size = done.stream().mapToLong(Uploads.Completed::sizeBytes).sum();
        return new SavedArtifact(artifact.name(), size, null, null, false);
    }

    /** What a link leads to; {@code null} when it leads nowhere. */
    private static @Nullable FileEntry behind(Emissary container, String link) throws IOException {
        try {
            return container.stat(link);
        } catch (NoSuchFileException e) {
            Log.warn("left out: link " + link + " leads to nothing");
            return null;
        }
    }

    private static SavedArtifact saved(Target target, Uploads.Completed done) {
        return new SavedArtifact(target.artifact(), done.sizeBytes(), done.etag(), done.crc64(), false);
    }
}
