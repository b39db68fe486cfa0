package io.tiphys.submitter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Auth mode client, in front of a Kubernetes API that knows who may do what. */
@QuarkusTest
@TestProfile(ClientAuthTest.Client.class)
@Timeout(60)
class ClientAuthTest {
    public static class Client implements QuarkusTestProfile {
        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(GuardedCluster.class));
        }

        @Override
        public boolean disableGlobalTestResources() {
            return true;
        }

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "tiphys.submitter.auth-mode",
                    "client",
                    "tiphys.instance-id",
                    "ci",
                    "tiphys.workflow-defaults",
                    "{\"spec\":{\"entrypoint\":\"main\"}}",
                    "tiphys.submitter.nav-color",
                    "teal",
                    "tiphys.submitter.links",
                    "[{\"name\":\"Help\",\"scope\":\"chat\",\"url\":\"http://chat\"}]");
        }
    }

    @TestHTTPResource("/")
    URI base = URI.create("/");

    private Api api = new Api(base);

    @BeforeEach
    void connect() {
        api = new Api(base);
    }

    private HttpResponse<String> send(String method, String path, String body, String token) {
        return api.send(method, path, body, token.isEmpty() ? Map.of() : Map.of("Authorization", "Bearer " + token));
    }

    private JsonNode refused(HttpResponse<String> response, int status, int code) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(api.tree(response).path("code").asInt()).isEqualTo(code);
        return api.tree(response);
    }

    private static String workflow(String name) {
        return "{\"workflow\":" + Api.workflow("{\"name\":\"" + name + "\"}") + "}";
    }

    @Test
    void withoutATokenNobodyIsLetIn() {
        for (String path : new String[] {"/api/v1/workflows/argo", "/api/v1/info", "/api/v1/archived-workflows"}) {
            assertThat(refused(send("GET", path, "", ""), 401, 16)
                            .path("message")
                            .asText())
                    .startsWith("token not valid.");
        }
        refused(send("POST", "/api/v1/events/argo/x", "{}", ""), 401, 16);
    }

    @Test
    void aTokenThatTheClusterDoesNotKnowIsRefusedByIt() {
        refused(send("GET", "/api/v1/workflows/argo", "", "stranger"), 401, 16);
    }

    @Test
    void aRequestHasTheRightsOfItsToken() {
        HttpResponse<String> created =
                send("POST", "/api/v1/workflows/argo", workflow("allowed"), GuardedCluster.WRITER);
        assertThat(created.statusCode()).as(created.body()).isEqualTo(200);
        assertThat(api.tree(created)
                        .path("metadata")
                        .path("labels")
                        .path("workflows.argoproj.io/creator")
                        .asText())
                .isEqualTo("writer");

        assertThat(send("GET", "/api/v1/workflows/argo/allowed", "", GuardedCluster.READER)
                        .statusCode())
                .isEqualTo(200);
        refused(send("POST", "/api/v1/workflows/argo", workflow("denied"), GuardedCluster.READER), 403, 7);
        refused(send("DELETE", "/api/v1/workflows/argo/allowed", "", GuardedCluster.READER), 403, 7);
        for (String action : new String[] {"resume", "suspend", "terminate"}) {
            refused(send("PUT", "/api/v1/workflows/argo/allowed/" + action, "{}", GuardedCluster.READER), 403, 7);
        }
    }

    @Test
    void whatTheSubmitterDoesItselfNeedsTheRightToo() {
        assertThat(send(
                                "GET",
                                "/api/v1/archived-workflows?listOptions.fieldSelector=metadata.namespace=argo",
                                "",
                                GuardedCluster.READER)
                        .statusCode())
                .isEqualTo(200);
        refused(send("GET", "/api/v1/archived-workflows", "", GuardedCluster.NOBODY), 403, 7);
        refused(send("GET", "/api/v1/workflow-events/argo", "", GuardedCluster.NOBODY), 403, 7);
        refused(send("POST", "/api/v1/events/argo/x", "{}", GuardedCluster.READER), 403, 7);
    }

    @Test
    void aCookieIsAsGoodAsAHeader() {
        HttpResponse<String> response = api.send(
                "GET",
                "/api/v1/userinfo",
                "",
                Map.of("Cookie", "authorization=\"Bearer " + GuardedCluster.READER + "\""));
        assertThat(api.tree(response).path("subject").asText()).isEqualTo("reader");
    }

    @Test
    void whatIsMadeBelongsToThisInstallation() {
        String named = "{\"workflow\":"
                + Api.workflow("{\"name\":\"labelled\"}").replace("\"entrypoint\":\"main\",", "") + "}";
        HttpResponse<String> created = send("POST", "/api/v1/workflows/argo", named, GuardedCluster.WRITER);
        assertThat(created.statusCode()).as(created.body()).isEqualTo(200);
        assertThat(api.tree(created)
                        .path("metadata")
                        .path("labels")
                        .path("workflows.argoproj.io/controller-instanceid")
                        .asText())
                .isEqualTo("ci");
    }

    @Test
    void userInterfacesAreToldWhatTheOperatorWants() {
        JsonNode info = api.tree(send("GET", "/api/v1/info", "", GuardedCluster.READER));
        assertThat(info.path("navColor").asText()).isEqualTo("teal");
        assertThat(info.path("links").path(0).path("name").asText()).isEqualTo("Help");
    }
}
