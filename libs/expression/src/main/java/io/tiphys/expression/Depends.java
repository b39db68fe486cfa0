package io.tiphys.expression;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * The compiled condition {@code depends} of a DAG task.
 *
 * <p>A task is looked at once <em>all</em> the {@linkplain #tasks tasks that it names} are done, even where the answer is known earlier
 * (Argo does so too), so a counter of tasks not done is enough to know when. Most conditions are {@linkplain #isConjunction conjunctions}
 * of one clause per task; these can be decided by counting the clauses that don't hold as tasks finish, without walking anything.
 */
public final class Depends {

    /**
     * {@code task} has at least one of the results.
     *
     * @param results bits of {@link TaskResult}
     */
    public record Clause(String task, int results) {
        public boolean holds(int actual) {
            return (actual & results) != 0;
        }
    }

    /** What became of compiling a condition. */
    public sealed interface Compilation {
        record Compiled(Depends depends) implements Compilation {}

        record Invalid(String message) implements Compilation {}
    }

    /** How a task that is named without a result counts: {@code continueOn} of that task. */
    public record ContinueOn(boolean error, boolean failed) {
        public static final ContinueOn NOTHING = new ContinueOn(false, false);

        int results() {
            return TaskResult.SUCCEEDED.bit()
                    | TaskResult.SKIPPED.bit()
                    | TaskResult.DAEMONED.bit()
                    | (error ? TaskResult.ERRORED.bit() : 0)
                    | (failed ? TaskResult.FAILED.bit() : 0);
        }
    }

    /** {@code continueOn} of each task of the DAG. */
    @FunctionalInterface
    public interface Tasks {
        ContinueOn continueOn(String task);
    }

    private final Formula formula;
    private final Map<String, Integer> mentioned;
    private final List<Clause> clauses;

    Depends(Formula formula) {
        this.formula = formula;
        this.mentioned = new LinkedHashMap<>();
        formula.mention(mentioned);
        List<Clause> found = new ArrayList<>();
        this.clauses = formula.asConjunction(found) ? List.copyOf(found) : List.of();
    }

    /** Compiles {@code depends}. Bare names mean {@code Succeeded || Skipped || Daemoned}, and what {@code continueOn} of that task adds. */
    public static Compilation compile(String depends, Tasks tasks) {
        return DependsParser.parse(depends, tasks);
    }

    /** The old form {@code dependencies: [A, B]}; an empty list always holds. */
    public static Depends ofDependencies(List<String> dependencies, Tasks tasks) {
        List<Formula> all = new ArrayList<>();
        for (String task : dependencies) {
            all.add(new Formula.Term(task, tasks.continueOn(task).results(), true));
        }
        return new Depends(new Formula.And(all));
    }

    /** Every task that is named, in order of appearance. */
    public Set<String> tasks() {
        return java.util.Collections.unmodifiableSet(mentioned.keySet());
    }

    /** Tasks whose {@code AnySucceeded} or {@code AllFailed} is asked for; they must be loops. */
    public List<String> loopsExpected() {
        int loop = TaskResult.ANY_SUCCEEDED.bit() | TaskResult.ALL_FAILED.bit();
        return mentioned.entrySet().stream()
                .filter(entry -> (entry.getValue() & loop) != 0)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Whether the condition is a conjunction of clauses about single tasks. */
    public boolean isConjunction() {
        return !clauses.isEmpty() || mentioned.isEmpty();
    }

    /** The clauses of a conjunction, else empty. A task may have several. */
    public List<Clause> clauses() {
        return clauses;
    }

    /** Whether the condition holds, given the results of each task as bits of {@link TaskResult}. */
    public boolean holds(ToIntFunction<String> resultsOf) {
        return formula.holds(resultsOf);
    }

    /** The condition with all bare names spelled out. */
    @Override
    public String toString() {
        return formula.show();
    }
}
