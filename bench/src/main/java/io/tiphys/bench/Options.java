package io.tiphys.bench;

import java.util.Arrays;
import java.util.List;

/** A benchmark's arguments: {@code --name value}. */
record Options(List<String> arguments) {
    static Options of(String... arguments) {
        return new Options(Arrays.asList(arguments));
    }

    long number(String name, long otherwise) {
        return Long.parseLong(text(name, Long.toString(otherwise)));
    }

    String text(String name, String otherwise) {
        int at = arguments.indexOf(name);
        return at >= 0 && at + 1 < arguments.size() ? arguments.get(at + 1) : otherwise;
    }
}
