package io.tiphys.transfer;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * What the executor of one pod is to stage before main starts and to save after it ended. It travels as JSON in the environment
 * variable {@code TIPHYS_TASK}. It names artifacts and paths only: where an artifact lives in object storage stands in the pod's
 * capability under the artifact's name, so nothing in the pod can choose another place.
 *
 * @param containers the user containers whose end is waited for ({@code main}, or the containers of a container set); outputs are read from
 *     {@link #outputContainer()}
 * @param sidecars user containers that run beside them and are told to stop once all of {@code containers} have ended
 * @param script source of a script template, staged where main finds it as {@code /argo/staging/script}; absent for others
 * @param progressFile absolute path in main that the user's program writes {@code n/m} to
 * @param deadline Unix seconds after which the pod is killed anyway; the executor reports before that
 * @param lines texts that are too many or too long for a command line or an environment in the pod's object, by the name of the file that they
 *     are staged in below {@code /var/run/tiphys/lines}, each followed by a NUL: {@code main.args}, {@code main.env}
 * @param resource what the executor, as main, does to a Kubernetes object ({@code TIPHYS_MODE=resource})
 * @param data what the executor, as main, lists and transforms ({@code TIPHYS_MODE=data})
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record PodTask(
        WorkflowRef workflow,
        String nodeId,
        String podName,
        List<String> containers,
        List<String> sidecars,
        @Nullable String script,
        List<Input> inputs,
        Outputs outputs,
        @Nullable String progressFile,
        @Nullable Long deadline,
        @Nullable ResourceTask resource,
        @Nullable DataTask data,
        Map<String, List<String>> lines) {

    /** The container that outputs, the result and the exit code are taken from. */
    public static final String MAIN = "main";

    /** First variable that carries the task; the text goes on in {@code TIPHYS_TASK_1}, {@code _2}, … */
    private static final String VARIABLE = "TIPHYS_TASK";

    /** Characters per variable: even at three bytes each it stays below what Linux allows for one variable (128 KiB). */
    private static final int VARIABLE_LENGTH = 32 * 1024;

    /** Characters beyond which a task is packed: gzip in base64 after this mark, which no JSON begins with. */
    private static final int LONG = 96 * 1024;

    private static final String PACKED = "gzip:";

    /** A task without {@link #lines}. */
    public PodTask(
            WorkflowRef workflow,
            String nodeId,
            String podName,
            List<String> containers,
            List<String> sidecars,
            @Nullable String script,
            List<Input> inputs,
            Outputs outputs,
            @Nullable String progressFile,
            @Nullable Long deadline,
            @Nullable ResourceTask resource,
            @Nullable DataTask data) {
        this(
                workflow,
                nodeId,
                podName,
                containers,
                sidecars,
                script,
                inputs,
                outputs,
                progressFile,
                deadline,
                resource,
                data,
                Map.of());
    }

    @JsonCreator
    public PodTask {
        lines = lines == null ? Map.of() : Map.copyOf(lines);
        containers = Copies.of(containers);
        sidecars = Copies.of(sidecars);
        inputs = Copies.of(inputs);
        outputs = outputs == null ? Outputs.NONE : outputs;
    }

    /** The same task with these lines. */
    public PodTask withLines(Map<String, List<String>> all) {
        return new PodTask(
                workflow,
                nodeId,
                podName,
                containers,
                sidecars,
                script,
                inputs,
                outputs,
                progressFile,
                deadline,
                resource,
                data,
                all);
    }

    /** {@code main} when there is one, else the only container there is. */
    public String outputContainer() {
        return containers.isEmpty() || containers.contains(MAIN) ? MAIN : containers.getFirst();
    }

    /** The environment variables that carry {@code json}, a task as JSON text; a long one is packed. */
    public static Map<String, String> toVariables(String json) {
        var text = json.length() <= LONG ? json : PACKED + pack(json);
        var variables = new LinkedHashMap<String, String>();
        for (int n = 0, from = 0; from < text.length() || n == 0; n++) {
            int to = Math.min(text.length(), from + VARIABLE_LENGTH);
            if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
                to--;
            }
            variables.put(variable(n), text.substring(from, to));
            from = to;
        }
        return variables;
    }

    /** The JSON text that {@link #toVariables} put into {@code environment}; empty when there is none. */
    public static String fromVariables(Map<String, String> environment) {
        var json = new StringBuilder();
        for (int n = 0; environment.containsKey(variable(n)); n++) {
            json.append(environment.get(variable(n)));
        }
        return json.indexOf(PACKED) == 0 ? unpack(json.substring(PACKED.length())) : json.toString();
    }

    private static String pack(String json) {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(json.getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("packing a task into memory", e);
        }
        return Base64.getEncoder().encodeToString(packed.toByteArray());
    }

    private static String unpack(String text) {
        try (var gzip =
                new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(text)))) {
            return new String(gzip.readAllBytes(), UTF_8);
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException("the task in " + VARIABLE + " is not gzip in base64", e);
        }
    }

    /** Whether a variable of this name carries a task, or a part of one. */
    public static boolean isVariable(String name) {
        return name.equals(VARIABLE) || name.matches(VARIABLE + "_\\d+");
    }

    private static String variable(int n) {
        return n == 0 ? VARIABLE : VARIABLE + "_" + n;
    }

    public record WorkflowRef(String namespace, String name, String uid) {}

    /**
     * An artifact to stage.
     *
     * @param path where main sees it
     * @param stagePath where the executor puts it (a directory or file that is mounted into main at {@code path})
     * @param mode permission bits, decimal as in a manifest; {@code recurseMode} gives them to everything inside
     * @param optional whether an artifact that isn't there is fine
     * @param archive how it is packed; absent: a gzipped tar is recognised by its first bytes and unpacked, anything else stays a file (as in Argo)
     * @param raw the content itself for Argo's {@code raw} artifacts; then nothing is downloaded
     */
    @JsonInclude(JsonInclude.Include.NON_DEFAULT)
    public record Input(
            String name,
            String path,
            String stagePath,
            @Nullable Integer mode,
            boolean recurseMode,
            boolean optional,
            @Nullable Archive archive,
            @Nullable String raw) {}

    /**
     * What to save when main has ended.
     *
     * @param result whether main's standard output becomes {@code outputs.result}
     * @param logs containers whose log is saved as an artifact
     */
    @JsonInclude(JsonInclude.Include.NON_DEFAULT)
    public record Outputs(
            List<OutputParameter> parameters, List<OutputArtifact> artifacts, boolean result, List<ArchivedLog> logs) {

        public static final Outputs NONE = new Outputs(List.of(), List.of(), false, List.of());

        public Outputs {
            parameters = Copies.of(parameters);
            artifacts = Copies.of(artifacts);
            logs = Copies.of(logs);
        }
    }

    /**
     * A parameter whose value is the content of a file in main.
     *
     * @param defaultValue taken when the file isn't there; absent: the file must be there if main succeeded
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record OutputParameter(
            String name, String path, @Nullable String defaultValue) {}

    /**
     * A file or directory of main that is saved under the key that the capability gives to {@code name}.
     *
     * @param archive absent: {@link Archive#TAR}
     * @param compressionLevel of tar and zip, 0 (none) to 9; absent: the library's default
     */
    @JsonInclude(JsonInclude.Include.NON_DEFAULT)
    public record OutputArtifact(
            String name,
            String path,
            boolean optional,
            @Nullable Archive archive,
            @Nullable Integer compressionLevel,
            @Nullable Integer mode) {}

    /** A container's log, saved unpacked as the artifact {@code name} (Argo: {@code <container>-logs}). */
    public record ArchivedLog(String name, String container) {}
}
