package io.tiphys.controller.kube;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tiphys.engine.PodFacts;
import io.tiphys.engine.PodFacts.ContainerFacts;
import io.tiphys.engine.PodFacts.ContainerState;
import io.tiphys.engine.PodFacts.PodPhase;
import io.tiphys.engine.PodFacts.Role;
import io.tiphys.pods.Names;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One pod's JSON, read for what the engine needs of it; the rest, which is most, is skipped without becoming objects. A reader
 * is for one pod.
 */
final class PodReader {
    private final Map<String, String> labels = new HashMap<>();
    private final Map<String, Map<String, String>> requested = new HashMap<>();
    private final List<Container> initContainers = new ArrayList<>(2);
    private final List<Container> containers = new ArrayList<>(2);
    private String name = "";
    private String namespace = "";
    private String uid = "";
    private String resourceVersion = "";
    private @Nullable String workflowUid;
    private @Nullable String nodeId;
    private @Nullable String nodeSeq;
    private @Nullable String mainContainers;
    private boolean isDeleted;
    private boolean isHeld;
    private @Nullable String nodeName;
    private @Nullable String phase;
    private @Nullable String reason;
    private @Nullable String message;
    private @Nullable String podIp;
    private @Nullable String startTime;
    private @Nullable String unscheduled;

    /** A container's status, field by field. */
    private static final class Container {
        private String name = "";
        private boolean ready;
        private ContainerState state = ContainerState.WAITING;
        private @Nullable String reason;
        private @Nullable String message;
        private @Nullable Integer exitCode;
        private @Nullable String startedAt;
        private @Nullable String finishedAt;
    }

    /** Reads the object that the parser stands at the beginning of, and leaves the parser at its end. */
    static Watched<PodObservation> read(JsonParser json) throws IOException {
        PodReader pod = new PodReader();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "metadata" -> pod.metadata(json);
                case "spec" -> pod.spec(json);
                case "status" -> pod.status(json);
                default -> json.skipChildren();
            }
        }
        return new Watched<>(pod.resourceVersion, pod.observation());
    }

    private void metadata(JsonParser json) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "name" -> name = text(json);
                case "namespace" -> namespace = text(json);
                case "uid" -> uid = text(json);
                case "resourceVersion" -> resourceVersion = text(json);
                case "deletionTimestamp" -> isDeleted = json.currentToken() != JsonToken.VALUE_NULL;
                case "labels" -> texts(json, labels);
                case "annotations" -> annotations(json);
                case "finalizers" -> finalizers(json);
                default -> json.skipChildren();
            }
        }
    }

    private void finalizers(JsonParser json) throws IOException {
        while (json.currentToken() != JsonToken.VALUE_NULL && json.nextToken() != JsonToken.END_ARRAY) {
            isHeld |= text(json).equals(Names.FINALIZER_STATUS);
        }
    }

    private void annotations(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String annotation = json.currentName();
            json.nextToken();
            switch (annotation) {
                case Names.ANNOTATION_WORKFLOW_UID -> workflowUid = text(json);
                case Names.ANNOTATION_NODE_ID -> nodeId = text(json);
                case PodGateway.ANNOTATION_NODE_SEQ -> nodeSeq = text(json);
                case Names.ANNOTATION_MAIN_CONTAINERS -> mainContainers = text(json);
                default -> json.skipChildren();
            }
        }
    }

    private void spec(JsonParser json) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "nodeName" -> nodeName = text(json);
                case "containers", "initContainers" -> specContainers(json);
                default -> json.skipChildren();
            }
        }
    }

    private void specContainers(JsonParser json) throws IOException {
        while (isNextObject(json)) {
            String container = "";
            Map<String, String> amounts = Map.of();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                json.nextToken();
                switch (field) {
                    case "name" -> container = text(json);
                    case "resources" -> amounts = resources(json);
                    default -> json.skipChildren();
                }
            }
            requested.put(container, amounts);
        }
    }

    /** What is requested, else the limit. */
    private static Map<String, String> resources(JsonParser json) throws IOException {
        Map<String, String> limits = new HashMap<>(2);
        Map<String, String> requests = new HashMap<>(2);
        while (json.currentToken() != JsonToken.VALUE_NULL && json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "limits" -> texts(json, limits);
                case "requests" -> texts(json, requests);
                default -> json.skipChildren();
            }
        }
        limits.putAll(requests);
        return limits;
    }

    private void status(JsonParser json) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "phase" -> phase = text(json);
                case "reason" -> reason = text(json);
                case "message" -> message = text(json);
                case "podIP" -> podIp = text(json);
                case "startTime" -> startTime = text(json);
                case "conditions" -> conditions(json);
                case "initContainerStatuses" -> containerStatuses(json, initContainers);
                case "containerStatuses" -> containerStatuses(json, containers);
                default -> json.skipChildren();
            }
        }
    }

    private void conditions(JsonParser json) throws IOException {
        while (isNextObject(json)) {
            Map<String, String> condition = new HashMap<>();
            texts(json, condition);
            if (unscheduled == null
                    && "PodScheduled".equals(condition.get("type"))
                    && "False".equals(condition.get("status"))) {
                unscheduled = condition.get("reason") + ": " + condition.get("message");
            }
        }
    }

    private static void containerStatuses(JsonParser json, List<Container> into) throws IOException {
        while (isNextObject(json)) {
            Container container = new Container();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                json.nextToken();
                switch (field) {
                    case "name" -> container.name = text(json);
                    case "ready" -> container.ready = json.currentToken() == JsonToken.VALUE_TRUE;
                    case "state" -> state(json, container);
                    default -> json.skipChildren();
                }
            }
            into.add(container);
        }
    }

    private static void state(JsonParser json, Container container) throws IOException {
        while (json.currentToken() != JsonToken.VALUE_NULL && json.nextToken() == JsonToken.FIELD_NAME) {
            String state = json.currentName();
            if (json.nextToken() != JsonToken.START_OBJECT) {
                json.skipChildren();
                continue;
            }
            ContainerState known = switch (state) {
                case "terminated" -> ContainerState.TERMINATED;
                case "running" -> ContainerState.RUNNING;
                default -> ContainerState.WAITING;
            };
            container.state = known;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                json.nextToken();
                switch (field) {
                    case "reason" -> container.reason = text(json);
                    case "message" -> container.message = text(json);
                    case "exitCode" -> container.exitCode = json.getValueAsInt();
                    case "startedAt" -> container.startedAt = text(json);
                    case "finishedAt" -> container.finishedAt = text(json);
                    default -> json.skipChildren();
                }
            }
        }
    }

    private @Nullable PodObservation observation() {
        if (workflowUid == null || nodeId == null) {
            return null;
        }
        PodPhase known = knownPhase();
        boolean hasEnded = known == PodPhase.SUCCEEDED || known == PodPhase.FAILED;
        List<ContainerFacts> facts = new ArrayList<>(initContainers.size() + containers.size());
        for (Container container : initContainers) {
            facts.add(facts(container, container.name.equals(Names.EXECUTOR) ? Role.EXECUTOR : Role.INIT));
        }
        Set<String> mains =
                mainContainers == null ? Set.of(Names.MAIN) : Set.copyOf(Arrays.asList(mainContainers.split(",")));
        for (Container container : containers) {
            facts.add(facts(container, mains.contains(container.name) ? Role.MAIN : Role.SIDECAR));
        }
        // The kubelet still tells how a pod that is held has ended; without one, or without being held, it may vanish
        // before
        boolean mayTellMore = isHeld
                ? nodeName != null
                : facts.stream().anyMatch(container -> container.state() == ContainerState.RUNNING);
        boolean isGoing = isDeleted && !hasEnded && !mayTellMore;
        PodFacts pod = new PodFacts(
                name,
                known,
                reason,
                said(known),
                nodeName,
                podIp,
                time(startTime),
                facts,
                isGoing,
                hasEnded ? ResourcesDuration.of(requested, facts) : Map.of(),
                uid);
        return new PodObservation(
                namespace,
                workflowUid,
                nodeId,
                uid,
                PodObservation.nodeSeq(nodeSeq),
                "true".equals(labels.get(Names.LABEL_COMPLETED)),
                hold(),
                labels,
                pod);
    }

    private PodObservation.Hold hold() {
        if (!isHeld) {
            return PodObservation.Hold.NONE;
        }
        return isDeleted ? PodObservation.Hold.LEAVING : PodObservation.Hold.HELD;
    }

    private PodPhase knownPhase() {
        return switch (phase) {
            case "Running" -> PodPhase.RUNNING;
            case "Succeeded" -> PodPhase.SUCCEEDED;
            case "Failed" -> PodPhase.FAILED;
            case "Unknown" -> PodPhase.UNKNOWN;
            case null, default -> PodPhase.PENDING;
        };
    }

    private @Nullable String said(PodPhase known) {
        if (message != null && !message.isEmpty()) {
            return message;
        }
        return known == PodPhase.PENDING ? unscheduled : null;
    }

    private static ContainerFacts facts(Container container, Role role) {
        return new ContainerFacts(
                container.name,
                role,
                container.state,
                container.ready,
                container.reason,
                container.message,
                container.exitCode,
                time(container.startedAt),
                time(container.finishedAt));
    }

    private static boolean isNextObject(JsonParser json) throws IOException {
        return json.currentToken() != JsonToken.VALUE_NULL && json.nextToken() == JsonToken.START_OBJECT;
    }

    private static String text(JsonParser json) throws IOException {
        String value = json.getValueAsString();
        json.skipChildren();
        return value == null ? "" : value;
    }

    /** Adds an object's scalars as text. */
    private static void texts(JsonParser json, Map<String, String> into) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            String value = json.getValueAsString();
            if (value == null) {
                json.skipChildren();
            } else {
                into.put(field, value);
            }
        }
    }

    private static @Nullable Instant time(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            return text.endsWith("Z")
                    ? Instant.parse(text)
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            return null; // as if it weren't there: nothing is decided by it alone
        }
    }
}
