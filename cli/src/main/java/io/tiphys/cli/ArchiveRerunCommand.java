package io.tiphys.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A command that makes live workflows of archived ones. */
abstract class ArchiveRerunCommand extends ServerCommand {
    private final String action;

    @Parameters(arity = "1..*", paramLabel = "UID")
    private List<String> uids = List.of();

    @Mixin
    private RerunOptions rerun = new RerunOptions();

    /**
     * For one action.
     *
     * @param action the last part of the path
     */
    ArchiveRerunCommand(Session session, String action) {
        super(session);
        this.action = action;
    }

    /** Puts into the request what only this command has. */
    abstract void fill(ObjectNode request);

    @Override
    public Integer call() {
        List<WorkflowView> workflows = new ArrayList<>();
        for (String uid : uids) {
            ObjectNode request = Json.object().put("uid", uid).put("namespace", namespace());
            rerun.fill(request);
            fill(request);
            WorkflowView workflow =
                    new WorkflowView(server().put(ArgoServer.path("archived-workflows", uid, action), request));
            workflows.add(workflow);
            terminal().line("archived workflow " + uid + " runs again as workflow/" + workflow.name());
        }
        return rerun.follow(server(), terminal(), workflows);
    }
}
