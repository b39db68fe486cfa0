package io.tiphys.executor.save;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tiphys.executor.Log;
import io.tiphys.executor.Parallel;
import io.tiphys.executor.Rendezvous;
import io.tiphys.executor.emissary.Emissary;
import io.tiphys.executor.http.ObjectClient;
import io.tiphys.executor.http.PermanentException;
import io.tiphys.executor.http.Retry;
import io.tiphys.executor.http.UploaderClient;
import io.tiphys.transfer.PodTask;
import io.tiphys.transfer.PodTask.OutputArtifact;
import io.tiphys.transfer.PodTask.OutputParameter;
import io.tiphys.transfer.TaskReport;
import io.tiphys.transfer.TaskReport.ParameterValue;
import io.tiphys.transfer.TaskReport.SavedArtifact;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Saves what a task declares as outputs, once its containers have ended. Everything is tried, also when main failed; then what is missing
 * is no error of its own (Argo saves the outputs of failed pods too).
 */
public final class OutputSaver {
    private static final int ARTIFACTS_AT_A_TIME = 4;
    private static final int RESULT_BYTES = 256 * 1024;
    private static final int PARAMETER_BYTES = 1024 * 1024;

    private final ArtifactSaver artifacts;
    private final Rendezvous rendezvous;
    private final @Nullable String podUid;

    public OutputSaver(
            UploaderClient uploader,
            ObjectClient objects,
            Retry retry,
            Rendezvous rendezvous,
            @Nullable String podUid) {
        this.artifacts = new ArtifactSaver(uploader, objects, retry, rendezvous.scratch());
        this.rendezvous = rendezvous;
        this.podUid = podUid;
    }

    /** Saves everything. The exit code is absent when the container was killed together with its emissary, so that its files are gone. */
    public TaskReport save(PodTask task, @Nullable Integer exitCode) {
        var problems = new ArrayList<String>();
        var outputs = task.outputs();
        var container = rendezvous.emissary(task.outputContainer());
        boolean missingIsFine = exitCode == null || exitCode != 0;
        var parameters = new ArrayList<ParameterValue>();
        for (var parameter : outputs.parameters()) {
            try {
                parameters.add(new ParameterValue(parameter.name(), value(parameter, container)));
            } catch (IOException e) {
                note(problems, missingIsFine, "output parameter \"" + parameter.name() + "\"", parameter.path(), e);
            }
        }
        var saved = new ArrayList<SavedArtifact>();
        saved.addAll(each(outputs.artifacts(), problems, missingIsFine, container));
        saved.addAll(logs(task, problems));
        return new TaskReport(
                podUid,
                true,
                problems.isEmpty() || missingIsFine ? null : TaskReport.ERROR,
                problems.isEmpty() ? null : String.join("; ", problems),
                exitCode,
                outputs.result() ? result(task, problems) : null,
                parameters,
                saved,
                null);
    }

    private List<SavedArtifact> each(
            List<OutputArtifact> wanted, List<String> problems, boolean missingIsFine, Emissary container) {
        try {
            return Parallel.map(wanted, ARTIFACTS_AT_A_TIME, artifact -> {
                        try {
                            return Optional.of(artifacts.save(artifact, container));
                        } catch (NoSuchFileException e) {
                            if (!artifact.optional()) {
                                note(
                                        problems,
                                        missingIsFine,
                                        "output artifact \"" + artifact.name() + "\"",
                                        artifact.path(),
                                        e);
                            }
                        } catch (IOException e) {
                            note(
                                    problems,
                                    missingIsFine,
                                    "output artifact \"" + artifact.name() + "\"",
                                    artifact.path(),
                                    e);
                        }
                        return Optional.<SavedArtifact>empty();
                    })
                    .stream()
                    .flatMap(Optional::stream)
                    .toList();
        } catch (IOException e) {
            note(problems, false, "output artifacts", "", e);
            return List.of();
        }
    }

    private List<SavedArtifact> logs(PodTask task, List<String> problems) {
        var saved = new ArrayList<SavedArtifact>();
        for (var log : task.outputs().logs()) {
            try {
                saved.add(artifacts.save(log, rendezvous.log(log.container())));
            } catch (IOException e) {
                note(problems, false, "log of container \"" + log.container() + "\"", "", e);
            }
        }
        return saved;
    }

    private static void note(List<String> problems, boolean missingIsFine, String what, String path, IOException e) {
        if (e instanceof NoSuchFileException) {
            if (missingIsFine) {
                Log.info(what + " is not there: " + path);
                return;
            }
            add(problems, "cannot save " + what + ": open " + path + ": no such file or directory");
            return;
        }
        add(problems, "cannot save " + what + (path.isEmpty() ? "" : " (" + path + ")") + ": " + reason(e));
    }

    private static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> denied.getFile() + ": permission denied";
            default -> String.valueOf(e.getMessage());
        };
    }

    private static void add(List<String> problems, String problem) {
        Log.error(problem);
        synchronized (problems) {
            problems.add(problem);
        }
    }

    private static String value(OutputParameter parameter, Emissary container) throws IOException {
        try (var in = container.read(parameter.path(), 0, PARAMETER_BYTES + 1L)) {
            var bytes = in.readAllBytes();
            if (bytes.length > PARAMETER_BYTES) {
                throw new PermanentException(parameter.path() + " is larger than " + PARAMETER_BYTES
                        + " bytes, too much for a parameter; make it an artifact");
            }
            return withoutLastNewline(new String(bytes, UTF_8));
        } catch (NoSuchFileException e) {
            if (parameter.defaultValue() != null) {
                return parameter.defaultValue();
            }
            throw e;
        }
    }

    private @Nullable String result(PodTask task, List<String> problems) {
        var file = rendezvous.standardOutput(task.outputContainer());
        if (!Files.exists(file)) {
            return null;
        }
        try (var in = new RandomAccessFile(file.toFile(), "r")) {
            long from = Math.max(0, in.length() - RESULT_BYTES);
            var bytes = new byte[(int) (in.length() - from)];
            in.seek(from);
            in.readFully(bytes);
            int start = from == 0 ? 0 : startOfCharacter(bytes);
            return withoutLastNewline(new String(bytes, start, bytes.length - start, UTF_8));
        } catch (IOException e) {
            note(problems, false, "result", "", e);
            return null;
        }
    }

    /** A tail may begin within a character of several bytes. */
    private static int startOfCharacter(byte[] utf8) {
        int n = 0;
        while (n < Math.min(4, utf8.length) && (utf8[n] & 0xC0) == 0x80) {
            n++;
        }
        return n;
    }

    /** Argo takes exactly one newline away. */
    static String withoutLastNewline(String text) {
        return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }
}
