package io.tiphys.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tiphys resubmit}. */
@Command(
        name = "resubmit",
        description = "Creates workflows anew from those that ran.",
        mixinStandardHelpOptions = true)
final class ResubmitCommand extends ActionCommand {
    @Option(names = "--memoized", description = "Take over the results of nodes that succeeded.")
    private boolean memoized;

    @Option(
            names = {"-p", "--parameter"},
            paramLabel = "NAME=VALUE",
            description = "Another value of an argument.")
    private List<String> parameters = List.of();

    @Mixin
    private FollowOptions follow = new FollowOptions();

    ResubmitCommand(Session session) {
        super(session);
    }

    @Override
    void fill(ObjectNode request) {
        request.put("memoized", memoized);
        parameters.forEach(request.putArray("parameters")::add);
    }

    @Override
    String action() {
        return "resubmit";
    }

    @Override
    String done() {
        return "runs again as workflow/{}";
    }

    @Override
    public Integer call() {
        List<WorkflowView> workflows = act();
        return follow.wanted() ? follow.follow(server(), terminal(), workflows) : ExitCode.SUCCEEDED;
    }
}
