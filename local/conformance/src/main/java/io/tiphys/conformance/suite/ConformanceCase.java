package io.tiphys.conformance.suite;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One case as its folder describes it. Fields that are left out are empty.
 *
 * @param title what it shows, in words; "" where the folder doesn't say
 * @param needs what must be there beside a shell
 * @param features what it uses
 * @param expectedPhase phase in the end, or {@code Running} where it waits for {@code action}; null where anything goes
 * @param expected what is telling about it, in words
 * @param action what a client does meanwhile, in words
 * @param runsInShell nothing but a shell, fixtures of the folder, and stand-ins for a few commands is needed
 * @param python Python is needed, too
 * @param fixtures files to create first
 * @param nodes the whole node tree, name to type/phase, with {@code $wf} for the workflow's name; null if it isn't given
 * @param yaml the manifest's file
 * @param pods how pods end where only the engine runs, by the node's display name
 * @param difference what is known to be different here, and why; "" if nothing
 */
public record ConformanceCase(
        String id,
        String title,
        Mode mode,
        List<String> needs,
        List<String> features,
        @Nullable String expectedPhase,
        String expected,
        String action,
        boolean runsInShell,
        boolean python,
        List<String> fixtures,
        @Nullable Map<String, String> nodes,
        String yaml,
        Map<String, PodScript> pods,
        String difference) {
    public ConformanceCase {
        needs = List.copyOf(needs);
        features = List.copyOf(features);
        fixtures = List.copyOf(fixtures);
        nodes = nodes == null ? null : new LinkedHashMap<>(nodes);
        pods = Map.copyOf(pods);
    }

    static ConformanceCase of(JsonNode json) {
        String id = json.path("id").asText("");
        Map<String, PodScript> pods = new LinkedHashMap<>();
        json.path("pods").properties().forEach(entry -> pods.put(entry.getKey(), PodScript.of(entry.getValue())));
        return new ConformanceCase(
                id,
                json.path("title").asText(""),
                Mode.of(json.path("mode").asText("submit")),
                texts(json.path("needs")),
                texts(json.path("features")),
                json.hasNonNull("expected_phase") ? json.path("expected_phase").asText() : null,
                json.path("expected").asText(""),
                json.path("action").asText("").strip(),
                isSet(json.path("shell_only"))
                        || isSet(json.path("shell_with_shims"))
                        || isSet(json.path("shell_with_fixtures")),
                isSet(json.path("python")),
                texts(json.path("fixtures")),
                nodes(json.path("nodes")),
                json.path("yaml").asText("yaml/" + id + ".yaml"),
                pods,
                json.path("difference").asText(""));
    }

    private static @Nullable Map<String, String> nodes(JsonNode json) {
        if (!json.isObject()) {
            return null;
        }
        Map<String, String> nodes = new LinkedHashMap<>();
        json.properties()
                .forEach(entry -> nodes.put(entry.getKey(), entry.getValue().asText()));
        return nodes;
    }

    private static boolean isSet(JsonNode flag) {
        if (flag.isContainerNode()) {
            return !flag.isEmpty();
        }
        return flag.isTextual() ? !flag.asText().isEmpty() : flag.asBoolean(false);
    }

    private static List<String> texts(JsonNode json) {
        if (json.isTextual()) {
            return List.of(json.asText());
        }
        List<String> texts = new ArrayList<>();
        json.forEach(each -> texts.add(each.isTextual() ? each.asText() : each.toString()));
        return texts;
    }

    /** Whether the need, or one that begins with {@code name:}, is there. */
    public boolean needs(String name) {
        return needs.stream().anyMatch(need -> need.equals(name) || need.startsWith(name + ":"));
    }
}
