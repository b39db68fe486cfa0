package io.tiphys.testkit.fuzz;

import io.tiphys.testkit.simulator.Dice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Changes of a manifest as text: what YAML itself can be made to swallow, and what a bad copy makes of it. */
final class TextMutations {
    private static final List<String> SCALARS = List.of(
            "~",
            "0x1F",
            "0o17",
            "1_000",
            ".inf",
            "-.INF",
            ".NaN",
            "2001-01-01",
            "!!binary aGVsbG8=",
            "!!int x",
            "!!python/object:x {}",
            "*a",
            "&a x",
            "&a [*a]",
            "{<<: *a}",
            "? a",
            "|",
            ">-",
            "'",
            "\"",
            "[",
            "{",
            "]",
            "}",
            ",",
            "- - - x",
            "@x",
            "`x",
            "%x",
            "# x",
            "yes",
            "no",
            "on",
            "012",
            "1e3",
            "+1",
            "- ",
            ": ",
            "...",
            "---",
            "\t",
            "null",
            "!!set {a, b}",
            "!!omap [a: b]",
            "!<tag:yaml.org,2002:str> 5",
            "=");

    private static final List<String> CHARACTERS = List.of(
            "\u0000",
            "\u0007",
            "\t",
            "\r",
            "\u0085",
            "\u00a0",
            "\u2028",
            "\ufeff",
            "\ufffe",
            "\ud800",
            "\udc00",
            "\ud83d\ude80",
            "\u202e",
            "{",
            "}",
            "[",
            "]",
            ":",
            "-",
            "&",
            "*",
            "!",
            "|",
            ">",
            "'",
            "\"",
            "%",
            "@",
            "`",
            "#",
            ",",
            "?",
            "\\",
            "\n",
            " ");

    private TextMutations() {}

    static String mutate(String text, Dice dice) {
        return switch (dice.below(13)) {
            case 0 -> text.substring(0, dice.below(text.length() + 1));
            case 1, 2 -> splice(text, dice.below(text.length() + 1), 0, dice.pick(CHARACTERS));
            case 3 -> splice(text, dice.below(text.length() + 1), dice.between(1, 8), "");
            case 4 -> splice(text, dice.below(text.length() + 1), 1, dice.pick(CHARACTERS));
            case 5, 6 -> scalar(text, dice);
            case 7, 8 -> lines(text, dice);
            case 9 -> text + "\n" + aliases(dice);
            case 10 -> text + "\n---\n" + text;
            case 11 -> deep(text, dice);
            default -> indented(text, dice);
        };
    }

    private static String splice(String text, int at, int remove, String insert) {
        int end = Math.min(text.length(), at + remove);
        return text.substring(0, at) + insert + text.substring(end);
    }

    /** Another value behind some key. */
    private static String scalar(String text, Dice dice) {
        List<Integer> ends = new ArrayList<>();
        for (int i = text.indexOf(": "); i >= 0; i = text.indexOf(": ", i + 1)) {
            ends.add(i + 2);
        }
        if (ends.isEmpty()) {
            return text;
        }
        int from = dice.pick(ends);
        int to = text.indexOf('\n', from);
        return splice(text, from, (to < 0 ? text.length() : to) - from, dice.pick(SCALARS));
    }

    /** Lines that are gone, there twice, or elsewhere. */
    private static String lines(String text, Dice dice) {
        List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
        String line = lines.get(dice.below(lines.size()));
        switch (dice.below(3)) {
            case 0 -> lines.remove(line);
            case 1 -> lines.add(lines.indexOf(line), line);
            default -> lines.add(dice.below(lines.size() + 1), line);
        }
        return String.join("\n", lines);
    }

    private static String indented(String text, Dice dice) {
        List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
        int at = dice.below(lines.size());
        String line = lines.get(at);
        lines.set(at, dice.coin() ? "  " + line : line.isEmpty() ? line : line.substring(1));
        return String.join("\n", lines);
    }

    /** A value that begins and begins. */
    private static String deep(String text, Dice dice) {
        String opening = dice.pick(List.of("[", "{a: ", "{\"a\":", "[{", "- ", "? "));
        return splice(text, dice.below(text.length() + 1), 0, opening.repeat(dice.between(10, 20_000)));
    }

    /** Aliases of aliases: a few lines that stand for a billion values. */
    private static String aliases(Dice dice) {
        int levels = dice.between(2, dice.oneIn(10) ? 40 : 4);
        int width = dice.between(1, 6);
        StringBuilder bomb = new StringBuilder("x0: &a0 [z, z]\n");
        for (int i = 1; i < levels; i++) {
            String alias = "*a" + (i - 1);
            bomb.append("x" + i + ": &a" + i + " [" + (alias + ", ").repeat(width) + alias + "]\n");
        }
        return bomb.toString();
    }
}
