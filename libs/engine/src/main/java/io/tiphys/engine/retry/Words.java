package io.tiphys.engine.retry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Durations in words, as Argo puts them into messages: {@code 2 seconds}, {@code 1 minute 30 seconds}. */
final class Words {
    private Words() {}

    static String of(Duration duration) {
        List<String> words = new ArrayList<>();
        add(words, duration.toDays(), "day");
        add(words, duration.toHoursPart(), "hour");
        add(words, duration.toMinutesPart(), "minute");
        add(words, duration.toSecondsPart(), "second");
        if (words.isEmpty()) {
            return "0 seconds";
        }
        return String.join(" ", words.subList(0, Math.min(2, words.size())));
    }

    private static void add(List<String> words, long count, String unit) {
        if (count > 0) {
            words.add(count + " " + unit + (count == 1 ? "" : "s"));
        }
    }
}
