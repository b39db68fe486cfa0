package io.tiphys.transfer;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        @Nullable DataTask data) {

    /** The container that outputs, the result and the exit code are taken from. */
    public static final String MAIN = "main";

    /** First variable that carries the task; the text goes on in {@code TIPHYS_TASK_1}, {@code _2}, … */
    private static final String VARIABLE = "TIPHYS_TASK";

    /** Characters per variable: even at three bytes each it stays below what Linux allows for one variable (128 KiB). */
    private static final int VARIABLE_LENGTH = 32 * 1024;

    public PodTask {
        containers = Copies.of(containers);
        sidecars = Copies.of(sidecars);
        inputs = Copies.of(inputs);
        outputs = outputs == null ? Outputs.NONE : outputs;
    }

    /** {@code main} when there is one, else the only container there is. */
    public String outputContainer() {
        return containers.isEmpty() || containers.contains(MAIN) ? MAIN : containers.getFirst();
    }

    /** The environment variables that carry {@code json}, a task as JSON text. */
    public static Map<String, String> toVariables(String json) {
        var variables = new LinkedHashMap<String, String>();
        for (int n = 0, from = 0; from < json.length() || n == 0; n++) {
            int to = Math.min(json.length(), from + VARIABLE_LENGTH);
            if (to < json.length() && Character.isHighSurrogate(json.charAt(to - 1))) {
                to--;
            }
            variables.put(variable(n), json.substring(from, to));
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
        return json.toString();
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
