package io.tiphys.testkit.simulator;

import io.tiphys.engine.Run;
import java.util.List;

/** What must be so whatever happens. Throws an {@link AssertionError} that says what isn't. Sees one run, so it may keep a memory of it. */
public interface Invariant {
    /** Called after every step; costs what the step changed. */
    void after(Step step);

    /** Called when the run has reached its end. */
    default void atTheEnd(Run run) {}

    /** Those that hold for every run. */
    static List<Invariant> all() {
        return List.of(
                new NodesEndOnce(),
                new DependenciesFirst(),
                new ParallelismKept(),
                new EndIsTheEnd(),
                new OrdersFitNodes());
    }
}
