package io.tiphys.artifactgc.reconcile;

import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.artifactgc.plan.GcPlan;
import io.tiphys.artifactgc.plan.Workflows;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Kubernetes with one workflow in it that counts, and some others. */
final class OneWorkflow implements WorkflowGateway {
    Workflow current = Workflows.completed("{}", "");
    final List<Workflow> others = new ArrayList<>();
    final List<String> informed = new ArrayList<>();
    int conflicts;
    /** What somebody else does in a conflict. */
    Runnable meanwhile = () -> {};

    int written;
    int requests;
    int reads;
    final List<String> warnings = new ArrayList<>();

    List<String> finalizers() {
        return current.getMetadata().getFinalizers();
    }

    @Override
    public Optional<Workflow> find(String namespace, String name) {
        reads++;
        return all().filter(workflow -> workflow.getMetadata().getName().equals(name))
                .findFirst();
    }

    private Stream<Workflow> all() {
        return Stream.concat(Stream.of(current), others.stream());
    }

    @Override
    public void forEachSeen(Consumer<Seen> visitor) {
        all().map(Workflow::getMetadata)
                .forEach(metadata -> visitor.accept(new Seen(
                        metadata.getNamespace(),
                        metadata.getName(),
                        metadata.getUid(),
                        metadata.getResourceVersion(),
                        metadata.getDeletionTimestamp() != null,
                        metadata.getFinalizers().contains(GcPlan.FINALIZER))));
    }

    @Override
    public Workflow writeStatus(Workflow base, WorkflowStatus status) throws ConflictException {
        request();
        write(base, status);
        return current;
    }

    @Override
    public void letGo(Workflow base, WorkflowStatus status) throws ConflictException {
        request();
        if (!status.equals(base.getStatus())) {
            write(base, status);
        }
        current.getMetadata().getFinalizers().remove(GcPlan.FINALIZER);
    }

    private void request() throws ConflictException {
        if (conflicts-- > 0) {
            meanwhile.run();
            throw new ConflictException(new IllegalStateException("resourceVersion"));
        }
        requests++;
    }

    private void write(Workflow base, WorkflowStatus status) {
        written++;
        current = base.withStatus(status);
    }

    @Override
    public void forEach(Consumer<Workflow> visitor) {
        all().forEach(workflow -> {
            reads++;
            visitor.accept(workflow);
        });
    }

    @Override
    public void inform(Workflow workflow, String message) {
        informed.add(message);
    }

    @Override
    public void warn(Workflow workflow, List<String> reasons) {
        warnings.addAll(reasons);
    }
}
