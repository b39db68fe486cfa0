package io.tiphys.uploader.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.api.ArtifactLocation;
import io.tiphys.artifacts.ReadOnlyStore;
import io.tiphys.artifacts.Secrets;
import io.tiphys.artifacts.StoreDriver;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import io.tiphys.artifacts.StoredObject;
import io.tiphys.artifacts.Stores;
import io.tiphys.transfer.Capability;
import io.tiphys.transfer.Downloads;
import io.tiphys.transfer.Downloads.ObjectToRead;
import io.tiphys.transfer.Listings;
import io.tiphys.uploader.stream.Places;
import io.tiphys.uploader.stream.Spool;
import io.tiphys.uploader.stream.StreamedUrls;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories in a store that signs nothing and, as an artifact driver, tells no sizes in its listings, nor at all of what is large. */
class DownloadingTest {
    private static final Map<String, byte[]> FILES = Map.of("dir/small", new byte[3], "dir/sub/large", new byte[5000]);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path dir;

    @SuppressWarnings("NullAway.Init") // set before each
    private Spool spool;

    private final List<String> listings = new ArrayList<>();

    @BeforeEach
    void spool() throws Exception {
        spool = new Spool(dir.resolve("spool"), 1 << 20, InstantSource.system());
    }

    @AfterEach
    void close() {
        spool.close();
    }

    private final class Unsized extends ReadOnlyStore {
        @Override
        public Set<Ability> abilities() {
            return Set.of(Ability.LIST);
        }

        @Override
        public String name() {
            return "unsized";
        }

        @Override
        public Optional<StoredObject> head(String key) {
            return Optional.ofNullable(FILES.get(key))
                    .map(file -> new StoredObject(key, file.length < 1000 ? file.length : -1, "", null, null, null));
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
            return read(key);
        }

        @Override
        public void list(String prefix, Consumer<StoredObject> visitor) {
            listings.add(prefix);
            FILES.keySet().stream()
                    .sorted(Comparator.naturalOrder())
                    .forEach(key -> visitor.accept(new StoredObject(key, -1, "", null, null, null)));
        }
    }

    private Downloading downloading() {
        StoreDriver driver = new StoreDriver() {
            @Override
            public String kind() {
                return "plugin";
            }

            @Override
            public Optional<Located> locate(ArtifactLocation location, String namespace, Secrets secrets) {
                return Optional.ofNullable(location.plugin()).map(plugin -> new Located(new Unsized(), plugin.key()));
            }
        };
        StreamedUrls urls = new StreamedUrls() {
            @Override
            public URI base() {
                return URI.create("http://uploader");
            }

            @Override
            public String token(Capability capability) {
                return "token";
            }
        };
        Stores stores = new Stores(List.of(driver), (_, _, _) -> Optional.empty());
        return new Downloading(new Places(stores, spool, dir.resolve("parts"), urls), Duration.ofMinutes(5));
    }

    private static Capability mayRead() {
        return new Capability(
                "uid",
                "default",
                "hello",
                "node",
                "pod",
                0,
                Instant.MAX,
                Map.of("in", Map.of("plugin", Map.of("name", "d", "configuration", "c", "key", "dir"))),
                Map.of());
    }

    @Test
    void membersOfADirectoryAreToldWithTheirSizes() throws Exception {
        var plan = downloading().plan(mayRead(), new Downloads.Request(List.of("in")));

        assertThat(plan.downloads())
                .singleElement()
                .satisfies(download -> assertThat(download.objects())
                        .extracting(ObjectToRead::relativePath, ObjectToRead::sizeBytes)
                        .containsExactly(
                                org.assertj.core.groups.Tuple.tuple("small", 3L),
                                org.assertj.core.groups.Tuple.tuple("sub/large", 5000L)));
        assertThat(listings).containsExactly("dir/");
    }

    @Test
    void aListingIsTheStoresOwn() throws Exception {
        assertThat(downloading().list(mayRead(), new Listings.Request("in")).keys())
                .containsExactly("dir/small", "dir/sub/large");
        assertThat(listings).containsExactly("dir");
    }
}
