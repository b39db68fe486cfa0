package io.tiphys.uploader.session;

import io.tiphys.artifacts.ArtifactStore;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoredObject;
import io.tiphys.transfer.Capability;
import io.tiphys.transfer.Downloads;
import io.tiphys.transfer.Downloads.Download;
import io.tiphys.transfer.Downloads.ObjectToRead;
import io.tiphys.transfer.Listings;
import io.tiphys.transfer.Refusal;
import io.tiphys.uploader.stream.Places;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Finds the objects of readable artifacts and signs URLs for them. */
public final class Downloading {
    private static final int MOST_OBJECTS = 20_000;
    private static final int MOST_KEYS = 200_000;

    private final Places places;
    private final Duration urlValidity;

    public Downloading(Places places, Duration urlValidity) {
        this.places = places;
        this.urlValidity = urlValidity;
    }

    public Downloads.Response plan(Capability capability, Downloads.Request request)
            throws RefusedException, StoreException {
        var downloads = new ArrayList<Download>();
        for (var artifact : request.artifacts()) {
            var location = capability.read().get(artifact);
            if (location == null) {
                throw new RefusedException(
                        403, Refusal.FORBIDDEN, "this pod may not read an artifact \"" + artifact + "\"");
            }
            var located = places.read(capability, artifact, location);
            if (located.key().isEmpty()) {
                throw new RefusedException(
                        400, Refusal.INVALID, "the location of artifact \"" + artifact + "\" lacks a key");
            }
            ObjectKeys.check(artifact, located.key().replaceFirst("/+$", ""));
            downloads.add(new Download(artifact, objects(located.store(), located.key())));
        }
        return new Downloads.Response(downloads);
    }

    /** Keys of the objects whose key begins with the location's, without reading any of them. */
    public Listings.Answer list(Capability capability, Listings.Request request)
            throws RefusedException, StoreException {
        var location = capability.read().get(request.artifact());
        if (location == null) {
            throw new RefusedException(
                    403, Refusal.FORBIDDEN, "this pod may not list an artifact \"" + request.artifact() + "\"");
        }
        var located = places.read(capability, request.artifact(), location);
        var keys = new ArrayList<String>();
        located.store().list(located.key(), object -> {
            if (keys.size() <= MOST_KEYS) {
                keys.add(object.key());
            }
        });
        if (keys.size() > MOST_KEYS) {
            throw new RefusedException(
                    400,
                    Refusal.INVALID,
                    "below \"" + located.key() + "\" are more than " + MOST_KEYS
                            + " objects; give the source of data a longer key");
        }
        return new Listings.Answer(keys);
    }

    /** The object under the key, or else everything below it: a directory that was saved unpacked. */
    private List<ObjectToRead> objects(ArtifactStore store, String key) throws StoreException, RefusedException {
        var single = key.endsWith("/") ? Optional.<StoredObject>empty() : store.head(key);
        if (single.isPresent()) {
            return List.of(toRead(store, "", single.get()));
        }
        var prefix = key.endsWith("/") ? key : key + "/";
        var members = new ArrayList<StoredObject>();
        store.list(prefix, members::add);
        if (members.size() > MOST_OBJECTS) {
            throw new RefusedException(
                    400,
                    Refusal.INVALID,
                    "below " + key + " are " + members.size() + " objects; an artifact may have " + MOST_OBJECTS
                            + ", pack it as tar");
        }
        var objects = new ArrayList<ObjectToRead>();
        for (var member : members) {
            var relativePath = member.key().substring(prefix.length());
            if (!relativePath.isEmpty()) {
                objects.add(toRead(store, relativePath, sized(store, member)));
            }
        }
        return objects;
    }

    /** As it is looked at by itself, where a listing tells no size. */
    private static StoredObject sized(ArtifactStore store, StoredObject member) throws StoreException {
        return member.sizeBytes() >= 0
                ? member
                : store.head(member.key())
                        .orElseThrow(() -> new StoreException(
                                StoreException.Kind.UNAVAILABLE,
                                store.name() + "/" + member.key() + " was there when it was listed, and is no more"));
    }

    private ObjectToRead toRead(ArtifactStore store, String relativePath, StoredObject object) throws StoreException {
        var signed = store.signGet(object.key(), urlValidity);
        return new ObjectToRead(
                relativePath,
                signed.url(),
                signed.headers(),
                object.sizeBytes(),
                Objects.requireNonNullElse(object.etag(), ""),
                object.crc64());
    }
}
