package io.tiphys.controller.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tiphys.controller.image.ImageCommands.Answer;
import io.tiphys.controller.kube.AdaptiveLimiter;
import io.tiphys.controller.kube.ApiCalls;
import io.tiphys.pods.DesiredPod.ImageUnknown;
import io.tiphys.pods.PodSettings.ImageCommand;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One server is both the registry, with a token server, and the API server that has the Secrets. */
class RegistryImagesTest {
    private static final String BASIC = "Basic " + Base64.getEncoder().encodeToString("robot:secret".getBytes(UTF_8));

    private record Page(int status, String body, Map<String, String> headers) {
        static Page ok(String body) {
            return new Page(200, body, Map.of());
        }
    }

    private final Map<String, Page> pages = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
    private HttpServer server;
    private KubernetesClient client;
    private RegistryImages images;
    private String host;
    private @Nullable String wanted;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        host = "127.0.0.1:" + server.getAddress().getPort();
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(io.fabric8.kubernetes.client.Config.empty())
                        .withMasterUrl("http://" + host)
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        ApiCalls calls =
                new ApiCalls(new AdaptiveLimiter(1, 4, 4), metrics, Duration.ofMillis(1), Duration.ofMillis(1), 1);
        images = new RegistryImages(client, calls, Set.of(), metrics, Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        client.close();
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().toString();
        asked.add(path);
        String given = exchange.getRequestHeaders().getFirst("Authorization");
        Page page = pages.getOrDefault(path, new Page(404, "{}", Map.of()));
        if (path.startsWith("/v2/") && wanted != null && !wanted.equals(given)) {
            page = new Page(
                    401,
                    "{}",
                    Map.of(
                            "WWW-Authenticate",
                            wanted.startsWith("Bearer ")
                                    ? "Bearer realm=\"http://" + host + "/token\",service=\"registry\""
                                    : "Basic realm=\"here\""));
        }
        if (path.startsWith("/token") && !BASIC.equals(given)) {
            page = new Page(401, "{}", Map.of());
        }
        page.headers().forEach(exchange.getResponseHeaders()::set);
        byte[] body = page.body().getBytes(UTF_8);
        exchange.sendResponseHeaders(page.status(), body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static String digest(String body) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(body.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A manifest for an image that starts this; its own digest is where it can be had as well. */
    private String image(String entrypoint) {
        String config = "{\"config\": {\"Entrypoint\": [\"%s\"], \"Cmd\": [\"--help\"]}}".formatted(entrypoint);
        pages.put("/v2/team/tool/blobs/" + digest(config), Page.ok(config));
        String manifest = "{\"config\": {\"digest\": \"%s\"}}".formatted(digest(config));
        pages.put("/v2/team/tool/manifests/" + digest(manifest), Page.ok(manifest));
        return manifest;
    }

    private void secret(String reference) {
        String config = "{\"auths\": {\"http://%s/v2/\": {\"auth\": \"%s\"}}}"
                .formatted(host, BASIC.substring("Basic ".length()));
        pages.put("/api/v1/namespaces/ci/secrets/" + reference, Page.ok("""
                {"apiVersion": "v1", "kind": "Secret", "data": {".dockerconfigjson": "%s"}}""".formatted(
                        Base64.getEncoder().encodeToString(config.getBytes(UTF_8)))));
    }

    private Answer find(String name, String... secrets) throws InterruptedException {
        return images.find(
                "ci", new ImageUnknown(host + "/" + name, List.of(secrets), "default", "arm64", "give it a command"));
    }

    private static Answer found(String entrypoint) {
        return new Answer.Found(new ImageCommand(List.of(entrypoint), List.of("--help")));
    }

    @Test
    void findsTheNodesVariantOfAnIndexAndAsksOnce() throws Exception {
        String arm = image("/arm");
        String amd = image("/amd");
        pages.put("/v2/team/tool/manifests/latest", Page.ok("""
                {"manifests": [{"digest": "%s", "platform": {"os": "linux", "architecture": "amd64"}},
                               {"digest": "%s", "platform": {"os": "linux", "architecture": "arm64"}}]}""".formatted(digest(amd), digest(arm))));

        assertThat(find("team/tool")).isEqualTo(found("/arm"));
        assertThat(find("team/tool")).isEqualTo(found("/arm"));
        assertThat(asked).filteredOn("/v2/team/tool/manifests/latest"::equals).hasSize(1);
    }

    @Test
    void getsATokenWithTheCredentialsOfTheServiceAccount() throws Exception {
        wanted = "Bearer abc";
        pages.put("/token?service=registry&scope=repository%3Ateam%2Ftool%3Apull", Page.ok("{\"token\": \"abc\"}"));
        pages.put("/v2/team/tool/manifests/1.0", Page.ok(image("/entry")));
        pages.put("/api/v1/namespaces/ci/serviceaccounts/default", Page.ok("""
                {"apiVersion": "v1", "kind": "ServiceAccount", "imagePullSecrets": [{"name": "regcred"}]}"""));
        secret("regcred");

        assertThat(find("team/tool:1.0")).isEqualTo(found("/entry"));
    }

    @Test
    void givesNameAndPasswordOfThePodsSecret() throws Exception {
        wanted = BASIC;
        String manifest = image("/entry");
        pages.put("/v2/team/tool/manifests/1.0", Page.ok(manifest));
        secret("own");

        assertThat(find("team/tool:1.0", "own")).isEqualTo(found("/entry"));
        assertThat(find("team/tool:2.0", "missing"))
                .isInstanceOfSatisfying(
                        Answer.NotFound.class,
                        none -> assertThat(none.message())
                                .contains("give it a command", "neither imagePullSecrets nor"));
    }

    @Test
    void followsRedirectsToOtherHttpAddressesOnly() throws Exception {
        pages.put("/v2/team/tool/manifests/1.0", new Page(307, "", Map.of("Location", "/elsewhere")));
        pages.put("/elsewhere", Page.ok(image("/entry")));
        pages.put("/v2/team/tool/manifests/2.0", new Page(307, "", Map.of("Location", "file:///etc/passwd")));

        assertThat(find("team/tool:1.0")).isEqualTo(found("/entry"));
        assertThat(find("team/tool:2.0")).isInstanceOf(Answer.NotFound.class);
    }

    @Test
    void saysWhatIsWrongAndWhetherItMayPass() throws Exception {
        pages.put("/v2/team/tool/manifests/busy", new Page(503, "", Map.of()));
        pages.put("/v2/team/tool/manifests/huge", Page.ok("x".repeat(RegistryClient.MAX_BYTES + 1)));
        pages.put("/v2/team/tool/manifests/text", Page.ok("<html>"));
        String forged = "sha256:" + "0".repeat(64);
        pages.put("/v2/team/tool/manifests/" + forged, Page.ok(image("/entry")));

        assertThat(List.of(
                        find("team/tool:busy"),
                        find("team/tool:huge"),
                        find("team/tool:text"),
                        find("team/tool:gone"),
                        find("team/tool@" + forged),
                        find("Team//tool")))
                .containsExactly(
                        none("looked up: 127.0.0.1 answers 503", true),
                        none("looked up: 127.0.0.1 answers with more than 4194304 bytes", false),
                        none("looked up: the registry's answer is no JSON", false),
                        none("looked up: 127.0.0.1 doesn't have it", false),
                        none("looked up: what the registry sent is not what " + forged + " names", false),
                        none("this names no image", false));
    }

    private static Answer none(String why, boolean isTransient) {
        return new Answer.NotFound("give it a command (" + why + ")", isTransient);
    }

    @Test
    void readsNamesAsContainerRuntimesDo() {
        assertThat(List.of("busybox", "argo/say:v2", "localhost/x", "quay.io/a/b@sha256:" + "a".repeat(64)))
                .extracting(name -> ImageName.parse(name).orElseThrow())
                .containsExactly(
                        new ImageName("docker.io", "library/busybox", "latest"),
                        new ImageName("docker.io", "argo/say", "v2"),
                        new ImageName("localhost", "x", "latest"),
                        new ImageName("quay.io", "a/b", "sha256:" + "a".repeat(64)));
        assertThat(ImageName.parse("quay.io/a").orElseThrow().base(Set.of())).hasToString("https://quay.io");
        assertThat(ImageName.parse("quay.io/a").orElseThrow().base(Set.of("quay.io")))
                .hasToString("http://quay.io");
        assertThat(ImageName.parse("a@evil/../b")).isEmpty();
    }

    @Test
    void theCredentialsOfTheLongestPathCount() {
        ImageName image = new ImageName("a.example.com", "team/tool", "1");
        Credentials any = new Credentials("any", "", "");
        Credentials team = new Credentials("team", "", "");
        var entries = List.of(
                new Credentials.Entry("*.example.com", "", any),
                new Credentials.Entry("a.example.com", "team", team),
                new Credentials.Entry("a.example.com", "tea", any));

        assertThat(Credentials.forImage(image, entries)).contains(team);
    }
}
