package io.tiphys.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tiphys retry}. */
@Command(
        name = "retry",
        description = "Runs failed workflows again from where they failed.",
        mixinStandardHelpOptions = true)
final class RetryCommand extends ActionCommand {
    @Option(names = "--restart-successful", description = "Also run nodes again that succeeded and match the selector.")
    private boolean restartSuccessful;

    @Option(
            names = "--node-field-selector",
            paramLabel = "FIELDS",
            defaultValue = "",
            description = "Nodes to run again, e.g. displayName=build.")
    private String nodeFieldSelector = "";

    @Option(
            names = {"-p", "--parameter"},
            paramLabel = "NAME=VALUE",
            description = "Another value of an argument.")
    private List<String> parameters = List.of();

    @Mixin
    private FollowOptions follow = new FollowOptions();

    RetryCommand(Session session) {
        super(session);
    }

    @Override
    void fill(ObjectNode request) {
        request.put("restartSuccessful", restartSuccessful).put("nodeFieldSelector", nodeFieldSelector);
        parameters.forEach(request.putArray("parameters")::add);
    }

    @Override
    String action() {
        return "retry";
    }

    @Override
    String done() {
        return "runs again";
    }

    @Override
    public Integer call() {
        List<WorkflowView> workflows = act();
        return follow.wanted() ? follow.follow(server(), terminal(), workflows) : ExitCode.SUCCEEDED;
    }
}
