package io.tiphys.expression;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WhenTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "`` ; true",
                "true ; true",
                "heads == heads ; true",
                "heads == tails ; false",
                "heads != tails ; true",
                "\"a b\" == 'a b' ; true",
                "'' == '' ; true",
                "1 == 1.0 ; true",
                "1 == '1' ; false",
                "5 > 3 && 2 <= 2 ; true",
                "a < b ; true",
                "false || !false ; true",
                "!(1 == 2) ; true",
                "abc =~ '^a' ; true",
                "abc !~ 'x' ; true",
                "b in (a, b, c) ; true",
                "d in (a, b, c) ; false",
                "(a == a) || (b == c) && false ; true",
                "1 + 2 * 3 == 7 ; true",
                "10 - 3 - 2 == 5 ; true",
                "-1 < 0 ; true",
                "a + b == ab ; true",
                "1 == 1 ? true : false ; true",
                "[a b] == 'a b' ; true",
                "'2026-01-02' > '2026-01-01' ; true",
                "0x10 == 16 ; true",
                "false && nobody ; false",
            })
    void decides(String when, boolean expected) {
        assertThat(When.evaluate(when)).isEqualTo(new When.Verdict.Decided(expected));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{{x}} == true ; Invalid 'when' expression '{{x}} == true': Invalid token: '{{' (hint: try wrapping the affected expression in quotes (\"))",
                "` == true` ; Invalid 'when' expression ' == true': Cannot transition token types from UNKNOWN [<nil>] to COMPARATOR [==]",
                "a b ; Invalid 'when' expression 'a b': Cannot transition token types from VARIABLE [a] to VARIABLE [b]",
                "a == ; Invalid 'when' expression 'a ==': Unexpected end of expression",
                "(a == b ; Invalid 'when' expression '(a == b': Unbalanced parenthesis",
                "'a ; Invalid 'when' expression ''a': Unclosed string literal",
                "f(a) ; Invalid 'when' expression 'f(a)': Undefined function f",
                "!a ; Failed to parse 'when' expression '!a': Cannot transition token types from PREFIX [!] to STRING [a]",
                "my-app == x ; Failed to evaluate 'when' expresion 'my-app == x': Value 'my' cannot be used with the modifier '-', it is not a number",
                "a > 1 ; Failed to evaluate 'when' expresion 'a > 1': Value 'a' cannot be used with the comparator '>', it is not a number",
                "a && true ; Failed to evaluate 'when' expresion 'a && true': Value 'a' cannot be used with the logical operator '&&', it is not a bool",
                "a ; Expected boolean evaluation for 'a'. Got a",
                "1 + 1 ; Expected boolean evaluation for '1 + 1'. Got 2",
                "a.B == c ; Failed to evaluate 'when' expresion 'a.B == c': No parameter 'a' found.",
                "a.b == c ; Invalid 'when' expression 'a.b == c': Unable to access unexported field 'b' in token 'a.b'",
            })
    void explains(String when, String expected) {
        assertThat(When.evaluate(when)).isEqualTo(new When.Verdict.Invalid(expected));
    }

    @Test
    void deepNestingIsNoCondition() {
        String deep = "(".repeat(100_000) + "true" + ")".repeat(100_000);
        assertThat(When.evaluate(deep)).isInstanceOf(When.Verdict.Invalid.class);
    }
}
