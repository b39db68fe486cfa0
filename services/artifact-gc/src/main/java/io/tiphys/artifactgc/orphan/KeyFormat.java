package io.tiphys.artifactgc.orphan;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A repository's format of keys, read backwards: from a key to the workflow that it was made for. */
final class KeyFormat {
    private static final Pattern TAG = Pattern.compile("\\{\\{\\s*(.*?)\\s*}}");
    /** A pod's name begins with its workflow's, of which long names keep at least so much. */
    private static final int KEPT_OF_NAME = 40;

    private final String prefix;
    private final Pattern keys;
    private final boolean namesWorkflow;
    private final boolean namesPod;

    private KeyFormat(String prefix, Pattern keys, boolean namesWorkflow, boolean namesPod) {
        this.prefix = prefix;
        this.keys = keys;
        this.namesWorkflow = namesWorkflow;
        this.namesPod = namesPod;
    }

    /** For example {@code {{workflow.name}}/{{pod.name}}}. */
    static KeyFormat of(String format) {
        StringBuilder keys = new StringBuilder();
        String prefix = null;
        boolean workflow = false;
        boolean pod = false;
        int end = 0;
        Matcher tags = TAG.matcher(format);
        while (tags.find()) {
            String before = format.substring(end, tags.start());
            prefix = prefix == null ? before : prefix;
            keys.append(Pattern.quote(before));
            switch (tags.group(1)) {
                case "workflow.name" -> {
                    keys.append(workflow ? "\\k<workflow>" : "(?<workflow>[^/]+?)");
                    workflow = true;
                }
                case "pod.name" -> {
                    keys.append(pod ? "\\k<pod>" : "(?<pod>[^/]+?)");
                    pod = true;
                }
                default -> keys.append(".+?");
            }
            end = tags.end();
        }
        keys.append(Pattern.quote(format.substring(end))).append("/.+");
        return new KeyFormat(
                prefix == null ? format : prefix, Pattern.compile(keys.toString(), Pattern.DOTALL), workflow, pod);
    }

    /** What all keys of the format begin with. */
    String prefix() {
        return prefix;
    }

    /** Whether a key tells its workflow. */
    boolean namesOwner() {
        return namesWorkflow || namesPod;
    }

    /** The names, one of which the workflow has that the key was made for; empty if it isn't of this format. */
    Set<String> owners(String key) {
        Matcher matcher = keys.matcher(key);
        if (!namesOwner() || !matcher.matches()) {
            return Set.of();
        }
        if (namesWorkflow) {
            String name = matcher.group("workflow");
            String begin = name.substring(0, Math.min(name.length(), KEPT_OF_NAME));
            return namesPod && !matcher.group("pod").startsWith(begin) ? Set.of() : Set.of(name);
        }
        return Set.copyOf(beginnings(matcher.group("pod")));
    }

    private static List<String> beginnings(String pod) {
        List<String> names = new ArrayList<>(List.of(pod));
        for (int dash = pod.lastIndexOf('-'); dash > 0; dash = pod.lastIndexOf('-', dash - 1)) {
            names.add(pod.substring(0, dash));
        }
        return names;
    }
}
