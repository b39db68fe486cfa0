package io.tiphys.executor.agent;

import io.tiphys.executor.http.Retry;
import io.tiphys.executor.http.UploaderClient;
import io.tiphys.transfer.AgentWork;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Puts an agent together from its environment. */
public final class AgentProcess {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private AgentProcess() {}

    /** The agent of this environment. Call before anything has used an HTTP client: what headers it lets through is settled then. */
    public static Agent agent(Map<String, String> environment, URI uploader, String capability, Duration giveUpAfter)
            throws IOException {
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host,connection,expect,upgrade");
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
        UploaderClient client = new UploaderClient(http, uploader, capability, new Retry(giveUpAfter, Instant.MAX));
        return agent(AgentSettings.from(environment), uploader(client), http, FIRST_PAUSE);
    }

    static Agent agent(AgentSettings settings, AgentUploader uploader, HttpClient http, Duration firstPause)
            throws IOException {
        List<PluginClient> plugins = new ArrayList<>();
        for (AgentSettings.Plugin plugin : settings.plugins()) {
            String token = PluginTokens.read(settings.tokens(), plugin);
            plugins.add(new PluginClient(plugin, token, http, firstPause, settings.bodyLimitBytes()));
        }
        return new Agent(
                uploader,
                new HttpTasks(new HttpCaller(settings.bodyLimitBytes())),
                new PluginTasks(settings.workflow(), plugins),
                settings);
    }

    private static AgentUploader uploader(UploaderClient client) {
        return new AgentUploader() {
            @Override
            public Optional<AgentWork.Tasks> tasks(@Nullable String after) throws IOException {
                return client.agentTasks(after);
            }

            @Override
            public void report(AgentWork.Results results) throws IOException {
                client.report(results);
            }
        };
    }
}
