package io.tiphys.local.system;

import java.nio.file.Path;

/** Where unpacked programs are kept for all instances of a user: {@code $XDG_CACHE_HOME/tiphys} or {@code ~/.cache/tiphys}. */
final class PostgresCache {
    private PostgresCache() {}

    static Path directory() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path base = cache == null || cache.isBlank()
                ? Path.of(System.getProperty("user.home", "."), ".cache")
                : Path.of(cache);
        return base.resolve("tiphys").toAbsolutePath();
    }
}
