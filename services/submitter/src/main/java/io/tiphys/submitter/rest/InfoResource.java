package io.tiphys.submitter.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.submitter.auth.Caller;
import io.tiphys.submitter.config.SubmitterConfig;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What the server is and who the caller is to it: Argo's {@code version}, {@code info}, {@code userinfo}. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
public class InfoResource {
    /** The version of Argo Workflows whose API this is; clients compare it with their own. */
    private static final String ARGO_VERSION = "v4.1.2";

    private final SubmitterConfig config;
    private final Caller caller;
    private final ObjectMapper json;
    private final String version;

    public InfoResource(
            SubmitterConfig config,
            Caller caller,
            ObjectMapper json,
            @ConfigProperty(name = "quarkus.application.version") String version) {
        this.config = config;
        this.caller = caller;
        this.json = json;
        this.version = version;
    }

    @GET
    @Path("version")
    public ObjectNode version() {
        return json.createObjectNode()
                .put("version", ARGO_VERSION + "+tiphys." + version)
                .put("buildDate", "1970-01-01T00:00:00Z")
                .put("gitCommit", "")
                .put("gitTag", ARGO_VERSION)
                .put("gitTreeState", "clean")
                .put("goVersion", "")
                .put("compiler", "javac")
                .put("platform", System.getProperty("os.name") + "/" + System.getProperty("os.arch"));
    }

    @GET
    @Path("info")
    public ObjectNode info() {
        ObjectNode info = json.createObjectNode();
        info.put("managedNamespace", config.managedNamespace().orElse(""));
        info.set("links", list("links", config.links()));
        info.set("columns", list("columns", config.columns()));
        info.putObject("modals")
                .put("feedback", false)
                .put("firstTimeUser", false)
                .put("newVersion", false);
        info.put("navColor", config.navColor().orElse(""));
        return info;
    }

    private JsonNode list(String setting, Optional<String> text) {
        try {
            JsonNode list = text.isEmpty() ? json.createArrayNode() : json.readTree(text.get());
            if (list.isArray()) {
                return list;
            }
            throw new IllegalStateException("tiphys.submitter." + setting + " must be a JSON list");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "tiphys.submitter." + setting + " is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** In auth mode {@code server} the caller is nobody in particular. */
    @GET
    @Path("userinfo")
    public ObjectNode userinfo() {
        return caller.userInfo();
    }

    /** Argo's UI reports what its users look at; nobody here wants to know. */
    @POST
    @Path("tracking/event")
    public ObjectNode track() {
        return json.createObjectNode();
    }
}
