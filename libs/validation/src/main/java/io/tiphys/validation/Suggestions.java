package io.tiphys.validation;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** The way out, for messages: names that are known. */
final class Suggestions {
    private static final int SHOWN = 8;
    /** More names than these are not looked through: there may be thousands, for each of thousands of problems. */
    private static final int COMPARED = 300;

    private record Candidate(String name, int distance) {}

    private Suggestions() {}

    /** {@code ; did you mean x?} if something known is nearly the same, else "". */
    static String of(String wrong, Collection<String> known) {
        int most = Math.max(wrong.length() < 5 ? 1 : 2, wrong.length() / 4);
        return known.stream()
                .limit(COMPARED)
                .map(name -> new Candidate(name, distance(name, wrong)))
                .filter(candidate -> candidate.distance() <= most)
                .min(Comparator.comparingInt(Candidate::distance))
                .map(candidate -> "; did you mean " + candidate.name() + "?")
                .orElse("");
    }

    /** {@code ; known: a, b}, the nearest first. */
    static String known(String wrong, Collection<String> known) {
        if (known.isEmpty()) {
            return "; there are none";
        }
        List<String> nearest = known.stream()
                .filter(name -> !name.isEmpty())
                .limit(COMPARED)
                .map(name -> new Candidate(name, distance(name, wrong)))
                .sorted(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
                .limit(SHOWN)
                .map(Candidate::name)
                .toList();
        return "; known: " + String.join(", ", nearest) + (known.size() > SHOWN ? ", …" : "");
    }

    static String shortened(String text) {
        return text.length() <= 60 ? text : text.substring(0, 57) + "…";
    }

    /** How many characters must change, at most 40 looked at. */
    private static int distance(String from, String to) {
        String a = from.substring(0, Math.min(40, from.length()));
        String b = to.substring(0, Math.min(40, to.length()));
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
