package io.tiphys.artifacts.git;

import io.tiphys.artifacts.ReadOnlyStore;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import io.tiphys.artifacts.StoredObject;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** One repository at one revision; its only object is the packed work tree. */
final class GitStore extends ReadOnlyStore {
    private final Checkout checkout;
    private final Repositories repositories;

    GitStore(Checkout checkout, Repositories repositories) {
        this.checkout = checkout;
        this.repositories = repositories;
    }

    /** The repository's name, as a file. */
    String key() {
        return folder() + ".tgz";
    }

    private String folder() {
        var name = checkout.url()
                .replaceFirst("/+$", "")
                .replaceFirst("\\.git$", "")
                .replaceFirst("^.*[/:]", "");
        return name.isEmpty() || name.equals("..") || name.equals(".") ? "repository" : name;
    }

    @Override
    public String name() {
        return "git " + checkout.url();
    }

    /** Its size is known when it is packed. */
    @Override
    public Optional<StoredObject> head(String key) {
        return key.equals(key())
                ? Optional.of(new StoredObject(key, -1, "", null, null, "application/gzip"))
                : Optional.empty();
    }

    @Override
    public InputStream read(String key) throws StoreException {
        if (!key.equals(key())) {
            throw new StoreException(Kind.NOT_FOUND, name() + " has only \"" + key() + "\", not \"" + key + "\"");
        }
        var packed = repositories.pack(checkout, folder());
        try {
            return new Deleting(packed);
        } catch (IOException e) {
            throw new StoreException(Kind.UNAVAILABLE, "cannot read what was packed of " + name(), e);
        }
    }

    @Override
    public InputStream read(String key, long from, long to) throws StoreException {
        throw StoreException.unable(name(), "be read from the middle");
    }

    private static final class Deleting extends FilterInputStream {
        private final Path file;

        Deleting(Path file) throws IOException {
            super(Files.newInputStream(file));
            this.file = file;
        }

        @Override
        public void close() throws IOException {
            super.close();
            Files.deleteIfExists(file);
        }
    }
}
