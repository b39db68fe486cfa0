package io.tiphys.cli;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The workflow's tree, redrawn in place on a terminal. */
final class LiveTree implements Progress {
    private final Terminal terminal;
    private int drawn;
    private @Nullable WorkflowView latest;

    LiveTree(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void show(WorkflowView workflow) {
        latest = workflow;
        draw(workflow, false);
    }

    @Override
    public void tick() {
        if (latest != null) {
            draw(latest, false);
        }
    }

    @Override
    public void end() {
        if (latest != null) {
            draw(latest, true);
        }
    }

    /** While it runs, only as much as the window holds: what has scrolled away can't be redrawn. */
    private void draw(WorkflowView workflow, boolean whole) {
        List<String> lines = new WorkflowReport(terminal, Instant.now(), false).lines(workflow);
        int room = Math.max(terminal.size().height() - 2, 5);
        List<String> visible = whole || lines.size() <= room ? lines : lines.subList(0, room);
        terminal.redraw(drawn, visible);
        drawn = visible.size();
    }
}
