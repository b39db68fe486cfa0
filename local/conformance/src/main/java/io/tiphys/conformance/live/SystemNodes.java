package io.tiphys.conformance.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.conformance.suite.CaseException;
import io.tiphys.conformance.suite.ConformanceCase;
import io.tiphys.conformance.suite.Needs;
import java.util.ArrayList;
import java.util.List;

/** The nodes of a system. A local one has its machine stand for another while there are cases that need several. */
public final class SystemNodes {
    private static final String MACHINE = "tiphys.io/machine";
    private static final String NODES = "/api/v1/nodes";

    private final Api api;
    private final List<String> made = new ArrayList<>();

    public SystemNodes(Instance instance) {
        this.api = new Api(instance.kubernetes());
    }

    /** How many there are, after one was added if these cases need it and it can be had. */
    public int enoughFor(List<ConformanceCase> cases) throws InterruptedException {
        JsonNode nodes = api.get(NODES).body().path("items");
        String machine =
                nodes.path(0).path("metadata").path("labels").path(MACHINE).asText("");
        boolean wanted = cases.stream().anyMatch(each -> each.needs("service:" + Needs.SEVERAL_NODES));
        if (nodes.size() != 1 || machine.isEmpty() || !wanted) {
            return nodes.size();
        }
        String name = machine + "-for-conformance";
        ObjectNode node =
                JsonNodeFactory.instance.objectNode().put("apiVersion", "v1").put("kind", "Node");
        node.putObject("metadata").put("name", name).putObject("labels").put(MACHINE, machine);
        Api.Answer answer = api.post(NODES, node);
        if (!answer.isOk()) {
            throw new CaseException("node " + name + " can't be created: " + answer.message());
        }
        made.add(name);
        return nodes.size() + 1;
    }

    /** Those that were added go, with what runs on them. */
    public void restore() throws InterruptedException {
        for (String name : made) {
            api.delete(NODES + "/" + name);
        }
        made.clear();
    }
}
