package io.tiphys.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tiphys node set}. */
@Command(
        name = "set",
        description = "Sets what suspended nodes report, and ends them where a phase is given.",
        mixinStandardHelpOptions = true)
final class NodeSetCommand extends ServerCommand {
    @Parameters(arity = "1", paramLabel = "WORKFLOW", description = "@latest is the newest.")
    private String name = "";

    @Option(
            names = "--node-field-selector",
            required = true,
            paramLabel = "FIELDS",
            description = "The nodes, e.g. displayName=approve.")
    private String nodeFieldSelector = "";

    @Option(names = "--phase", defaultValue = "", description = "Succeeded, Failed or Error.")
    private String phase = "";

    @Option(
            names = {"-m", "--message"},
            defaultValue = "",
            description = "The node's message.")
    private String message = "";

    @Option(
            names = {"-p", "--output-parameter"},
            paramLabel = "NAME=VALUE",
            description = "Value of an output that is valueFrom.supplied.")
    private Map<String, String> outputs = Map.of();

    NodeSetCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() {
        if (phase.isEmpty() && message.isEmpty() && outputs.isEmpty()) {
            throw CommandFailure.invalid("say what to set: --phase, --message or --output-parameter");
        }
        String workflow = resolve(name);
        ObjectNode values = Json.object();
        outputs.forEach(values::put);
        ObjectNode request = Json.object()
                .put("namespace", namespace())
                .put("name", workflow)
                .put("nodeFieldSelector", nodeFieldSelector)
                .put("phase", phase)
                .put("message", message)
                .put("outputParameters", outputs.isEmpty() ? "" : Json.text(values));
        server().put(ArgoServer.path("workflows", namespace(), workflow, "set"), request);
        terminal().line("workflow/" + workflow + " values set");
        return ExitCode.SUCCEEDED;
    }
}
