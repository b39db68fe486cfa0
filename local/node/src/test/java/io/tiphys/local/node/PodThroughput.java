package io.tiphys.local.node;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.tiphys.local.apiserver.ApiServer;
import io.tiphys.local.apiserver.ApiServerConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** How many small pods a second go through API server and node together: {@code main(pods, maxPods)}. Not a test. */
final class PodThroughput {
    private PodThroughput() {}

    public static void main(String[] args) throws Exception {
        int pods = Integer.parseInt(args[0]);
        Path home = Files.createTempDirectory("pod-throughput");
        try (ApiServer api = ApiServer.start(ApiServerConfig.inMemory());
                Node node =
                        Node.start(NodeConfig.in(home, api.url().toString()).withMaxPods(Integer.parseInt(args[1])));
                KubernetesClient client = new KubernetesClientBuilder()
                        .withConfig(NodeConfig.in(home, api.url().toString()).kubernetes())
                        .build()) {
            for (int round = 1; round <= 3; round++) {
                run(client, pods, "round" + round + "-");
            }
            System.out.println(node.logEndpoint());
        }
    }

    private static void run(KubernetesClient client, int pods, String prefix) throws InterruptedException {
        CountDownLatch left = new CountDownLatch(pods);
        Set<String> ended = ConcurrentHashMap.newKeySet();
        try (var informer = client.pods().inNamespace("default").inform(new ResourceEventHandler<>() {
            @Override
            public void onAdd(Pod pod) {
                onUpdate(pod, pod);
            }

            @Override
            public void onUpdate(Pod before, Pod pod) {
                String name = pod.getMetadata().getName();
                if ("Succeeded".equals(pod.getStatus().getPhase()) && name.startsWith(prefix) && ended.add(name)) {
                    left.countDown();
                }
            }

            @Override
            public void onDelete(Pod pod, boolean stateUnknown) {}
        })) {
            long start = System.nanoTime();
            for (int i = 0; i < pods; i++) {
                client.pods().inNamespace("default").resource(pod(prefix + i)).create();
            }
            long created = System.nanoTime();
            boolean all = left.await(5, TimeUnit.MINUTES);
            double seconds = (System.nanoTime() - start) / 1e9;
            System.out.printf(
                    "%d pods: created in %.1f s, all ended after %.1f s: %.0f pods/s%s%n",
                    pods, (created - start) / 1e9, seconds, pods / seconds, all ? "" : " (gave up)");
            if (!informer.isRunning()) {
                System.out.println("the watch broke");
            }
        }
    }

    private static Pod pod(String name) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withRestartPolicy("Never")
                .addNewContainer()
                .withName("main")
                .withImage("alpine")
                .withCommand("echo", "hi")
                .endContainer()
                .endSpec()
                .build();
    }
}
