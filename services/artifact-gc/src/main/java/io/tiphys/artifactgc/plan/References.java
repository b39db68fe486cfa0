package io.tiphys.artifactgc.plan;

import io.tiphys.api.Artifact;
import io.tiphys.api.NodeStatus;
import io.tiphys.api.Template;
import io.tiphys.api.Workflow;
import io.tiphys.artifactgc.plan.Locations.ObjectName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which objects a workflow needs, so that no other's policy takes them away. Marks stand for objects: {@code =} in front of one
 * that is needed, {@code <} in front of each directory above it; a deletion asks for its object under both, and for the
 * directories above it as needed ones, since a directory may be an artifact as well.
 */
public final class References {
    private References() {}

    /**
     * What a workflow needs.
     *
     * @param until holds if the workflow doesn't change: its policy takes more as delays pass
     */
    public record Needs(Set<String> marks, Instant until) {}

    /**
     * What a workflow marks. One that runs needs all that it names, written or not; one that has completed needs the outputs
     * that its own policy doesn't take now; one that is being deleted needs nothing.
     */
    public static Needs needsOf(Workflow workflow, Instant now) {
        if (GcPlan.isBeingDeleted(workflow)) {
            return new Needs(Set.of(), Instant.MAX);
        }
        List<Artifact> needed = new ArrayList<>();
        boolean runs = !GcPlan.isCompleted(workflow);
        if (runs) {
            needed.addAll(workflow.getSpec().arguments().artifacts());
            Policies.executedSpec(workflow).templates().forEach(template -> addAll(needed, template));
            workflow.getStatus().storedTemplates().values().forEach(template -> addAll(needed, template));
        }
        for (NodeStatus node : workflow.getStatus().nodes().values()) {
            if (node.outputs() != null) {
                needed.addAll(node.outputs().artifacts());
            }
            if (runs && node.inputs() != null) {
                needed.addAll(node.inputs().artifacts());
            }
        }
        WholeLocations locations = new WholeLocations(workflow.getStatus());
        Set<ObjectName> names = new HashSet<>();
        for (Artifact artifact : needed) {
            if (!artifact.deleted()) {
                Locations.objectName(locations.of(artifact)).ifPresent(names::add);
            }
        }
        Instant until = Instant.MAX;
        if (!runs) {
            GcPlan plan = GcPlan.of(workflow, now);
            plan.deletions()
                    .forEach(deletion ->
                            Locations.objectName(deletion.artifact()).ifPresent(names::remove));
            until = plan.later().stream()
                    .flatMap(later -> Stream.ofNullable(later.dueAt()))
                    .min(Comparator.naturalOrder())
                    .orElse(Instant.MAX);
        }
        Set<String> marks = new HashSet<>();
        for (ObjectName name : names) {
            marks.add(mark('=', name.place(), name.key()));
            above(name.key()).forEach(directory -> marks.add(mark('<', name.place(), directory)));
        }
        return new Needs(marks, until);
    }

    /** The marks of others that forbid a deletion. */
    public static Set<String> forbidding(Deletion deletion) {
        return Locations.objectName(deletion.artifact())
                .map(name -> {
                    Set<String> marks = above(name.key()).stream()
                            .map(directory -> mark('=', name.place(), directory))
                            .collect(Collectors.toSet());
                    marks.add(mark('=', name.place(), name.key()));
                    marks.add(mark('<', name.place(), name.key()));
                    return marks;
                })
                .orElse(Set.of());
    }

    private static void addAll(List<Artifact> needed, Template template) {
        needed.addAll(template.inputs().artifacts());
        needed.addAll(template.outputs().artifacts());
    }

    private static List<String> above(String key) {
        List<String> directories = new ArrayList<>();
        for (int slash = key.lastIndexOf('/'); slash > 0; slash = key.lastIndexOf('/', slash - 1)) {
            directories.add(key.substring(0, slash));
        }
        return directories;
    }

    private static String mark(char sign, String place, String key) {
        return sign + place + "\n" + key;
    }
}
