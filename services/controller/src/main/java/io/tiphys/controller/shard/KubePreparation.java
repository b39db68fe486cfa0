package io.tiphys.controller.shard;

import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tiphys.api.ApiJson;
import io.tiphys.api.ArgoResource;
import io.tiphys.api.ArtifactRepository;
import io.tiphys.api.ArtifactRepositoryRef;
import io.tiphys.api.ArtifactRepositoryRefStatus;
import io.tiphys.api.ClusterWorkflowTemplate;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowMetadata;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.api.WorkflowSpec;
import io.tiphys.api.WorkflowTemplate;
import io.tiphys.controller.archive.Archive;
import io.tiphys.controller.kube.ApiCalls;
import io.tiphys.controller.kube.ApiFailure;
import io.tiphys.controller.kube.WorkflowGateway;
import io.tiphys.controller.lifecycle.ArtifactGcFinalizer;
import io.tiphys.engine.Run;
import io.tiphys.engine.definition.References;
import io.tiphys.engine.definition.WorkflowDefinition;
import io.tiphys.messages.WorkflowRef;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@link Preparation} from the API server: reads templates and ConfigMaps, makes volume claims, sets the finalizer. */
public final class KubePreparation implements Preparation {
    private static final String STATUS_FOLLOWS = "tiphys.io/status-follows";
    private static final Duration STATUS_PATIENCE = Duration.ofMinutes(1);

    private final KubernetesClient client;
    private final ApiCalls calls;
    private final WorkflowGateway workflows;
    private final StoredElsewhere stored;
    private final SpecCheck check;
    private final Policies policies;
    private final Estimator estimator;
    private final ArtifactRepository defaultRepository;
    private final PredecessorPods predecessors;
    private final Clock clock;

    public KubePreparation(
            KubernetesClient client,
            ApiCalls calls,
            WorkflowGateway workflows,
            Archive archive,
            SpecCheck check,
            Policies policies,
            Estimator estimator,
            ArtifactRepository defaultRepository,
            Clock clock) {
        this.client = client;
        this.calls = calls;
        this.workflows = workflows;
        this.stored = new StoredElsewhere(archive);
        this.check = check;
        this.policies = policies;
        this.estimator = estimator;
        this.defaultRepository = defaultRepository;
        this.clock = clock;
        this.predecessors = new PredecessorPods(client, calls);
    }

    /** Says what is wrong with a workflow, if anything. */
    @FunctionalInterface
    public interface SpecCheck {
        /** One line for each problem, with the path of the field; empty if it is fine. */
        List<String> problems(Workflow workflow, References references);
    }

    @Override
    public Outcome prepare(Workflow submitted) throws InterruptedException {
        try {
            return prepareWhole(stored.whole(submitted));
        } catch (StoredElsewhere.Missing e) {
            return new Outcome.Invalid(outline(submitted), WorkflowPhase.FAILED, String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) { // what is written down somewhere is wrong, and stays so
            return refused(submitted, String.valueOf(e.getMessage()), true);
        } catch (KubernetesClientException e) {
            return refused(submitted, ApiFailure.reason(e), isLasting(e));
        } catch (IOException e) {
            return new Outcome.Unavailable(String.valueOf(e.getMessage()));
        }
    }

    /** A workflow that has nodes already waits for whoever mends it: its end would be theirs. */
    private Outcome refused(Workflow submitted, String message, boolean isLasting) {
        return isLasting && !isInherited(submitted)
                ? new Outcome.Invalid(outline(submitted), WorkflowPhase.ERROR, message)
                : new Outcome.Unavailable(message);
    }

    private static boolean isInherited(Workflow workflow) {
        WorkflowPhase phase = workflow.getStatus().phase();
        return phase != WorkflowPhase.UNKNOWN && phase != WorkflowPhase.PENDING;
    }

    private Definition outline(Workflow submitted) {
        return Definition.of(submitted, References.NONE, defaultRepository, null);
    }

    /**
     * Whether it fails the same way next time: the server refuses what was asked for as such, or an object isn't what its kind says. What
     * isn't allowed may be later, when the operator has seen it in the log: that is no mistake of the workflow's.
     */
    private static boolean isLasting(KubernetesClientException e) {
        boolean isForbidden = e.getCode() == 401 || e.getCode() == 403;
        if (ApiFailure.of(e) == ApiFailure.PERMANENT) {
            return !isForbidden;
        }
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof JsonEOFException) {
                return false; // the connection broke in the middle of the answer
            }
            if (cause instanceof MismatchedInputException) {
                return true;
            }
        }
        return false;
    }

    private Outcome prepareWhole(Workflow submitted) throws InterruptedException, IOException {
        Workflow workflow = policies.defaults().on(submitted);
        boolean isInherited = isInherited(workflow);
        References references =
                policies.defaults().below(references(workflow), workflow).frozenBy(workflow);
        Repository repository = repository(workflow);
        Definition definition = Definition.of(workflow, references, repository.repository(), repository.ref());
        if (!isInherited && isPromised(workflow)) {
            return isOverdue(workflow)
                    ? new Outcome.Invalid(definition, "the nodes that it was to begin with were never written")
                    : new Outcome.Unavailable("the status that it is to begin with is yet to be written");
        }
        if (isInherited) {
            return new Outcome.Ready(
                    definition, new Inheritance(stored.unpacked(workflow), predecessors.claim(workflow)));
        }
        Optional<String> refusal = policies.restrictions().refusal(submitted.getSpec());
        if (refusal.isPresent()) {
            return new Outcome.Invalid(definition, WorkflowPhase.ERROR, refusal.get());
        }
        WorkflowDefinition compiled = WorkflowDefinition.compile(workflow, references);
        if (compiled.problem() != null) {
            return new Outcome.Ready(definition, null); // it ends with that problem
        }
        List<String> problems = check.problems(workflow, references);
        if (!problems.isEmpty()) {
            return new Outcome.Invalid(definition, "invalid spec: " + String.join("; ", problems));
        }
        WorkflowSpec executed = compiled.spec();
        Optional<String> missing = ConfigMapArguments.problem(executed, references);
        if (missing.isPresent()) {
            return new Outcome.Invalid(definition, missing.get());
        }
        if (ArtifactGcFinalizer.applies(executed)) {
            workflows.addFinalizers(ref(workflow), List.of(ArtifactGcFinalizer.NAME));
        }
        StartMetadata metadata;
        try {
            metadata = policies.defaults()
                    .missing(submitted)
                    .and(StartMetadata.ofTemplate(workflow.getSpec().workflowTemplateRef()))
                    .and(metadata(executed, compiled));
        } catch (StartMetadata.Problem e) {
            return new Outcome.Invalid(definition, WorkflowPhase.ERROR, String.valueOf(e.getMessage()));
        }
        if (!metadata.isOn(submitted)) {
            workflows.decorate(ref(workflow), metadata.labels(), metadata.annotations());
        }
        makeVolumeClaims(workflow.withSpec(executed));
        makeDisruptionBudget(workflow.withSpec(executed));
        Workflow decorated = metadata.on(workflow);
        return new Outcome.Ready(
                Definition.of(decorated, references, repository.repository(), repository.ref())
                        .with(estimator.of(decorated)),
                null);
    }

    /** Whether whoever created the workflow is about to write a status with nodes that it begins with. */
    private static boolean isPromised(Workflow workflow) {
        var annotations = workflow.getMetadata().getAnnotations();
        return annotations != null && annotations.containsKey(STATUS_FOLLOWS);
    }

    private boolean isOverdue(Workflow workflow) {
        String created = workflow.getMetadata().getCreationTimestamp();
        return created != null
                && OffsetDateTime.parse(created)
                        .toInstant()
                        .plus(STATUS_PATIENCE)
                        .isBefore(clock.instant());
    }

    /** Fetches what the workflow refers to, and what that refers to, until nothing new turns up. */
    private References references(Workflow workflow) throws InterruptedException {
        String namespace = workflow.getMetadata().getNamespace();
        Map<References.Key, WorkflowSpec> specs = new HashMap<>();
        Set<References.Key> absent = new HashSet<>();
        References references = new References(specs, Map.of());
        for (boolean grew = true; grew; ) {
            grew = false;
            for (References.Key key : references.missing(workflow)) {
                if (!absent.contains(key)) {
                    WorkflowSpec spec = template(namespace, key);
                    if (spec == null) {
                        absent.add(key);
                    } else {
                        specs.put(key, spec);
                        grew = true;
                    }
                }
            }
            for (References.Key pattern : references.patterns(workflow)) {
                grew |= absent.add(pattern) && addTemplates(namespace, pattern, specs);
            }
            references = new References(specs, Map.of());
        }
        Map<String, Map<String, String>> configMaps = new HashMap<>();
        for (String name : references.configMapNames(workflow)) {
            if (name.contains("{{")) {
                addConfigMaps(namespace, new References.Key(name, false), configMaps);
                continue;
            }
            ConfigMap found = calls.call(
                    "get config map",
                    () -> client.configMaps()
                            .inNamespace(namespace)
                            .withName(name)
                            .get());
            if (found != null && found.getData() != null && ConfigMapArguments.isForParameters(found)) {
                configMaps.put(name, found.getData());
            }
        }
        return new References(specs, configMaps);
    }

    /** Adds the templates that a name with tags may mean; returns whether there was a new one. */
    private boolean addTemplates(String namespace, References.Key pattern, Map<References.Key, WorkflowSpec> specs)
            throws InterruptedException {
        boolean grew = false;
        for (ArgoResource<WorkflowSpec> template : templates(namespace, pattern.clusterScope())) {
            String name = template.getMetadata().getName();
            grew |= pattern.mayMean(name)
                    && specs.putIfAbsent(new References.Key(name, pattern.clusterScope()), template.getSpec()) == null;
        }
        return grew;
    }

    /** Adds the ConfigMaps for parameters that a name with tags may mean. */
    private void addConfigMaps(String namespace, References.Key pattern, Map<String, Map<String, String>> configMaps)
            throws InterruptedException {
        List<ConfigMap> candidates = calls.call(
                "list config maps",
                () -> client.configMaps()
                        .inNamespace(namespace)
                        .withLabel(ConfigMapArguments.LABEL, ConfigMapArguments.PARAMETERS)
                        .list()
                        .getItems());
        for (ConfigMap candidate : candidates) {
            if (pattern.mayMean(candidate.getMetadata().getName()) && candidate.getData() != null) {
                configMaps.put(candidate.getMetadata().getName(), candidate.getData());
            }
        }
    }

    private List<? extends ArgoResource<WorkflowSpec>> templates(String namespace, boolean clusterScope)
            throws InterruptedException {
        return clusterScope
                ? calls.call(
                        "list cluster workflow templates",
                        () -> client.resources(ClusterWorkflowTemplate.class)
                                .list()
                                .getItems())
                : calls.call(
                        "list workflow templates",
                        () -> client.resources(WorkflowTemplate.class)
                                .inNamespace(namespace)
                                .list()
                                .getItems());
    }

    private @Nullable WorkflowSpec template(String namespace, References.Key key) throws InterruptedException {
        if (key.clusterScope()) {
            ClusterWorkflowTemplate found = calls.call(
                    "get cluster workflow template",
                    () -> client.resources(ClusterWorkflowTemplate.class)
                            .withName(key.name())
                            .get());
            return found == null ? null : found.getSpec();
        }
        WorkflowTemplate found = calls.call(
                "get workflow template",
                () -> client.resources(WorkflowTemplate.class)
                        .inNamespace(namespace)
                        .withName(key.name())
                        .get());
        return found == null ? null : found.getSpec();
    }

    private record Repository(
            ArtifactRepository repository, @Nullable ArtifactRepositoryRefStatus ref) {}

    /** The repository that the workflow names, that of its namespace, or the controller's own. */
    private Repository repository(Workflow workflow) throws InterruptedException {
        ArtifactRepositoryRef wanted = workflow.getSpec().artifactRepositoryRef();
        String name = ArtifactRepositoryRef.configMapOf(wanted);
        String namespace = workflow.getMetadata().getNamespace();
        ConfigMap found = calls.call(
                "get config map",
                () -> client.configMaps().inNamespace(namespace).withName(name).get());
        String key = ArtifactRepositoryRef.keyOf(
                wanted, found == null ? null : found.getMetadata().getAnnotations());
        String text = found == null || found.getData() == null || key == null
                ? null
                : found.getData().get(key);
        if (text == null) {
            return new Repository(
                    defaultRepository, new ArtifactRepositoryRefStatus(null, null, null, true, defaultRepository));
        }
        ArtifactRepository repository = parsed(text, namespace, name, String.valueOf(key));
        return new Repository(
                repository,
                ApiJson.mapper()
                        .convertValue(
                                Map.of(
                                        "configMap",
                                        name,
                                        "key",
                                        key,
                                        "namespace",
                                        namespace,
                                        "artifactRepository",
                                        repository),
                                ArtifactRepositoryRefStatus.class));
    }

    private static ArtifactRepository parsed(String text, String namespace, String configMap, String key) {
        try {
            return Serialization.unmarshal(text, ArtifactRepository.class);
        } catch (RuntimeException e) {
            String detail = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
            throw new IllegalArgumentException(
                    "the artifact repository under \"%s\" in ConfigMap %s/%s can't be read: %s"
                            .formatted(key, namespace, configMap, detail),
                    e);
        }
    }

    private static StartMetadata metadata(WorkflowSpec spec, WorkflowDefinition compiled) throws StartMetadata.Problem {
        WorkflowMetadata wanted = spec.workflowMetadata();
        return wanted == null
                ? StartMetadata.NONE
                : StartMetadata.of(wanted, Run.create(compiled).scope());
    }

    private void makeDisruptionBudget(Workflow workflow) throws InterruptedException {
        PodDisruptionBudget budget = DisruptionBudget.of(workflow).orElse(null);
        if (budget == null) {
            return;
        }
        try {
            calls.call(
                    "create pod disruption budget",
                    () -> client.resource(budget).create());
        } catch (KubernetesClientException e) {
            if (ApiFailure.of(e) != ApiFailure.ALREADY_EXISTS) {
                throw e;
            }
        }
    }

    private void makeVolumeClaims(Workflow workflow) throws InterruptedException {
        for (PersistentVolumeClaim claim : VolumeClaims.claims(workflow)) {
            try {
                calls.call(
                        "create volume claim",
                        () -> client.persistentVolumeClaims()
                                .inNamespace(claim.getMetadata().getNamespace())
                                .resource(claim)
                                .create());
            } catch (KubernetesClientException e) {
                if (ApiFailure.of(e) != ApiFailure.ALREADY_EXISTS) {
                    throw e;
                }
            }
        }
    }

    private static WorkflowRef ref(Workflow workflow) {
        var meta = workflow.getMetadata();
        return new WorkflowRef(meta.getNamespace(), meta.getName(), meta.getUid());
    }
}
