package io.tiphys.expression;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing that a user may write holds up the one who evaluates it. */
@Timeout(20)
class HostileInputTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "repeat('x', 1000000000)",
                "reduce(1..100000, #acc + #acc, 'x')",
                "1..1000000000",
                "map(1..3000, map(1..3000, map(1..3000, #)))",
                "flatten(map(1..5000, 1..5000))",
                "sprig.untilStep(0, 1000000000, 1)",
                "sprig.repeat(999999999, 'x')",
                "split(repeat('a', 1000000), '') | map(repeat(#, 1000000)) | join('')",
            })
    void endsInAFailure(String source) {
        assertThat(ExprTest.compiled(source).evaluate(Scope.empty())).isInstanceOf(Expr.Evaluation.Failed.class);
    }

    @Test
    void deepNestingDoesNotCompile() {
        for (String unit : new String[] {"(", "[", "-", "!", "{a:", "map([1], "}) {
            assertThat(Expr.compile(unit.repeat(100_000) + "1")).isInstanceOf(Expr.Compilation.Invalid.class);
        }
        assertThat(Expr.compile("1" + " + 1".repeat(100_000))).isInstanceOf(Expr.Compilation.Invalid.class);
        assertThat(Expr.compile("a" + ".b".repeat(100_000))).isInstanceOf(Expr.Compilation.Invalid.class);
    }

    @Test
    void conditionsOfThousandsOfTermsAreDecided() {
        String terms = "1 == 0 || ".repeat(20_000);
        assertThat(When.evaluate(terms + "2 == 2")).isEqualTo(new When.Verdict.Decided(true));
        assertThat(When.evaluate(terms + "2 == 3")).isEqualTo(new When.Verdict.Decided(false));
        assertThat(When.evaluate("1 in (" + "0, ".repeat(20_000) + "1)")).isEqualTo(new When.Verdict.Decided(true));
        for (String unit : new String[] {"(", "!", "-", "~"}) {
            assertThat(When.evaluate(unit.repeat(20_000) + "1")).isInstanceOf(When.Verdict.Invalid.class);
        }
    }

    @Test
    void regularExpressionsMatchInLinearTime() {
        Expr expr = ExprTest.compiled("repeat('a', 50000) + '!' matches '^(a+)+$'");
        assertThat(expr.evaluate(Scope.empty())).isEqualTo(new Expr.Evaluation.Value(false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sprig.regexFindAll('a[^b]*b|a', repeat('a', 1000000), -1)",
                "sprig.regexReplaceAll('a[^b]*b|a', repeat('a', 1000000), 'c')",
                "sprig.regexSplit('a[^b]*b|a', repeat('a', 1000000), -1)",
                "repeat('a', 1000000) matches '(a{1,99}){1,9}b'",
                "any(1..100000, 'a' matches repeat('{a: ', 2000))",
            })
    void searchesThatEachLookAtTheWholeTextAreCounted(String source) {
        assertThat(ExprTest.compiled(source).evaluate(Scope.empty()))
                .isInstanceOfSatisfying(
                        Expr.Evaluation.Failed.class,
                        failed -> assertThat(failed.message()).contains("regular expressions take too long"));
    }

    @Test
    void searchesOfConditionsAreCounted() {
        assertThat(When.evaluate("'" + "a".repeat(1_000_000) + "' =~ '(a{1,99}){1,9}b'"))
                .isInstanceOf(When.Verdict.Invalid.class);
    }

    @Test
    void longRegularExpressionsAreRefusedWhereverTheyStand() {
        String pattern = "{a: ".repeat(3_000);
        assertThat(Expr.compile("'a' matches '" + pattern + "'")).isInstanceOf(Expr.Compilation.Invalid.class);
        assertThat(ExprTest.compiled("sprig.regexMatch('" + pattern + "', 'a')").evaluate(Scope.empty()))
                .isInstanceOf(Expr.Evaluation.Failed.class);
    }

    @Test
    void manyBracesAreRenderedInOnePass() {
        String text = "{{".repeat(200_000) + "x" + "}}".repeat(200_000);
        assertThat(CompiledText.compile(text).render(Scope.empty())).isNotNull();
        assertThat(CompiledText.compile("{{".repeat(300_000)).render(Scope.empty()))
                .isInstanceOf(Rendering.Rendered.class);
    }

    @Test
    void deepJsonIsRefused() {
        String json = "[".repeat(100_000);
        assertThat(ExprTest.compiled("fromJSON(repeat('[', 100000))").evaluate(Scope.empty()))
                .isInstanceOf(Expr.Evaluation.Failed.class);
        assertThat(json).hasSize(100_000);
    }

    @Test
    void longTextsAreFast() {
        String text = "{{a}} ".repeat(100_000);
        long start = System.nanoTime();
        Rendering rendering = CompiledText.compile(text).render(name -> "v");
        assertThat(rendering).isInstanceOf(Rendering.Rendered.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }
}
