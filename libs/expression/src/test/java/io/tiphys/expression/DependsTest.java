package io.tiphys.expression;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DependsTest {
    private static final Depends.Tasks PLAIN = _ -> Depends.ContinueOn.NOTHING;

    private static Depends compiled(String depends, Depends.Tasks tasks) {
        return switch (Depends.compile(depends, tasks)) {
            case Depends.Compilation.Compiled(var compiled) -> compiled;
            case Depends.Compilation.Invalid(var message) -> throw new AssertionError(message);
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "A ; true",
                "F ; false",
                "A && S ; true",
                "A && O ; false",
                "O || A ; true",
                "F.Failed && !A.Failed ; true",
                "not F.Succeeded and (A or F) ; true",
                "(A || F) && F.Succeeded ; false",
                "my-task.Succeeded ; true",
                "L.AnySucceeded && !L.AllFailed ; true",
                "O.Omitted ; true",
            })
    void holds(String depends, boolean expected) {
        Map<String, Integer> results = Map.of(
                "A", TaskResult.SUCCEEDED.bit(),
                "F", TaskResult.FAILED.bit(),
                "S", TaskResult.SKIPPED.bit(),
                "O", TaskResult.OMITTED.bit(),
                "my-task", TaskResult.SUCCEEDED.bit(),
                "L", TaskResult.FAILED.bit() | TaskResult.ANY_SUCCEEDED.bit());
        assertThat(compiled(depends, PLAIN).holds(results::get)).isEqualTo(expected);
    }

    @Test
    void continueOnWidensBareNamesOnly() {
        Depends.Tasks tasks = task -> new Depends.ContinueOn(task.equals("A"), true);
        assertThat(compiled("A && B.Succeeded", tasks))
                .hasToString("(A.Succeeded || A.Failed || A.Errored || A.Skipped || A.Daemoned) && B.Succeeded");
    }

    @Test
    void conjunctionsHaveAClausePerTask() {
        Depends depends = compiled("A && (B.Succeeded || B.Failed) && C.Omitted", PLAIN);
        assertThat(depends.isConjunction()).isTrue();
        assertThat(depends.clauses()).extracting(Depends.Clause::task).containsExactly("A", "B", "C");
        assertThat(compiled("A || B", PLAIN).isConjunction()).isFalse();
        assertThat(compiled("A || B", PLAIN).clauses()).isEmpty();
        assertThat(depends.tasks()).containsExactly("A", "B", "C");
    }

    @Test
    void largeConjunctionsStayFlat() {
        List<String> tasks = IntStream.range(0, 100_000).mapToObj(i -> "t" + i).toList();
        Depends depends = compiled(String.join(" && ", tasks), PLAIN);
        assertThat(depends.clauses()).hasSize(100_000);
        assertThat(depends.holds(_ -> TaskResult.SUCCEEDED.bit())).isTrue();
        assertThat(Depends.ofDependencies(tasks, PLAIN).clauses()).isEqualTo(depends.clauses());
    }

    @Test
    void tellsLoops() {
        assertThat(compiled("A.AnySucceeded || B", PLAIN).loopsExpected()).containsExactly("A");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "A.Happy ; task result 'Happy' for task 'A' is invalid",
                "A && ; expected a task name at the end of \"A &&\"",
                "A & B ; unexpected '&' at character 3",
                "(A ; missing ')' at character 3",
                "A B ; unexpected 'B' at character 3",
                "&& A ; expected a task name but found '&' at character 1",
            })
    void explains(String depends, String expected) {
        assertThat(Depends.compile(depends, PLAIN)).isEqualTo(new Depends.Compilation.Invalid(expected));
    }

    @Test
    void deepNestingIsRefused() {
        String deep = "(".repeat(50_000) + "A" + ")".repeat(50_000);
        assertThat(Depends.compile(deep, PLAIN)).isInstanceOf(Depends.Compilation.Invalid.class);
    }
}
