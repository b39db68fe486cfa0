package io.tiphys.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Mixin;

/** A command after which workflows run that can be followed. */
abstract class RerunCommand extends ActionCommand {
    @Mixin
    private RerunOptions rerun = new RerunOptions();

    RerunCommand(Session session) {
        super(session);
    }

    @Override
    void fill(ObjectNode request) {
        rerun.fill(request);
    }

    @Override
    public Integer call() {
        return rerun.follow(server(), terminal(), act());
    }
}
