package io.tiphys.expression;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The functions of sprig on regular expressions. */
final class SprigPatterns {
    private SprigPatterns() {}

    static void register(Map<String, Function> functions) {
        SprigNames.must(functions, "regexMatch", a -> matcher(a.expect(2)).find());
        SprigNames.must(functions, "regexFind", a -> {
            Matcher matcher = matcher(a.expect(2));
            return matcher.find() ? matcher.group() : "";
        });
        SprigNames.must(functions, "regexFindAll", a -> {
            Matcher matcher = matcher(a.expect(3));
            List<Object> found = new ArrayList<>();
            long limit = a.integer(2);
            while ((limit < 0 || found.size() < limit) && matcher.find()) {
                a.budget().elements(1);
                found.add(matcher.group());
            }
            return found;
        });
        SprigNames.must(
                functions,
                "regexReplaceAll",
                a -> replaceAll(a, expansion(a.expect(3).text(2))));
        SprigNames.must(
                functions,
                "regexReplaceAllLiteral",
                a -> replaceAll(a, Matcher.quoteReplacement(a.expect(3).text(2))));
        SprigNames.must(functions, "regexSplit", a -> regexSplit(a.expect(3)));
        functions.put("regexQuoteMeta", a -> Pattern.quote(a.expect(1).text(0)));
    }

    private static Matcher matcher(Arguments arguments) {
        return arguments.budget().matcher(arguments.text(0), arguments.text(1));
    }

    private static String replaceAll(Arguments arguments, String replacement) {
        try {
            String replaced = matcher(arguments).replaceAll(replacement);
            arguments.budget().characters(replaced.length());
            return replaced;
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new ExprProblem("bad replacement \"" + arguments.text(2) + "\"");
        }
    }

    /** Go's {@code ${1}} is {@code $1} in Java. */
    private static String expansion(String replacement) {
        return replacement.replace("\\", "\\\\").replaceAll("\\$\\{([0-9]+)}", "\\$$1");
    }

    private static List<@Nullable Object> regexSplit(Arguments arguments) {
        Matcher matcher = matcher(arguments);
        String text = arguments.text(1);
        long limit = arguments.integer(2);
        List<@Nullable Object> parts = new ArrayList<>();
        int start = 0;
        if (limit == 0) {
            return Collections.unmodifiableList(parts);
        }
        while ((limit < 0 || parts.size() < limit - 1) && matcher.find()) {
            arguments.budget().elements(1);
            if (matcher.end() > 0) {
                parts.add(text.substring(start, matcher.start()));
                start = matcher.end();
            }
        }
        parts.add(text.substring(start));
        return parts;
    }
}
