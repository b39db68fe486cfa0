package io.tiphys.submitter.artifacts;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.artifacts.ReadOnlyStore;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import io.tiphys.artifacts.StoredObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;

class DirectoryStreamTest {
    private static final Map<String, byte[]> FILES = new LinkedHashMap<>();

    static {
        FILES.put("dir/empty", new byte[0]);
        FILES.put("dir/small", new byte[] {1, 2, 3});
        FILES.put("dir/a/exact", bytes(1 << 20));
        FILES.put("dir/a/large", bytes(3_000_000));
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        bytes[length - 1] = 7;
        return bytes;
    }

    /** As an artifact driver's: it lists keys, and tells no sizes. */
    private static final class Unsized extends ReadOnlyStore {
        @Override
        public String name() {
            return "unsized";
        }

        @Override
        public Optional<StoredObject> head(String key) {
            return Optional.empty();
        }

        @Override
        public InputStream read(String key) throws StoreException {
            byte[] file = FILES.get(key);
            if (file == null) {
                throw new StoreException(Kind.NOT_FOUND, key);
            }
            return new ByteArrayInputStream(file);
        }

        @Override
        public InputStream read(String key, long from, long to) throws StoreException {
            throw new StoreException(Kind.REFUSED, "nobody knows how far");
        }

        @Override
        public Page page(PageRequest request) {
            List<StoredObject> all = FILES.keySet().stream()
                    .map(key -> new StoredObject(key, -1, "", null, null, null))
                    .toList();
            return new Page(all, List.of(), null);
        }
    }

    private static InputStream packed(DirectoryStream.Packing packing) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new DirectoryStream(new Unsized(), "dir").copy(packing, out);
        return new ByteArrayInputStream(out.toByteArray());
    }

    private static void assertIsAll(Map<String, byte[]> found) {
        assertThat(found.keySet()).containsExactly("empty", "small", "a/exact", "a/large");
        found.forEach((name, content) -> assertThat(content).as(name).isEqualTo(FILES.get("dir/" + name)));
    }

    @Test
    void membersOfUnknownSizeGoIntoATar() throws Exception {
        Map<String, byte[]> found = new LinkedHashMap<>();
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new GZIPInputStream(packed(DirectoryStream.Packing.TAR_GZ)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                found.put(entry.getName(), tar.readAllBytes());
            }
        }
        assertIsAll(found);
    }

    @Test
    void membersOfUnknownSizeGoIntoAZip() throws Exception {
        Map<String, byte[]> found = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(packed(DirectoryStream.Packing.ZIP))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                found.put(entry.getName(), zip.readAllBytes());
            }
        }
        assertIsAll(found);
    }
}
