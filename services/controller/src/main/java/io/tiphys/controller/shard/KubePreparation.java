package io.tiphys.controller.shard;

import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tiphys.api.ArtifactRepository;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowMetadata;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.api.WorkflowSpec;
import io.tiphys.controller.archive.Archive;
import io.tiphys.controller.kube.ApiCalls;
import io.tiphys.controller.kube.ApiFailure;
import io.tiphys.controller.kube.WorkflowGateway;
import io.tiphys.controller.lifecycle.ArtifactGcFinalizer;
import io.tiphys.engine.EngineSettings;
import io.tiphys.engine.Run;
import io.tiphys.engine.definition.ConfigMapArguments;
import io.tiphys.engine.definition.References;
import io.tiphys.engine.definition.WorkflowDefinition;
import io.tiphys.messages.WorkflowRef;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** {@link Preparation} from the API server: what a workflow is to run by, checked, and what has to be there before it does. */
public final class KubePreparation implements Preparation {
    private final WorkflowGateway workflows;
    private final StoredElsewhere stored;
    private final SpecCheck check;
    private final Policies policies;
    private final Estimator estimator;
    private final ArtifactRepository defaultRepository;
    private final PredecessorPods predecessors;
    private final ReferencedObjects objects;
    private final ArtifactRepositories repositories;
    private final EngineSettings engine;
    private final ReentrantLock adopting = new ReentrantLock();

    public KubePreparation(
            KubernetesClient client,
            ApiCalls calls,
            WorkflowGateway workflows,
            Archive archive,
            SpecCheck check,
            Policies policies,
            Estimator estimator,
            ArtifactRepository defaultRepository,
            EngineSettings engine) {
        this.workflows = workflows;
        this.stored = new StoredElsewhere(archive);
        this.check = check;
        this.policies = policies;
        this.estimator = estimator;
        this.defaultRepository = defaultRepository;
        this.engine = engine;
        this.predecessors = new PredecessorPods(client, calls);
        this.objects = new ReferencedObjects(client, calls);
        this.repositories = new ArtifactRepositories(objects, defaultRepository);
    }

    /** Says what is wrong with a workflow, if anything. */
    @FunctionalInterface
    public interface SpecCheck {
        /** One line for each problem, with the path of the field; empty if it is fine. */
        List<String> problems(Workflow workflow, References references);
    }

    @Override
    public Outcome prepare(Workflow submitted, int shard) throws InterruptedException {
        try {
            return prepareWhole(stored.whole(submitted), shard);
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

    private Outcome prepareWhole(Workflow submitted, int shard) throws InterruptedException, IOException {
        Workflow workflow = policies.defaults().on(submitted);
        boolean isInherited = isInherited(workflow);
        References references =
                policies.defaults().below(objects.of(workflow), workflow).frozenBy(workflow);
        WorkflowDefinition compiled = WorkflowDefinition.compile(workflow, references);
        WorkflowSpec executed = compiled.spec();
        ArtifactRepositories.Repository repository = repositories.of(workflow.withSpec(executed));
        Definition definition = Definition.of(workflow, references, repository.repository(), repository.ref());
        if (isInherited) {
            return new Outcome.Ready(
                    definition, new Inheritance(adopted(workflow, definition), predecessors.claim(workflow, shard)));
        }
        Optional<String> refusal = policies.restrictions().refusal(submitted.getSpec());
        if (refusal.isPresent()) {
            return new Outcome.Invalid(definition, WorkflowPhase.ERROR, refusal.get());
        }
        if (compiled.problem() != null) {
            return new Outcome.Ready(definition, null); // it ends with that problem
        }
        List<String> problems = check.problems(workflow, references);
        if (!problems.isEmpty()) {
            return new Outcome.Invalid(definition, "invalid spec: " + String.join("; ", problems));
        }
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
        Workflow decorated = metadata.on(workflow);
        Definition ready = Definition.of(decorated, references, repository.repository(), repository.ref())
                .with(estimator.of(decorated));
        return new Belongings(workflow.withSpec(executed))
                .ensure(workflows)
                .<Outcome>map(makesNoSense -> new Outcome.Invalid(ready, WorkflowPhase.ERROR, makesNoSense))
                .orElseGet(() -> new Outcome.Ready(ready, null));
    }

    /** Where the workflow stands by its status. One at a time: 100,000 nodes take some 150 MiB until they are a run. */
    private Run adopted(Workflow workflow, Definition definition) throws IOException, InterruptedException {
        adopting.lockInterruptibly();
        try {
            return Run.adopt(definition.compiled(engine), stored.unpacked(workflow));
        } finally {
            adopting.unlock();
        }
    }

    private static StartMetadata metadata(WorkflowSpec spec, WorkflowDefinition compiled) throws StartMetadata.Problem {
        WorkflowMetadata wanted = spec.workflowMetadata();
        return wanted == null
                ? StartMetadata.NONE
                : StartMetadata.of(wanted, Run.create(compiled).scope());
    }

    private static WorkflowRef ref(Workflow workflow) {
        var meta = workflow.getMetadata();
        return new WorkflowRef(meta.getNamespace(), meta.getName(), meta.getUid());
    }
}
