package io.tiphys.local.objectstore.storage;

import io.tiphys.local.objectstore.http.HttpResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** An object that can be read in peace: see {@link Storage#pin}. */
public final class Pin implements AutoCloseable {
    private final Storage storage;
    private final StoredObject object;
    private final AtomicBoolean closed = new AtomicBoolean();

    Pin(Storage storage, StoredObject object) {
        this.storage = storage;
        this.object = object;
    }

    public StoredObject object() {
        return object;
    }

    /** The files that hold a range of the content. */
    public List<HttpResponse.Slice> slices(long offset, long length) {
        List<HttpResponse.Slice> slices = new ArrayList<>();
        long start = 0;
        for (Blob blob : object.blobs()) {
            long from = Math.max(offset - start, 0);
            long to = Math.min(offset + length - start, blob.size());
            if (from < to) {
                slices.add(new HttpResponse.Slice(storage.file(blob), from, to - from));
            }
            start += blob.size();
        }
        return slices;
    }

    /** A range of the content as a stream. */
    public InputStream stream(long offset, long length) throws IOException {
        List<InputStream> streams = new ArrayList<>();
        for (HttpResponse.Slice slice : slices(offset, length)) {
            FileChannel channel = FileChannel.open(slice.file(), StandardOpenOption.READ);
            channel.position(slice.offset());
            streams.add(new LimitedStream(Channels.newInputStream(channel), slice.length()));
        }
        return new SequenceInputStream(Collections.enumeration(streams));
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            storage.unpin(object);
        }
    }
}
