package io.tiphys.bench.recovery;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.bench.recovery.PodWatch.Entry;
import io.tiphys.bench.recovery.PodWatch.What;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says what is wrong with the history of a {@link ChaosWorkflow}: what the watch of pods showed, and the nodes at its end. */
final class ChaosHistory {
    private static final Pattern LAYER = Pattern.compile(".*\\.l(\\d+)-\\d+");
    private static final int SHOWN = 20;
    private static final int LONGEST = 400;

    private final List<String> problems = new ArrayList<>();

    /** All that is wrong; empty if nothing is. */
    static List<String> problems(List<Entry> pods, JsonNode workflow, JsonNode archived, List<String> realRuns) {
        ChaosHistory history = new ChaosHistory();
        history.checkPods(pods);
        history.checkNodes(workflow);
        history.checkResults(pods, workflow);
        history.checkArchive(workflow.at("/status/nodes"), archived.at("/status/nodes"));
        history.checkRealRuns(realRuns);
        return history.problems.stream().limit(SHOWN).toList();
    }

    private void checkPods(List<Entry> pods) {
        Map<String, Set<String>> uids = new TreeMap<>();
        Map<String, Entry> active = new HashMap<>();
        Map<Integer, Integer> endedOfLayer = new HashMap<>();
        int mostAtOnce = 0;
        for (Entry entry : pods) {
            switch (entry.what()) {
                case CREATED -> {
                    uids.computeIfAbsent(entry.pod(), _ -> new TreeSet<>()).add(entry.uid());
                    active.put(entry.uid(), entry);
                    checkLayer(entry, endedOfLayer);
                    long exclusive = count(active, ".exclusive(");
                    if (exclusive > 1) {
                        problems.add("the mutex was held by " + exclusive + " pods when " + entry.node() + " began");
                    }
                    long few = count(active, ".few(");
                    if (few > ChaosWorkflow.SEMAPHORE_LIMIT) {
                        problems.add("the semaphore was held by " + few + " pods when " + entry.node() + " began");
                    }
                    mostAtOnce = Math.max(mostAtOnce, active.size());
                }
                case ENDED -> {
                    if (active.remove(entry.uid()) != null) {
                        Matcher layer = LAYER.matcher(entry.node());
                        if (layer.matches()) {
                            endedOfLayer.merge(Integer.valueOf(layer.group(1)), 1, Integer::sum);
                        }
                    }
                }
                case DELETED -> {
                    if (active.remove(entry.uid()) != null) {
                        problems.add("pod " + entry.pod() + " was deleted before it had ended");
                    }
                }
            }
        }
        if (mostAtOnce > ChaosWorkflow.PARALLELISM) {
            problems.add(mostAtOnce + " pods at once, more than the parallelism of " + ChaosWorkflow.PARALLELISM);
        }
        uids.forEach((pod, made) -> {
            if (made.size() > 1) {
                problems.add("pod " + pod + " was made " + made.size() + " times");
            }
        });
        if (uids.size() != ChaosWorkflow.pods()) {
            problems.add(uids.size() + " pods instead of " + ChaosWorkflow.pods());
        }
        if (!active.isEmpty()) {
            problems.add(active.size() + " pods have not ended");
        }
    }

    private void checkLayer(Entry entry, Map<Integer, Integer> endedOfLayer) {
        Matcher layer = LAYER.matcher(entry.node());
        if (layer.matches()) {
            int before = Integer.parseInt(layer.group(1)) - 1;
            if (before >= 0 && endedOfLayer.getOrDefault(before, 0) < ChaosWorkflow.WIDTH) {
                problems.add(entry.node() + " began when only " + endedOfLayer.getOrDefault(before, 0)
                        + " of the layer before had ended");
            }
        }
    }

    private static long count(Map<String, Entry> active, String part) {
        return active.values().stream()
                .filter(entry -> entry.node().contains(part))
                .count();
    }

    private void checkNodes(JsonNode workflow) {
        String phase = workflow.at("/status/phase").asText();
        if (!phase.equals("Succeeded")) {
            problems.add("the workflow is " + phase + ": "
                    + workflow.at("/status/message").asText());
        }
        JsonNode nodes = workflow.at("/status/nodes");
        if (nodes.size() != ChaosWorkflow.nodes()) {
            problems.add(nodes.size() + " nodes instead of " + ChaosWorkflow.nodes());
        }
        Set<String> reached = new HashSet<>();
        reach(workflow.at("/metadata/name").asText(), nodes, reached);
        if (reached.size() != nodes.size()) {
            problems.add("only " + reached.size() + " of " + nodes.size() + " nodes can be reached from the root");
        }
        nodes.forEach(node -> {
            boolean firstOfFlaky = node.path("name").asText().contains(".flaky(")
                    && node.path("name").asText().endsWith(")(0)");
            String wanted = firstOfFlaky ? "Failed" : "Succeeded";
            if (!node.path("phase").asText().equals(wanted)) {
                problems.add("node " + node.path("name").asText() + " is "
                        + node.path("phase").asText() + " instead of " + wanted + ": "
                        + node.path("message").asText());
            }
            if (node.path("type").asText().equals("Retry")
                    && node.path("children").size() != 2) {
                problems.add("node " + node.path("name").asText() + " has "
                        + node.path("children").size() + " attempts instead of 2");
            }
            if (node.path("templateName").asText().equals("real")
                    && node.path("type").asText().equals("Pod")) {
                String said = node.at("/outputs/parameters/0/value").asText();
                String n = node.at("/inputs/parameters/0/value").asText();
                if (!said.equals("said " + n)) {
                    problems.add("node " + node.path("name").asText() + " said \"" + said + "\"");
                }
            }
        });
    }

    private static void reach(String id, JsonNode nodes, Set<String> reached) {
        if (nodes.has(id) && reached.add(id)) {
            nodes.path(id).path("children").forEach(child -> reach(child.asText(), nodes, reached));
        }
    }

    /** What became of a pod is what became of its node. */
    private void checkResults(List<Entry> pods, JsonNode workflow) {
        Map<String, String> phases = new HashMap<>();
        workflow.at("/status/nodes")
                .forEach(node -> phases.put(
                        node.path("name").asText(), node.path("phase").asText()));
        for (Entry entry : pods) {
            if (entry.what() == What.ENDED && !entry.phase().equals(phases.get(entry.node()))) {
                problems.add("pod " + entry.pod() + " of " + entry.node() + " ended as " + entry.phase()
                        + ", its node is " + phases.get(entry.node()));
            }
        }
    }

    private void checkArchive(JsonNode nodes, JsonNode archived) {
        if (archived.size() != nodes.size()) {
            problems.add("the archive has " + archived.size() + " nodes, the status " + nodes.size());
        }
        nodes.forEach(node -> {
            JsonNode kept = archived.path(node.path("id").asText());
            if (!kept.equals(node)) {
                problems.add("the archive says of " + node.path("name").asText() + ": " + brief(kept) + ", the status: "
                        + brief(node));
            }
        });
    }

    private static String brief(JsonNode node) {
        String text = node.toString();
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }

    private void checkRealRuns(List<String> runs) {
        if (runs.size() != ChaosWorkflow.REAL || new HashSet<>(runs).size() != ChaosWorkflow.REAL) {
            problems.add("the real pods ran as " + runs + " instead of " + ChaosWorkflow.REAL + " once each");
        }
    }
}
