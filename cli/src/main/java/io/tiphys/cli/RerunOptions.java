package io.tiphys.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What retry and resubmit have in common, of live workflows and of archived ones. */
final class RerunOptions {
    @Option(
            names = {"-p", "--parameter"},
            paramLabel = "NAME=VALUE",
            description = "Another value of an argument.")
    private List<String> parameters = List.of();

    @Mixin
    private FollowOptions follow = new FollowOptions();

    void fill(ObjectNode request) {
        parameters.forEach(request.putArray("parameters")::add);
    }

    /** Follows what runs again, if that was asked for. */
    int follow(ArgoServer server, Terminal terminal, List<WorkflowView> workflows) {
        return follow.wanted() ? follow.follow(server, terminal, workflows) : ExitCode.SUCCEEDED;
    }
}
