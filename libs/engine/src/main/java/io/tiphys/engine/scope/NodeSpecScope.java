package io.tiphys.engine.scope;

import io.tiphys.engine.Node;
import io.tiphys.expression.Scope;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the workflow's own volumes, {@code podSpecPatch} and the like may say of the node whose pod they go into: its inputs and its pod's
 * name, and what steps or tasks before it have put out.
 */
public final class NodeSpecScope implements Scope {
    private final Scope node;
    private final Scope boundary;

    public NodeSpecScope(Node node) {
        this.node = new PodScope(node);
        this.boundary = BoundaryScope.of(node.run(), node.boundary());
    }

    @Override
    public @Nullable Object get(String name) {
        boolean isOfOthers = name.startsWith("steps.") || name.startsWith("tasks.");
        return isOfOthers ? boundary.get(name) : node.get(name);
    }

    @Override
    public @Nullable Instant now() {
        return node.now();
    }

    @Override
    public Collection<String> names() {
        Set<String> names = new LinkedHashSet<>(boundary.names());
        names.addAll(node.names());
        return names;
    }
}
