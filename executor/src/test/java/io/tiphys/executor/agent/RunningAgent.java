package io.tiphys.executor.agent;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** An agent at work, as its process would be. */
final class RunningAgent implements AutoCloseable {
    final FakeUploader uploader = new FakeUploader();
    private final Thread thread;

    RunningAgent(List<AgentSettings.Plugin> plugins, Path tokens, int workers, int bodyLimit) throws IOException {
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host,connection,expect,upgrade");
        AgentSettings settings = new AgentSettings(
                new AgentSettings.Workflow("default", "wf", "uid-1"), "pod-uid", plugins, tokens, workers, bodyLimit);
        Agent agent = AgentProcess.agent(settings, uploader, HttpClient.newHttpClient(), Duration.ofMillis(10));
        thread = Thread.ofVirtual().start(() -> {
            try {
                agent.run();
            } catch (IOException | InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    boolean hasEnded() {
        return !thread.isAlive();
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
