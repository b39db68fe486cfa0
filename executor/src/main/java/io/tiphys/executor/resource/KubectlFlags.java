package io.tiphys.executor.resource;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The {@code flags} of a resource template, as on kubectl's command line.
 *
 * @param operands what isn't an option: {@code TYPE NAME…} or {@code TYPE/NAME…}
 * @param options by long name; a switch without a value is {@code true}
 */
record KubectlFlags(List<String> operands, Map<String, String> options) {
    private static final Map<Character, String> SHORT =
            Map.of('n', "namespace", 'l', "selector", 'o', "output", 'A', "all-namespaces", 'R', "recursive");
    private static final Set<String> SWITCHES = Set.of(
            "all",
            "all-namespaces",
            "force",
            "force-conflicts",
            "ignore-not-found",
            "now",
            "overwrite",
            "prune",
            "recursive",
            "save-config",
            "server-side",
            "show-managed-fields",
            "validate",
            "wait",
            "cascade",
            "dry-run");
    private static final Set<String> WITH_VALUE = Set.of(
            "namespace",
            "selector",
            "field-selector",
            "field-manager",
            "grace-period",
            "output",
            "request-timeout",
            "subresource",
            "timeout",
            "type");

    static KubectlFlags parse(List<String> flags) throws KubectlException {
        List<String> operands = new ArrayList<>();
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < flags.size(); i++) {
            String flag = flags.get(i);
            if (!flag.startsWith("-") || flag.equals("-")) {
                operands.add(flag);
                continue;
            }
            String text = longForm(flag);
            int equals = text.indexOf('=');
            String name = equals < 0 ? text : text.substring(0, equals);
            if (!SWITCHES.contains(name) && !WITH_VALUE.contains(name)) {
                throw new KubectlException(
                        flag.startsWith("--")
                                ? "error: unknown flag: --" + name
                                : "error: unknown shorthand flag: '" + flag.charAt(1) + "' in " + flag);
            }
            if (equals >= 0) {
                options.put(name, text.substring(equals + 1));
            } else if (SWITCHES.contains(name)) {
                options.put(name, "true");
            } else if (i + 1 < flags.size()) {
                options.put(name, flags.get(++i));
            } else {
                throw new KubectlException("error: flag needs an argument: " + flag);
            }
        }
        return new KubectlFlags(List.copyOf(operands), Map.copyOf(options));
    }

    /** Without dashes; {@code -nfoo} and {@code -n=foo} become {@code namespace=foo}. */
    private static String longForm(String flag) {
        if (flag.startsWith("--")) {
            return flag.substring(2);
        }
        String name = SHORT.get(flag.charAt(1));
        if (name == null) {
            return flag.substring(1);
        }
        String rest = flag.substring(2);
        return rest.isEmpty() ? name : name + "=" + (rest.startsWith("=") ? rest.substring(1) : rest);
    }

    @Nullable
    String option(String name) {
        return options.get(name);
    }

    boolean isSet(String name) {
        return "true".equals(options.get(name));
    }

    /** Whether unknown fields are to be refused, as kubectl has it unless told otherwise. */
    String fieldValidation() {
        return switch (options.getOrDefault("validate", "strict")) {
            case "false", "ignore" -> "Ignore";
            case "warn" -> "Warn";
            default -> "Strict";
        };
    }
}
