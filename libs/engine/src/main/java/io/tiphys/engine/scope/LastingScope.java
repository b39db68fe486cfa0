package io.tiphys.engine.scope;

import io.tiphys.expression.Scope;
import java.time.Instant;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What of a scope stays the same as long as the workflow runs. Whatever isn't kept but made anew when a run is restored is made of
 * this; it knows no time, since the second time is another one. (Argo makes it anew each time that it looks at a node: what changed
 * meanwhile would give the node another name.)
 */
public final class LastingScope implements Scope {
    private static final Set<String> PASSING = Set.of("workflow.status", "workflow.failures", "workflow.duration");

    private final Scope scope;

    public LastingScope(Scope scope) {
        this.scope = scope;
    }

    @Override
    public @Nullable Object get(String name) {
        return PASSING.contains(name) ? null : scope.get(name);
    }

    @Override
    public @Nullable Instant now() {
        return null;
    }

    @Override
    public Collection<String> names() {
        return scope.names().stream().filter(name -> !PASSING.contains(name)).toList();
    }
}
