package io.tiphys.api;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where in its text each part of a manifest stands. The same shape as the JSON tree. */
public final class SourceLines {
    /** For trees that came from no text. */
    public static final SourceLines NONE = new SourceLines(0, Map.of(), List.of());

    private static final Pattern SEGMENT = Pattern.compile("\\[(\\d+)]|\\['([^']*)']|([^.\\[]+)");

    private final int line;
    private final Map<String, SourceLines> fields;
    private final List<SourceLines> items;

    private SourceLines(int line, Map<String, SourceLines> fields, List<SourceLines> items) {
        this.line = line;
        this.fields = fields;
        this.items = items;
    }

    static SourceLines scalar(int line) {
        return new SourceLines(line, Map.of(), List.of());
    }

    static SourceLines object(int line, Map<String, SourceLines> fields) {
        return new SourceLines(line, new HashMap<>(fields), List.of());
    }

    static SourceLines array(int line, List<SourceLines> items) {
        return new SourceLines(line, Map.of(), List.copyOf(items));
    }

    /** The same parts, the whole of which starts at another line: where its key stands. */
    SourceLines movedTo(int newLine) {
        return newLine == line ? this : new SourceLines(newLine, fields, items);
    }

    /**
     * The line, from 1, of what stands at a path such as {@code spec.templates[2].steps[0][0].template}; keys with dots are
     * written {@code labels['a.b/c']}. What isn't there has the line of the innermost part around it that is. 0 if unknown.
     */
    public int at(String path) {
        SourceLines here = this;
        Matcher segment = SEGMENT.matcher(path);
        while (segment.find()) {
            SourceLines next = here.child(segment);
            if (next == null) {
                break;
            }
            here = next;
        }
        return here.line;
    }

    private @org.jspecify.annotations.Nullable SourceLines child(Matcher segment) {
        String index = segment.group(1);
        if (index != null) {
            int i = Integer.parseInt(index);
            return i < items.size() ? items.get(i) : null;
        }
        String quoted = segment.group(2);
        return fields.get(quoted != null ? quoted : segment.group(3));
    }
}
