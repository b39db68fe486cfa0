package io.tiphys.pods;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Command lines and environments that are too long for a pod's object: they travel with the executor's task and reach emissary as files
 * ({@code --args-file}, {@code --env-file}), each text with a NUL behind it. What no file can help with is refused here, before there is a
 * pod: Linux takes no argument and no variable of more than 131,071 bytes (MAX_ARG_STRLEN), and no more than 6 MiB of both together, a
 * pointer for each counted in, whatever the stack limit is (bprm_stack_limits in fs/exec.c).
 */
final class LongLines {
    static final String DIRECTORY = Names.PATH_TIPHYS + "/lines";

    private static final int LONGEST_STRING = 128 * 1024 - 1;
    private static final int LONGEST_LINE = 6 * 1024 * 1024;
    private static final int POINTER = 8;
    /** What all command lines and environments of a pod may take in its object, and in each container's process before emissary. */
    private static final int INLINE = 128 * 1024;
    /** Variables shorter than this stay where they are. */
    private static final int SHORT_VARIABLE = 1024;

    private LongLines() {}

    /** Whether these containers' lines don't go into a pod's object. */
    static boolean areTooLong(List<Container> containers) {
        return containers.stream()
                        .mapToLong(container -> chars(container.getCommand())
                                + chars(container.getArgs())
                                + container.getEnv().stream()
                                        .mapToLong(LongLines::chars)
                                        .sum())
                        .sum()
                > INLINE;
    }

    /** Refuses a pod whose commands Linux won't start, naming what is too long. */
    static void requirePossible(String template, PodSpec spec) {
        for (List<Container> group : List.of(spec.getInitContainers(), spec.getContainers())) {
            for (Container container : group) {
                if (!container.getName().equals(Names.EXECUTOR)) {
                    requirePossible(template, container);
                }
            }
        }
    }

    private static void requirePossible(String template, Container container) {
        long total = require(template, container, "command", container.getCommand())
                + require(template, container, "args", container.getArgs());
        for (EnvVar variable : container.getEnv()) {
            if (variable.getValue() != null) {
                total += require(
                        template,
                        container,
                        "env " + variable.getName(),
                        variable.getName() + "=" + variable.getValue());
            }
        }
        if (total > LONGEST_LINE) {
            throw new PodRefusedException(
                    ("container \"%s\" of template \"%s\": command, args and env have %d bytes in all (8 more for"
                                    + " each text counted in), and Linux takes at most %d: pass them in a file, as an input artifact (raw)")
                            .formatted(container.getName(), template, total, LONGEST_LINE));
        }
    }

    private static long require(String template, Container container, String field, List<String> texts) {
        long total = 0;
        for (int i = 0; i < texts.size(); i++) {
            total += require(template, container, field + "[" + i + "]", texts.get(i));
        }
        return total;
    }

    private static long require(String template, Container container, String field, String text) {
        int bytes = text.length() <= LONGEST_STRING / 3 ? text.length() : text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > LONGEST_STRING) {
            throw new PodRefusedException(
                    ("container \"%s\" of template \"%s\": %s has %d bytes, and Linux takes at most %d in one"
                                    + " argument or variable: pass it in a file, as an input artifact (raw) or the source of a script template")
                            .formatted(container.getName(), template, field, bytes, LONGEST_STRING));
        }
        return bytes + 1L + POINTER;
    }

    /**
     * Moves what is long into files.
     *
     * @param line what the container is to run
     * @param files gets the lines of each file, by its name
     * @return options of emissary
     */
    static List<String> moveLine(Container container, List<String> line, Map<String, List<String>> files) {
        List<String> options = new ArrayList<>();
        String name = container.getName() + ".args";
        files.put(name, List.copyOf(line));
        options.add("--args-file");
        options.add(DIRECTORY + "/" + name);
        return options;
    }

    /** The variables that are to reach the container in a file; empty if all of them are short enough to stay. */
    static List<EnvVar> longVariables(Container container) {
        if (container.getEnv().stream().mapToLong(LongLines::chars).sum() <= INLINE) {
            return List.of();
        }
        return container.getEnv().stream()
                .filter(variable -> chars(variable) > SHORT_VARIABLE)
                .toList();
    }

    /** The container without these variables, which go into a file. */
    static Container moveVariables(Container container, List<EnvVar> variables, Map<String, List<String>> files) {
        files.put(
                container.getName() + ".env",
                variables.stream()
                        .map(variable -> variable.getName() + "=" + variable.getValue())
                        .toList());
        List<EnvVar> rest = new ArrayList<>(container.getEnv());
        rest.removeAll(variables);
        return new ContainerBuilder(container).withEnv(rest).build();
    }

    static long chars(List<String> texts) {
        return texts.stream().mapToLong(String::length).sum();
    }

    private static long chars(EnvVar variable) {
        return variable.getValue() == null ? 0 : variable.getValue().length();
    }

    static boolean isLong(List<String> line) {
        return chars(line) > INLINE;
    }
}
