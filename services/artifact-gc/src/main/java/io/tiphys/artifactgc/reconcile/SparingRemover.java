package io.tiphys.artifactgc.reconcile;

import io.tiphys.artifactgc.plan.Deletion;
import io.tiphys.artifactgc.plan.Outcome;
import io.tiphys.artifactgc.plan.References;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Iterator;
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
        List<Set<String>> forbidding =
                deletions.stream().map(References::forbidding).toList();
        Set<String> asked = new HashSet<>();
        forbidding.forEach(asked::addAll);
        Map<String, Set<String>> holders = references.holders(asked);
        BitSet referenced = new BitSet();
        List<Deletion> free = new ArrayList<>(deletions.size());
        for (int n = 0; n < deletions.size(); n++) {
            if (isReferenced(deletions.get(n).workflow().uid(), forbidding.get(n), holders)) {
                referenced.set(n);
            } else {
                free.add(deletions.get(n));
            }
        }
        Iterator<Outcome> removed = remover.remove(free).iterator();
        List<Outcome> outcomes = new ArrayList<>(deletions.size());
        for (int n = 0; n < deletions.size(); n++) {
            outcomes.add(referenced.get(n) ? new Outcome.Referenced(deletions.get(n)) : removed.next());
        }
        return outcomes;
    }

    private static boolean isReferenced(String own, Set<String> forbidding, Map<String, Set<String>> holders) {
        return forbidding.stream()
                .flatMap(mark -> holders.getOrDefault(mark, Set.of()).stream())
                .anyMatch(uid -> !uid.equals(own));
    }
}
