package io.tiphys.controller.simulation;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.controller.kube.WorkflowGateway;
import io.tiphys.messages.WorkflowRef;
import io.tiphys.testkit.simulator.Dice;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** {@link WorkflowGateway} by the rules of KubeWorkflowGateway, on an API server that doesn't always answer. */
final class SimulatedWorkflowGateway implements WorkflowGateway {
    private final World world;
    private final SimulatedCluster cluster;
    private final String replica;
    private final Dice dice;

    SimulatedWorkflowGateway(World world, SimulatedCluster cluster, String replica, Dice dice) {
        this.world = world;
        this.cluster = cluster;
        this.replica = replica;
        this.dice = dice;
    }

    private <T> T call(Supplier<T> effect) {
        World.Request request = world.request();
        if (request == World.Request.REFUSED) {
            throw new KubernetesClientException("too many requests", 429, null);
        }
        T answer = effect.get();
        if (request == World.Request.UNANSWERED) {
            throw new KubernetesClientException("timeout");
        }
        return answer;
    }

    @Override
    public Optional<Workflow> get(WorkflowRef workflow) {
        return call(() -> Optional.ofNullable(cluster.workflow(workflow.name(), workflow.uid())));
    }

    @Override
    public Optional<Workflow> writeStatus(
            Workflow known, Map<String, @Nullable String> labels, UnaryOperator<WorkflowStatus> status) {
        String name = known.getMetadata().getName();
        return call(() -> {
            // a conflict with what others wrote is answered by reading it again, as the real one does
            Workflow written = cluster.change(
                    name,
                    known.getMetadata().getUid(),
                    current -> current.withStatus(status.apply(current.getStatus()))
                            .withMetadata(labelled(current, labels).build()));
            if (written != null) {
                world.note(() -> replica + " writes status of " + name + ": "
                        + written.getStatus().phase());
            }
            return Optional.ofNullable(written);
        });
    }

    @Override
    public Optional<Workflow> reopen(Workflow known, Map<String, @Nullable String> labels) {
        return writeStatus(
                known,
                labels,
                status -> status.withPhase(WorkflowPhase.RUNNING)
                        .withMessage(null)
                        .withFinishedAt(null));
    }

    @Override
    public void label(WorkflowRef workflow, Map<String, @Nullable String> labels) {
        call(() -> Optional.ofNullable(cluster.change(
                workflow.name(),
                workflow.uid(),
                current -> current.withMetadata(labelled(current, labels).build()))));
    }

    private static ObjectMetaBuilder labelled(Workflow current, Map<String, @Nullable String> labels) {
        ObjectMetaBuilder meta = new ObjectMetaBuilder(current.getMetadata());
        labels.forEach((name, value) -> {
            if (value == null) {
                meta.removeFromLabels(name);
            } else {
                meta.addToLabels(name, value);
            }
        });
        return meta;
    }

    @Override
    public void decorate(WorkflowRef workflow, Map<String, String> labels, Map<String, String> annotations) {
        call(() -> {
            @Nullable
            Workflow labelled = cluster.change(
                    workflow.name(),
                    workflow.uid(),
                    current -> current.withMetadata(new ObjectMetaBuilder(current.getMetadata())
                            .addToLabels(labels)
                            .addToAnnotations(annotations)
                            .build()));
            return labelled != null;
        });
    }

    @Override
    public void ensureDisruptionBudget(PodDisruptionBudget budget) {
        call(() -> cluster.budgets.add(budget.getMetadata().getName()));
    }

    @Override
    public void deleteDisruptionBudget(WorkflowRef workflow) {
        call(() -> cluster.budgets.remove(workflow.name()));
    }

    @Override
    public void addFinalizers(WorkflowRef workflow, List<String> finalizers) {
        throw new UnsupportedOperationException("simulated workflows have no finalizers");
    }

    @Override
    public void ensureVolumeClaims(List<PersistentVolumeClaim> claims) {
        if (!claims.isEmpty() && cluster.claimsRefused > 0) {
            cluster.claimsRefused--;
            throw new KubernetesClientException(
                    "exceeded quota: few",
                    403,
                    new StatusBuilder().withMessage("exceeded quota: few").build());
        }
        call(() -> claims.stream()
                .map(claim -> cluster.claims.add(claim.getMetadata().getName()))
                .toList());
    }

    @Override
    public void deleteVolumeClaims(String namespace, List<String> names) {
        call(() -> cluster.claims.removeAll(names));
    }

    @Override
    public void delete(WorkflowRef workflow) {
        call(() -> {
            Workflow found = cluster.workflow(workflow.name(), workflow.uid());
            if (found != null) {
                cluster.delete(found, dice);
            }
            return true;
        });
    }
}
