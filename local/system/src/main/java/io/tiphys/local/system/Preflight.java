package io.tiphys.local.system;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What has to be right on the machine before an instance is started; each failure says what to do. */
final class Preflight {
    private static final long MIN_FREE_BYTES = 1L << 30;

    private static final int MAX_CONTROLLERS = 64;
    private static final int MAX_NODES = 100;

    private Preflight() {}

    static void check(Home home, Path root, int port, Set<String> without, LocalSystem.Size size) {
        if (size.nodes() < 1 || size.nodes() > MAX_NODES) {
            throw new UserFacingException("--nodes " + size.nodes() + ": from 1 to " + MAX_NODES);
        }
        if (size.controllers() < 1 || size.controllers() > MAX_CONTROLLERS) {
            throw new UserFacingException("--controllers " + size.controllers() + ": from 1 to " + MAX_CONTROLLERS
                    + ", which is how many shards there are; none at all: --without controller");
        }
        Set<String> unknown = new TreeSet<>(without);
        unknown.removeAll(Services.NAMES);
        if (!unknown.isEmpty()) {
            throw new UserFacingException("--without " + String.join(",", unknown) + ": no such service; there are "
                    + String.join(", ", Services.NAMES));
        }
        List<String> missing = Services.missing(root).stream()
                .filter(name -> !without.contains(name))
                .toList();
        if (!missing.isEmpty()) {
            throw new UserFacingException("not built: services " + String.join(", ", missing) + " (looked in " + root
                    + "/services/*/target/quarkus-app); build with ./tiphys, which does it by itself");
        }
        checkHome(home);
        if (!Settings.isFree(port)) {
            throw new UserFacingException("port " + port
                    + " is in use on 127.0.0.1: stop what uses it, or choose another" + " with --port N");
        }
    }

    private static void checkHome(Home home) {
        try {
            home.create();
            Path probe = Files.createTempFile(home.directory(), "probe", null);
            Files.delete(probe);
            long free = Files.getFileStore(home.directory()).getUsableSpace();
            if (free < MIN_FREE_BYTES) {
                throw new UserFacingException(
                        "only " + (free >> 20) + " MiB are free on the disk of " + home.directory()
                                + ", 1024 MiB are needed: make room, or choose another place with --home DIR");
            }
        } catch (AccessDeniedException e) {
            throw new UserFacingException(
                    "no permission to write in " + home.directory() + ": choose another place with --home DIR", e);
        } catch (IOException e) {
            throw new UserFacingException(
                    "cannot use " + home.directory() + ": " + e.getMessage() + "; choose another place with --home DIR",
                    e);
        }
    }
}
