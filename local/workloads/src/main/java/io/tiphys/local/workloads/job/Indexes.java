package io.tiphys.local.workloads.job;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Completion indexes as a Job's status writes them: {@code 0,2-5,9}. */
final class Indexes {
    private Indexes() {}

    static NavigableSet<Integer> parse(@Nullable String text) {
        NavigableSet<Integer> indexes = new TreeSet<>();
        if (text == null || text.isEmpty()) {
            return indexes;
        }
        for (String range : text.split(",", -1)) {
            int dash = range.indexOf('-');
            int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
            int last = dash < 0 ? first : Integer.parseInt(range.substring(dash + 1));
            for (int index = first; index <= last; index++) {
                indexes.add(index);
            }
        }
        return indexes;
    }

    static String format(NavigableSet<Integer> indexes) {
        List<String> ranges = new ArrayList<>();
        int first = -1;
        int last = -1;
        for (int index : indexes) {
            if (first >= 0 && index == last + 1) {
                last = index;
                continue;
            }
            if (first >= 0) {
                ranges.add(range(first, last));
            }
            first = index;
            last = index;
        }
        if (first >= 0) {
            ranges.add(range(first, last));
        }
        return String.join(",", ranges);
    }

    private static String range(int first, int last) {
        return first == last ? Integer.toString(first) : first + "-" + last;
    }
}
