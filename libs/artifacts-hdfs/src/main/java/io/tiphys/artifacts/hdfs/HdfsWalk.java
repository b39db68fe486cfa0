package io.tiphys.artifacts.hdfs;

import io.tiphys.artifacts.ArtifactStore.Page;
import io.tiphys.artifacts.ArtifactStore.PageRequest;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoredObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One page of a tree as object storage would show it: keys in the order of their bytes, directories only by the keys in them. */
final class HdfsWalk {
    private static final Comparator<String> BYTES =
            (a, b) -> Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

    /** A file, or a directory: no object, and a slash at the key's end. */
    record Entry(String key, @Nullable StoredObject object) {}

    interface Children {
        List<Entry> of(String directory) throws StoreException;
    }

    private final Children children;
    private final PageRequest request;
    private final String after;
    private final List<StoredObject> objects = new ArrayList<>();
    private final List<String> directories = new ArrayList<>();
    private @Nullable String last;
    private boolean more;

    HdfsWalk(Children children, PageRequest request) {
        this.children = children;
        this.request = request;
        this.after = request.after() == null ? "" : request.after();
    }

    Page page() throws StoreException {
        walk(request.prefix().substring(0, request.prefix().lastIndexOf('/') + 1));
        return new Page(objects, directories, more ? last : null);
    }

    private void walk(String directory) throws StoreException {
        var entries = new ArrayList<>(children.of(directory));
        entries.sort(Comparator.comparing(Entry::key, BYTES));
        for (var entry : entries) {
            if (more) {
                return;
            }
            var key = entry.key();
            if (entry.object() != null) {
                if (key.startsWith(request.prefix()) && BYTES.compare(key, after) > 0 && hasRoom()) {
                    objects.add(entry.object());
                    last = key;
                }
            } else if ("/".equals(request.delimiter()) && key.startsWith(request.prefix())) {
                if (BYTES.compare(key, after) > 0 && hasRoom()) {
                    directories.add(key);
                    last = key;
                }
            } else if ((key.startsWith(request.prefix()) || request.prefix().startsWith(key))
                    && (BYTES.compare(key, after) > 0 || after.startsWith(key))) {
                walk(key);
            }
        }
    }

    private boolean hasRoom() {
        more = objects.size() + directories.size() >= request.limit();
        return !more;
    }
}
