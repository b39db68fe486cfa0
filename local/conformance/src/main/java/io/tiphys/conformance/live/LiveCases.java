package io.tiphys.conformance.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.api.InvalidManifestException;
import io.tiphys.api.Manifest;
import io.tiphys.conformance.suite.ActionScript;
import io.tiphys.conformance.suite.CaseException;
import io.tiphys.conformance.suite.CaseFolder;
import io.tiphys.conformance.suite.Configuration;
import io.tiphys.conformance.suite.ConformanceCase;
import io.tiphys.conformance.suite.Mode;
import io.tiphys.conformance.suite.Needs;
import io.tiphys.conformance.suite.Relocated;
import io.tiphys.conformance.suite.Step;
import io.tiphys.conformance.suite.Surroundings;
import io.tiphys.conformance.suite.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** Cases on a running system. Each gets a namespace, which is deleted in the end with all that is in it. */
public final class LiveCases {
    /** How long cases may take. */
    public record Patience(Duration usual, Duration long_) {
        Duration of(ConformanceCase wanted) {
            return wanted.needs("minutes") ? long_ : usual;
        }
    }

    /** Others may write an object that is shared at the same time. */
    private static final int ATTEMPTS = 10;

    private static final Pattern CHANCE = Pattern.compile("\\b(random|randomly|flaky)\\b");

    private final CaseFolder folder;
    private final Needs needs;
    private final Cluster cluster;
    private final Door door;
    private final String objectStore;
    private final FileServer files;
    private final Patience patience;
    private final boolean keepMissed;
    private final SystemConfiguration configuration;
    private final SharedObjects shared = new SharedObjects();
    private final AtomicInteger count = new AtomicInteger();
    private final String prefix;

    /**
     * Cases of a folder on an instance.
     *
     * @param files for cases that name a server of their own
     * @param prefix what the namespaces' names begin with
     * @param keepMissed leaves the namespaces of missed cases behind, to be looked at
     */
    public LiveCases(
            CaseFolder folder,
            Needs needs,
            Instance instance,
            FileServer files,
            String prefix,
            Patience patience,
            boolean keepMissed) {
        this.files = files;
        this.folder = folder;
        this.needs = needs;
        this.cluster = new Cluster(new Api(instance.kubernetes()));
        this.configuration = new SystemConfiguration(cluster);
        this.door = new Door(new Api(instance.door()));
        this.objectStore = instance.objectStore();
        this.prefix = prefix;
        this.patience = patience;
        this.keepMissed = keepMissed;
    }

    /** What the case wants the system to be told. */
    public Configuration configuration(ConformanceCase wanted) {
        try {
            return wanted.mode() == Mode.SUBMIT
                    ? Configuration.of(wanted, folder.documents(wanted))
                    : Configuration.NONE;
        } catch (CaseException | InvalidManifestException e) {
            return Configuration.NONE; // which is told when the case runs
        }
    }

    /** Has the system run by this; what becomes of all cases that want it if it doesn't. */
    public Optional<Verdict> configure(Configuration wanted) throws InterruptedException {
        return configuration.tell(wanted);
    }

    /** Leaves the system as it was before the first of them. */
    public void restoreConfiguration() throws InterruptedException {
        configuration.restore();
    }

    /** Runs a case that is to be submitted or applied. */
    public Verdict run(ConformanceCase wanted) throws InterruptedException {
        List<Manifest> documents = folder.documents(wanted);
        Optional<String> unmet = wanted.mode() == Mode.APPLY ? Optional.empty() : needs.unmet(wanted, documents);
        if (unmet.isPresent()) {
            return new Verdict.Skip(unmet.get());
        }
        return switch (ActionScript.parse(wanted.action(), wanted.expected())) {
            case ActionScript.Parsed.Unknown(var clause)
            when wanted.mode() == Mode.SUBMIT ->
                new Verdict.Skip("its action \"" + clause + "\" is nothing that is known here");
            case ActionScript.Parsed.Unknown _ -> inNamespace(wanted, documents, List.of());
            case ActionScript.Parsed.Steps(var steps) -> withLuck(wanted, documents, steps);
        };
    }

    /** What says of itself that chance decides may be tried a few times. */
    private Verdict withLuck(ConformanceCase wanted, List<Manifest> documents, List<Step> steps)
            throws InterruptedException {
        Verdict verdict = inNamespace(wanted, documents, steps);
        int attempts = CHANCE.matcher(wanted.expected()).find() ? 3 : 1;
        for (int i = 1; i < attempts && verdict instanceof Verdict.Miss; i++) {
            verdict = inNamespace(wanted, documents, steps);
        }
        return verdict;
    }

    private Verdict inNamespace(ConformanceCase wanted, List<Manifest> documents, List<Step> steps)
            throws InterruptedException {
        String namespace = prefix + "-" + count.incrementAndGet();
        Map<JsonNode, Manifest> objects = new LinkedHashMap<>();
        List<JsonNode> global = new ArrayList<>();
        for (Manifest document : documents) {
            if (wanted.mode() == Mode.SUBMIT && Configuration.isOne(document)) {
                continue; // the system has it
            }
            ObjectNode object = Cleansing.fresh(document, "case");
            Relocated.inPlace(object, files.url() + "/" + namespace);
            if (cluster.isClusterScoped(object)) {
                global.add(object);
            }
            objects.put(object, document);
        }
        shared.claim(global);
        boolean keep = false;
        try {
            cluster.createNamespace(namespace);
            if (wanted.mode() == Mode.SUBMIT) {
                for (JsonNode object : Surroundings.of(wanted, documents).objects(objectStore, namespace)) {
                    create(object, namespace);
                }
            }
            Verdict verdict = wanted.mode() == Mode.APPLY
                    ? apply(List.copyOf(objects.keySet()), namespace)
                    : submit(wanted, List.copyOf(objects.keySet()), namespace, steps);
            keep = keepMissed && verdict instanceof Verdict.Miss;
            return verdict;
        } finally {
            for (JsonNode unused : shared.release(global)) {
                cluster.delete(unused, "");
            }
            if (!keep) {
                cluster.deleteNamespace(namespace);
            }
        }
    }

    /** Creates all of them; each must read back with the spec that was written. */
    private Verdict apply(List<JsonNode> objects, String namespace) throws InterruptedException {
        for (JsonNode object : objects) {
            if (object.path("kind").asText("").equals("Workflow") && objects.size() > 1) {
                continue; // it only stands there to be used with the others
            }
            JsonNode created = create(object, namespace);
            String name = created.path("metadata").path("name").asText("");
            Api.Answer read = cluster.read(object, namespace, name);
            String what = object.path("kind").asText("") + " " + name;
            if (!read.isOk()) {
                return new Verdict.Miss(what + " can't be read back: " + read.message());
            }
            for (String part : List.of("spec", "data")) {
                if (object.has(part) && !read.body().path(part).equals(object.path(part))) {
                    return new Verdict.Miss(what + " reads back with another " + part);
                }
            }
        }
        return new Verdict.Pass();
    }

    private Verdict submit(ConformanceCase wanted, List<JsonNode> objects, String namespace, List<Step> steps)
            throws InterruptedException {
        int subject = -1;
        for (int i = 0; i < objects.size(); i++) {
            subject = objects.get(i).path("kind").asText("").equals("Workflow") ? i : subject;
        }
        if (subject < 0) {
            return new Verdict.Skip("has no Workflow to submit");
        }
        for (Step step : steps) {
            if (step instanceof Step.Submit(var parameters) && objects.get(subject) instanceof ObjectNode workflow) {
                Cleansing.setParameters(workflow, parameters);
            }
        }
        String name = "";
        for (int i = 0; i < objects.size(); i++) {
            JsonNode created = create(objects.get(i), namespace);
            name = i == subject ? created.path("metadata").path("name").asText("") : name;
        }
        return new LiveRun(cluster, door, namespace, name, patience.of(wanted)).follow(wanted, steps);
    }

    private JsonNode create(JsonNode object, String namespace) throws InterruptedException {
        Api.Answer answer = cluster.create(object, namespace);
        for (int i = 0; i < ATTEMPTS && answer.code() == 409 && object instanceof ObjectNode mine; i++) {
            String name = object.path("metadata").path("name").asText("");
            JsonNode there = cluster.read(object, namespace, name).body();
            ObjectNode replacing = mine.deepCopy();
            if (replacing.path("metadata") instanceof ObjectNode metadata) {
                metadata.set("resourceVersion", there.path("metadata").path("resourceVersion"));
            }
            answer = cluster.replace(replacing, namespace);
        }
        if (!answer.isOk()) {
            throw new CaseException(object.path("kind").asText("") + " "
                    + object.path("metadata").path("name").asText("") + " was refused: " + answer.message());
        }
        return answer.body();
    }
}
