package io.tiphys.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Follows one workflow until it is done, over as many connections as it takes. */
final class Watch {
    /** How long a server may be away before the command gives up. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(3);

    /** What there is to know of a workflow without its nodes. */
    private static final List<String> BRIEF = List.of(
            "metadata", "status.phase", "status.message", "status.progress", "status.startedAt", "status.finishedAt");

    private final ArgoServer server;
    private final String namespace;
    private final String name;
    private final LinkedBlockingQueue<Message> messages = new LinkedBlockingQueue<>();

    private sealed interface Message {
        record State(WorkflowView workflow) implements Message {}

        record Deleted() implements Message {}

        record GaveUp(CommandFailure failure) implements Message {}
    }

    Watch(ArgoServer server, String namespace, String name) {
        this.server = server;
        this.namespace = namespace;
        this.name = name;
    }

    /**
     * The workflow when it is done.
     *
     * @throws CommandFailure if it was deleted, or the server stays away
     */
    WorkflowView untilDone(Progress progress) {
        boolean isBrief = !progress.showsNodes();
        Thread reader = Thread.ofVirtual().start(() -> read(isBrief));
        try {
            while (true) {
                Message message = messages.poll(1, TimeUnit.SECONDS);
                switch (newest(message)) {
                    case Message.State(var workflow) -> {
                        progress.show(workflow);
                        if (workflow.isDone()) {
                            progress.end();
                            return workflow;
                        }
                    }
                    case Message.Deleted _ -> throw CommandFailure.workflow("workflow " + name + " was deleted");
                    case Message.GaveUp(var failure) -> throw failure;
                    case null -> progress.tick();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandFailure.workflow("interrupted");
        } finally {
            reader.interrupt();
        }
    }

    /** Of states that wait to be shown only the last one matters. */
    private Message newest(Message first) {
        Message newest = first;
        while (newest instanceof Message.State && !messages.isEmpty()) {
            newest = messages.poll();
        }
        return newest;
    }

    private void read(boolean isBrief) {
        Instant lastHeard = Instant.now();
        Duration pause = FIRST_PAUSE;
        while (!Thread.currentThread().isInterrupted()) {
            int before = heard;
            try {
                if (poll(isBrief)) {
                    return;
                }
                Map<String, String> query = new LinkedHashMap<>();
                query.put("listOptions.fieldSelector", "metadata.name=" + name);
                query.put("listOptions.resourceVersion", "0");
                if (isBrief) {
                    query.put("fields", brief("result.object.") + ",result.type");
                }
                server.stream(ArgoServer.path("workflow-events", namespace), query, this::take);
            } catch (CommandFailure failure) {
                boolean refused = failure.exitCode() == ExitCode.INVALID;
                if (refused && heard > 0) {
                    messages.add(new Message.Deleted());
                    return;
                }
                if (refused || Duration.between(lastHeard, Instant.now()).compareTo(PATIENCE) > 0) {
                    messages.add(new Message.GaveUp(failure));
                    return;
                }
            }
            if (heard > before) {
                lastHeard = Instant.now();
                pause = FIRST_PAUSE;
            }
            if (!rest(pause)) {
                return;
            }
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        }
    }

    private static String brief(String prefix) {
        return BRIEF.stream().map(field -> prefix + field).collect(Collectors.joining(","));
    }

    private int heard;

    /** The state before the stream starts, so that nothing is missed between two connections; whether it is done. */
    private boolean poll(boolean isBrief) {
        Map<String, String> query = isBrief ? Map.of("fields", brief("")) : Map.of();
        WorkflowView workflow = new WorkflowView(server.get(ArgoServer.path("workflows", namespace, name), query));
        heard++;
        messages.add(new Message.State(workflow));
        return workflow.isDone();
    }

    private boolean take(JsonNode event) {
        heard++;
        JsonNode object = event.path("object");
        if (!object.path("metadata").path("name").asText().equals(name)) {
            return true;
        }
        if (event.path("type").asText().equals("DELETED")) {
            messages.add(new Message.Deleted());
            return false;
        }
        WorkflowView workflow = new WorkflowView(object);
        messages.add(new Message.State(workflow));
        return !workflow.isDone();
    }

    private static boolean rest(Duration pause) {
        try {
            TimeUnit.MILLISECONDS.sleep(pause.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The exit code that tells how the workflow ended. */
    static int exitCode(WorkflowView workflow) {
        return Optional.of(workflow.phase())
                .filter(Phase.SUCCEEDED::equals)
                .map(_ -> ExitCode.SUCCEEDED)
                .orElse(ExitCode.WORKFLOW_FAILED);
    }
}
