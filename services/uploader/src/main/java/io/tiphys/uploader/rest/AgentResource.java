package io.tiphys.uploader.rest;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.tiphys.artifacts.StoreException;
import io.tiphys.transfer.AgentWork;
import io.tiphys.transfer.Capability;
import io.tiphys.transfer.Refusal;
import io.tiphys.uploader.agent.HeaderSecrets;
import io.tiphys.uploader.agent.TaskSet;
import io.tiphys.uploader.agent.TaskSets;
import io.tiphys.uploader.messaging.Publisher;
import io.tiphys.uploader.messaging.Publisher.UnpublishedException;
import io.tiphys.uploader.messaging.TaskResults;
import io.tiphys.uploader.session.RefusedException;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the agent of a workflow has to do, and what it says came of it. */
@Path("/v1/agent")
@RunOnVirtualThread
public class AgentResource {
    private static final int LONGEST_WAIT_SECONDS = 60;

    private final Authority authority;
    private final TaskSets taskSets;
    private final HeaderSecrets secrets;
    private final Publisher publisher;
    private final MeterRegistry meters;
    private final Clock clock;

    AgentResource(
            Authority authority,
            TaskSets taskSets,
            HeaderSecrets secrets,
            Publisher publisher,
            MeterRegistry meters,
            Clock clock) {
        this.authority = authority;
        this.taskSets = taskSets;
        this.secrets = secrets;
        this.publisher = publisher;
        this.meters = meters;
        this.clock = clock;
    }

    /** Answers when the tasks have another version than {@code after}; 204 when nothing new came for so long. */
    @GET
    @Path("/tasks")
    public AgentWork.@Nullable Tasks tasks(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @QueryParam("after") @Nullable String after,
            @QueryParam("waitSeconds") @DefaultValue("30") int waitSeconds)
            throws RefusedException, StoreException, InterruptedException {
        Capability agent = requireAgent(authorization);
        Duration patience = Duration.ofSeconds(Math.clamp(waitSeconds, 0, LONGEST_WAIT_SECONDS));
        Optional<TaskSet> news =
                taskSets.next(agent.namespace(), agent.workflow(), agent.workflowUid(), after, patience);
        if (news.isEmpty()) {
            return null;
        }
        TaskSet set = news.get();
        List<AgentWork.Task> tasks = new ArrayList<>();
        for (Map.Entry<String, Map<String, Object>> task : set.tasks().entrySet()) {
            tasks.add(secrets.complete(agent.namespace(), task.getKey(), task.getValue()));
        }
        return new AgentWork.Tasks(set.version(), set.completed(), tasks);
    }

    /** Answers only when Kafka has all results. */
    @POST
    @Path("/results")
    public void report(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, AgentWork.Results results)
            throws RefusedException, UnpublishedException {
        Capability agent = requireAgent(authorization);
        for (AgentWork.Result result : results.results()) {
            publisher.publish(TaskResults.of(agent, results.podUid(), result, clock.instant()));
            meters.counter("tiphys.uploader.agent.results", "phase", result.phase())
                    .increment();
        }
    }

    private Capability requireAgent(@Nullable String authorization) throws RefusedException {
        Capability capability = authority.require(authorization);
        if (!capability.agent()) {
            throw new RefusedException(
                    403, Refusal.FORBIDDEN, "the capability of pod " + capability.pod() + " is not an agent's");
        }
        return capability;
    }
}
