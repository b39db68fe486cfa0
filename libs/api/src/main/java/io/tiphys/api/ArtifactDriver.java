package io.tiphys.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An artifact driver that may be used: a process of its own that serves Argo's {@code artifact.ArtifactService} on a Unix socket. An element
 * of {@code artifactDrivers} in Argo's controller ConfigMap.
 *
 * @param name what {@code plugin.name} of artifacts says
 * @param image that Argo starts beside each pod; here it runs beside the services, so that nothing reads it
 * @param connectionTimeoutSeconds how long it may take to connect; 0 for 5 seconds
 * @param socket path of the socket; a field of ours. Absent: Argo's, {@code /tmp/artifact-plugins/NAME/socket}
 */
@ArgoType
public record ArtifactDriver(
        String name,
        @Nullable String image,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) int connectionTimeoutSeconds,
        @Nullable String socket) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?");

    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public ArtifactDriver {
        name = name == null ? "" : name;
    }

    /** Where it listens. */
    public String socketPath() {
        return socket == null || socket.isEmpty() ? "/tmp/artifact-plugins/" + name + "/socket" : socket;
    }

    /**
     * Reads a list of drivers.
     *
     * @param setting what the text was said in, for the message
     * @param json a list; null or blank for none
     * @throws IllegalArgumentException if it is none, or a driver has no name, one that is no name, or another one's
     */
    public static List<ArtifactDriver> listOf(String setting, @Nullable String json) {
        if (json == null || json.isBlank()) {
            return List.of();
        }
        List<ArtifactDriver> drivers;
        try {
            drivers = ApiJson.mapper().readValue(json, new TypeReference<List<ArtifactDriver>>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    setting + ": is no list of artifact drivers, such as [{\"name\":\"my-driver\"}]: "
                            + e.getOriginalMessage(),
                    e);
        }
        Set<String> names = new HashSet<>();
        for (int n = 0; n < drivers.size(); n++) {
            ArtifactDriver driver = drivers.get(n);
            if (driver == null || !NAME.matcher(driver.name()).matches()) {
                throw new IllegalArgumentException(setting + "[" + n + "].name: is \""
                        + (driver == null ? "" : driver.name())
                        + "\", must be letters, digits, '-', '_' and '.', and begin and end with a letter or digit");
            }
            if (!names.add(driver.name())) {
                throw new IllegalArgumentException(
                        setting + "[" + n + "].name: \"" + driver.name() + "\" is there twice");
            }
            if (driver.connectionTimeoutSeconds() < 0) {
                throw new IllegalArgumentException(setting + "[" + n + "].connectionTimeoutSeconds: is "
                        + driver.connectionTimeoutSeconds() + ", must be 0 or more");
            }
        }
        return List.copyOf(drivers);
    }
}
