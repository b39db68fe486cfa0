package io.tiphys.artifactgc.reconcile;

import io.tiphys.artifactgc.plan.Deletion;
import io.tiphys.artifactgc.plan.Outcome;
import io.tiphys.artifactgc.plan.References;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Leaves alone what another live workflow refers to. */
public final class SparingRemover implements ArtifactRemover {
    private final LiveReferences references;
    private final ArtifactRemover remover;

    public SparingRemover(LiveReferences references, ArtifactRemover remover) {
        this.references = references;
        this.remover = remover;
    }

    /** @throws io.fabric8.kubernetes.client.KubernetesClientException if the references can't be read: then nothing is deleted */
    @Override
    public List<Outcome> remove(List<Deletion> deletions) {
        if (deletions.isEmpty()) {
            return List.of();
        }
        Set<String> asked = new HashSet<>();
        deletions.forEach(deletion -> asked.addAll(References.forbidding(deletion)));
        Map<String, Set<String>> holders = references.holders(asked);
        List<Deletion> free = deletions.stream()
                .filter(deletion -> !isReferenced(deletion, holders))
                .toList();
        Map<Deletion, Outcome> outcomes = new HashMap<>();
        remover.remove(free).forEach(outcome -> outcomes.put(outcome.deletion(), outcome));
        List<Outcome> inOrder = new ArrayList<>(deletions.size());
        deletions.forEach(deletion -> {
            Outcome outcome = outcomes.get(deletion);
            inOrder.add(outcome == null ? new Outcome.Referenced(deletion) : outcome);
        });
        return inOrder;
    }

    private static boolean isReferenced(Deletion deletion, Map<String, Set<String>> holders) {
        String own = deletion.workflow().uid();
        return References.forbidding(deletion).stream()
                .flatMap(mark -> holders.getOrDefault(mark, Set.of()).stream())
                .anyMatch(uid -> !uid.equals(own));
    }
}
