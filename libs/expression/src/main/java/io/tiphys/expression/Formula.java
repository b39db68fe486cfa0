package io.tiphys.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/** A boolean form over the results of tasks. */
sealed interface Formula {

    boolean holds(ToIntFunction<String> resultsOf);

    /** Adds each task with the results asked of it. */
    void mention(Map<String, Integer> tasks);

    /** Adds the clauses if this is a conjunction of clauses about one task each, else returns false. */
    boolean asConjunction(List<Depends.Clause> clauses);

    String show();

    /** The task has one of the results; {@code bare}: written without a result. */
    record Term(String task, int results, boolean bare) implements Formula {
        @Override
        public boolean holds(ToIntFunction<String> resultsOf) {
            return (resultsOf.applyAsInt(task) & results) != 0;
        }

        @Override
        public void mention(Map<String, Integer> tasks) {
            tasks.merge(task, results, (a, b) -> a | b);
        }

        @Override
        public boolean asConjunction(List<Depends.Clause> clauses) {
            clauses.add(new Depends.Clause(task, results));
            return true;
        }

        @Override
        public String show() {
            List<String> words = new ArrayList<>();
            for (TaskResult result : TaskResult.values()) {
                if ((results & result.bit()) != 0) {
                    words.add(task + "." + result.word());
                }
            }
            return words.size() == 1 ? words.getFirst() : "(" + String.join(" || ", words) + ")";
        }
    }

    /** All hold. */
    record And(List<Formula> parts) implements Formula {
        public And {
            parts = List.copyOf(parts);
        }

        @Override
        public boolean holds(ToIntFunction<String> resultsOf) {
            for (Formula part : parts) {
                if (!part.holds(resultsOf)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public void mention(Map<String, Integer> tasks) {
            parts.forEach(part -> part.mention(tasks));
        }

        @Override
        public boolean asConjunction(List<Depends.Clause> clauses) {
            return parts.stream().allMatch(part -> part.asConjunction(clauses));
        }

        @Override
        public String show() {
            return String.join(" && ", parts.stream().map(Formula::show).toList());
        }
    }

    /** One holds. */
    record Or(List<Formula> parts) implements Formula {
        public Or {
            parts = List.copyOf(parts);
        }

        @Override
        public boolean holds(ToIntFunction<String> resultsOf) {
            for (Formula part : parts) {
                if (part.holds(resultsOf)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public void mention(Map<String, Integer> tasks) {
            parts.forEach(part -> part.mention(tasks));
        }

        @Override
        public boolean asConjunction(List<Depends.Clause> clauses) {
            String task = null;
            int results = 0;
            for (Formula part : parts) {
                if (!(part instanceof Term term) || (task != null && !task.equals(term.task()))) {
                    return false;
                }
                task = term.task();
                results |= term.results();
            }
            if (task != null) {
                clauses.add(new Depends.Clause(task, results));
            }
            return task != null;
        }

        @Override
        public String show() {
            return "(" + String.join(" || ", parts.stream().map(Formula::show).toList()) + ")";
        }
    }

    /** The other doesn't hold. */
    record Not(Formula part) implements Formula {
        @Override
        public boolean holds(ToIntFunction<String> resultsOf) {
            return !part.holds(resultsOf);
        }

        @Override
        public void mention(Map<String, Integer> tasks) {
            part.mention(tasks);
        }

        @Override
        public boolean asConjunction(List<Depends.Clause> clauses) {
            return false;
        }

        @Override
        public String show() {
            return "!" + (part instanceof Term ? part.show() : "(" + part.show() + ")");
        }
    }
}
