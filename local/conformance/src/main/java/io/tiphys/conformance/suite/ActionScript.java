package io.tiphys.conformance.suite;

import io.tiphys.conformance.suite.Step.Moment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The small language in which cases say what a client does. Clauses stand between commas, {@code then} and {@code and}:
 * {@code resume}, {@code suspend}, {@code stop}, {@code terminate}, {@code retry}, {@code set outputs a=b on SELECTOR},
 * {@code submit with parameter a=b}; {@code with selector SELECTOR} and {@code once …} may follow. A selector that the clause
 * leaves out stands in the case's expectation, after the same word.
 */
public final class ActionScript {
    private static final Pattern CLAUSES = Pattern.compile("\\s*(?:[,;]|->)\\s*(?:then\\s+|and\\s+)?|\\s+then\\s+");
    private static final Pattern ASIDE = Pattern.compile("\\s*\\([^)]*\\)");
    private static final Pattern ASSIGNMENT = Pattern.compile("([\\w.-]+)=(\"[^\"]*\"|'[^']*'|\\S+)");
    private static final Pattern MESSAGE = Pattern.compile("--message[ =]\"?([^\"]+?)\"?(?:\\s->|$|\\s(?=--))");

    private final String expected;
    private final List<Step> steps = new ArrayList<>();
    private String lastKey = "displayName";
    private @Nullable String unknown;

    private ActionScript(String expected) {
        this.expected = expected;
    }

    /** What the words mean. */
    public sealed interface Parsed {
        record Steps(List<Step> steps) implements Parsed {
            public Steps {
                steps = List.copyOf(steps);
            }
        }

        /** A clause that nobody here understands. */
        record Unknown(String clause) implements Parsed {}
    }

    /**
     * Reads an action.
     *
     * @param action the words; "" is no action
     * @param expected the case's expectation, which may hold selectors
     */
    public static Parsed parse(String action, String expected) {
        ActionScript script = new ActionScript(expected);
        for (String clause : CLAUSES.split(ASIDE.matcher(action).replaceAll(""), -1)) {
            if (!clause.isBlank()) {
                script.clause(clause.strip());
            }
        }
        return script.unknown == null ? new Parsed.Steps(script.steps) : new Parsed.Unknown(script.unknown);
    }

    private void clause(String clause) {
        String text = clause.replaceFirst("^(then|and|first|argo|tiphys)\\s+", "");
        int once = indexOf(text, "\\b(once|when|while|after|as soon as)\\b");
        if (once >= 0) {
            Optional<Moment> moment = moment(text.substring(once));
            if (moment.isEmpty()) {
                unknown = clause;
                return;
            }
            steps.add(new Step.Await(moment.get()));
            text = text.substring(0, once).strip();
        }
        String verb = text.split("\\s+", 2)[0];
        String rest = text.substring(verb.length()).strip();
        switch (verb) {
            case "resume" -> steps.add(new Step.Resume(selector("resume", rest)));
            case "suspend", "pause" -> steps.add(new Step.Suspend());
            case "stop" -> steps.add(new Step.Stop(selector("stop", rest), message(rest)));
            case "terminate" -> steps.add(new Step.Terminate());
            case "retry" -> {
                steps.add(new Step.Await(Moment.OVER));
                steps.add(new Step.Retry());
            }
            case "set" -> set(clause, rest);
            case "submit" -> {
                Map<String, String> parameters = assignments(rest);
                if (parameters.isEmpty()) {
                    unknown = clause;
                }
                steps.addFirst(new Step.Submit(parameters));
            }
            case "" -> {}
            default -> unknown = clause;
        }
    }

    private void set(String clause, String rest) {
        int on = indexOf(rest, "\\bon\\b");
        Map<String, String> values = assignments(on < 0 ? rest : rest.substring(0, on));
        if (values.isEmpty()) {
            unknown = clause;
            return;
        }
        String where = on < 0 ? "" : rest.substring(on + 2).strip();
        steps.add(new Step.SetOutputs(where.isEmpty() || where.contains("=") ? where : "displayName=" + where, values));
    }

    /** The clause's own selector, or the one that the expectation names after this verb. */
    private String selector(String verb, String rest) {
        Matcher given = ASSIGNMENT.matcher(rest);
        if (given.find()) {
            return remember(given.group());
        }
        if (!rest.contains("selector")) {
            return "";
        }
        Matcher named =
                Pattern.compile("\\b" + verb + " (?:with )?selector (\\S+)").matcher(expected);
        if (named.find()) {
            String found = named.group(1);
            return found.contains("=") ? remember(found) : lastKey + "=" + found;
        }
        unknown = verb + " " + rest;
        return "";
    }

    private String remember(String selector) {
        lastKey = selector.substring(0, selector.indexOf('='));
        return selector;
    }

    private String message(String rest) {
        for (String text : List.of(rest, expected)) {
            Matcher matcher = MESSAGE.matcher(text);
            if (matcher.find()) {
                return matcher.group(1);
            }
        }
        return "";
    }

    private static Map<String, String> assignments(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        Matcher matcher = ASSIGNMENT.matcher(text);
        while (matcher.find()) {
            values.put(matcher.group(1), unquoted(matcher.group(2)));
        }
        return values;
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() > 1 && (value.startsWith("\"") || value.startsWith("'"));
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    private static int indexOf(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        return matcher.find() ? matcher.start() : -1;
    }

    private static Optional<Moment> moment(String text) {
        if (text.matches(".*\\bpod\\b.*\\b(runs|running|started|starts)\\b.*")
                || text.matches("\\w+ (running|it runs|started)")) {
            return Optional.of(Moment.POD_RUNS);
        }
        if (text.matches(".*\\bmain\\b.*\\b(succeeded|succeeds|done|over)\\b.*")) {
            return Optional.of(Moment.MAIN_SUCCEEDED);
        }
        if (text.matches(".*\\b(completed|finished|over|failed|done|ended|ends)\\b.*")) {
            return Optional.of(Moment.OVER);
        }
        return Optional.empty();
    }
}
