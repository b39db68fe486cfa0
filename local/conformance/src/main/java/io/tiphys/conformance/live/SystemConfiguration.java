package io.tiphys.conformance.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.conformance.suite.CaseException;
import io.tiphys.conformance.suite.Configuration;
import io.tiphys.conformance.suite.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The system's controller ConfigMap: tells it what cases want, and in the end what it was told before. */
final class SystemConfiguration {
    private static final String NAMESPACE = "argo";
    private static final String APPLIED = "tiphys.io/applied";
    private static final String REFUSED = "tiphys.io/refused";
    private static final Duration TAKEN_UP_WITHIN = Duration.ofMinutes(3);
    private static final Duration LOOK = Duration.ofMillis(500);

    private final Cluster cluster;
    private boolean isChanged;
    private boolean isTakenUp;
    private @Nullable JsonNode before;

    SystemConfiguration(Cluster cluster) {
        this.cluster = cluster;
    }

    /** Waits until the system runs by it; why it doesn't, or empty. */
    Optional<Verdict> tell(Configuration wanted) throws InterruptedException {
        if (!isChanged) {
            Api.Answer found = cluster.read(map(JsonNodeFactory.instance.objectNode()), NAMESPACE, Configuration.NAME);
            before = found.isOk() ? asItWas(found.body()) : null;
            isChanged = true;
        }
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        wanted.data().forEach(data::put);
        return put(map(data));
    }

    private Optional<Verdict> put(JsonNode map) throws InterruptedException {
        write(map);
        Instant limit = Instant.now().plus(TAKEN_UP_WITHIN);
        while (Instant.now().isBefore(limit)) {
            JsonNode annotations = cluster.read(map, NAMESPACE, Configuration.NAME)
                    .body()
                    .path("metadata")
                    .path("annotations");
            if (annotations.has(REFUSED)) {
                return Optional.of(new Verdict.Miss("its configuration was refused: "
                        + annotations.path(REFUSED).asText()));
            }
            if (annotations.has(APPLIED)) {
                isTakenUp = true;
                return Optional.empty();
            }
            Pause.of(LOOK);
        }
        return Optional.of(new Verdict.Skip("needs a system that takes up " + NAMESPACE + "/" + Configuration.NAME));
    }

    private void write(JsonNode map) throws InterruptedException {
        Api.Answer answer = cluster.create(map, NAMESPACE);
        if (answer.code() == 409) {
            answer = cluster.replace(map, NAMESPACE);
        }
        if (!answer.isOk()) {
            throw new CaseException(Configuration.NAME + " can't be written: " + answer.message());
        }
    }

    /** Leaves the system as it was, and ready again: what takes up a configuration starts anew for it. */
    void restore() throws InterruptedException {
        if (!isChanged) {
            return;
        }
        JsonNode was = before == null ? map(JsonNodeFactory.instance.objectNode()) : before;
        if (isTakenUp) {
            var _ = put(was); // if it is refused now, it was before
        } else {
            write(was);
        }
        if (before == null) {
            cluster.delete(was, NAMESPACE); // which means the same as the empty one
        }
    }

    /** The object without what the server and the system wrote on it. */
    private static JsonNode asItWas(JsonNode found) {
        ObjectNode object = found.deepCopy();
        if (object.path("metadata") instanceof ObjectNode metadata) {
            metadata.retain("name", "namespace", "labels", "annotations");
            if (metadata.path("annotations") instanceof ObjectNode annotations) {
                annotations.remove(List.of(APPLIED, REFUSED));
            }
        }
        return object;
    }

    private static JsonNode map(JsonNode data) {
        ObjectNode map =
                JsonNodeFactory.instance.objectNode().put("apiVersion", "v1").put("kind", "ConfigMap");
        map.putObject("metadata").put("name", Configuration.NAME).put("namespace", NAMESPACE);
        map.set("data", data);
        return map;
    }
}
