package io.tiphys.settings;

import io.smallrye.config.ConfigMappingInterface.Property;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a service can be told, as its mappings have it and as the reference page has it: rows {@code | `VARIABLE` | `default` | …}. For the
 * tests that hold one against the other.
 */
public final class SettingsTable {
    private static final Pattern ROW = Pattern.compile("^\\| `([A-Z][A-Z0-9_]*)` \\| (?:`([^`]*)`)? *\\|.*");

    private SettingsTable() {}

    /** Environment variable of each setting to its default, empty for none. */
    public static Map<String, String> of(Class<?>... mappings) {
        Map<String, String> settings = new TreeMap<>();
        for (Class<?> mapping : mappings) {
            ConfigMappings.getProperties(ConfigClass.configClass(mapping)).forEach((name, property) -> {
                if (!property.isGroup() && !name.endsWith("]")) { // elements of lists have names of their own
                    settings.put(variable(name), byDefault(property));
                }
            });
        }
        return settings;
    }

    /**
     * The settings that a page lists under a heading.
     *
     * @param heading the line, without its {@code #}s
     */
    public static Map<String, String> onPage(String markdown, String heading) {
        Map<String, String> settings = new TreeMap<>();
        boolean inside = false;
        for (String line : markdown.lines().toList()) {
            if (line.startsWith("#")) {
                inside = line.replaceFirst("^#+ *", "").equals(heading);
            }
            Matcher row = ROW.matcher(line);
            if (inside && row.matches()) {
                settings.put(row.group(1), row.group(2) == null ? "" : row.group(2));
            }
        }
        return settings;
    }

    /** One sentence for each setting that the page lacks, has too much or has another default for. */
    public static List<String> differences(Map<String, String> settings, Map<String, String> page) {
        List<String> differences = new ArrayList<>();
        settings.forEach((variable, byDefault) -> {
            String described = page.get(variable);
            if (described == null) {
                differences.add(variable + " is not on the page; its default is \"" + byDefault + "\"");
            } else if (!described.equals(byDefault)) {
                differences.add(
                        variable + " has the default \"" + byDefault + "\", the page says \"" + described + "\"");
            }
        });
        page.keySet().stream()
                .filter(variable -> !settings.containsKey(variable))
                .forEach(variable -> differences.add(variable + " is on the page, but no setting"));
        return differences;
    }

    private static String byDefault(Property property) {
        return property.hasDefaultValue() && property.getDefaultValue() != null ? property.getDefaultValue() : "";
    }

    private static String variable(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }
}
