package io.tiphys.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.api.InvalidManifestException;
import io.tiphys.api.Manifest;
import io.tiphys.api.Manifests;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Manifest files as they are named on the command line. */
final class ManifestFiles {
    private final InputStream standardInput;

    ManifestFiles(InputStream standardInput) {
        this.standardInput = standardInput;
    }

    /** A file's documents. */
    record Source(String name, List<Manifest> documents) {
        Source {
            documents = List.copyOf(documents);
        }
    }

    /**
     * Reads all files before anything is done with one of them.
     *
     * @throws CommandFailure if one can't be read
     */
    List<Source> read(List<String> names) {
        return names.stream().map(this::read).toList();
    }

    private Source read(String name) {
        String shown = name.equals("-") ? "standard input" : name;
        List<Manifest> documents;
        try {
            documents = Manifests.read(text(name));
        } catch (NoSuchFileException e) {
            throw CommandFailure.invalid(shown + ": no such file");
        } catch (IOException e) {
            throw CommandFailure.invalid(shown + ": can't be read: " + e.getMessage());
        } catch (InvalidManifestException e) {
            throw CommandFailure.invalid(shown + ": " + e.getMessage());
        }
        if (documents.isEmpty()) {
            throw CommandFailure.invalid(shown + ": holds no manifest");
        }
        return new Source(
                shown, documents.stream().flatMap(ManifestFiles::unfold).toList());
    }

    /** The arguments in a file of names and values, each as {@code name=value}; a value that is no text is taken as JSON. */
    List<String> parameters(String name) {
        try {
            List<String> parameters = new ArrayList<>();
            for (Manifest document : Manifests.read(text(name))) {
                document.tree()
                        .properties()
                        .forEach(each -> parameters.add(each.getKey() + "="
                                + (each.getValue().isValueNode()
                                        ? each.getValue().asText()
                                        : Json.text(each.getValue()))));
            }
            return parameters;
        } catch (IOException | InvalidManifestException e) {
            throw CommandFailure.invalid("--parameter-file " + name + ": can't be read: " + e.getMessage());
        }
    }

    private String text(String name) throws IOException {
        if (name.equals("-")) {
            return new String(standardInput.readNBytes(Manifests.MAX_BYTES + 1), StandardCharsets.UTF_8);
        }
        Path file = Path.of(name);
        if (Files.isDirectory(file)) {
            throw new IOException("it is a directory");
        }
        if (Files.size(file) > Manifests.MAX_BYTES) {
            throw new IOException("it has more than " + Manifests.MAX_BYTES / 1024 / 1024
                    + " MiB, the most that is read and that the server takes (tiphys.submitter.max-request-size);"
                    + " pass data as artifacts");
        }
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    /** A {@code List} stands for its items. */
    private static Stream<Manifest> unfold(Manifest manifest) {
        if (!manifest.kind().equals("List")) {
            return Stream.of(manifest);
        }
        List<Manifest> items = new ArrayList<>();
        manifest.tree().path("items").forEach(item -> items.add(Manifest.of(item)));
        return items.stream();
    }

    /** The manifest files below the directories and the files themselves, in order. */
    static List<String> expand(List<String> names) {
        List<String> files = new ArrayList<>();
        for (String name : names) {
            Path path = Path.of(name);
            if (name.equals("-") || !Files.isDirectory(path)) {
                files.add(name);
                continue;
            }
            try (Stream<Path> below = Files.walk(path)) {
                below.filter(Files::isRegularFile)
                        .map(Path::toString)
                        .filter(file -> file.matches(".*\\.(ya?ml|json)"))
                        .sorted()
                        .forEach(files::add);
            } catch (IOException | java.io.UncheckedIOException e) {
                throw CommandFailure.invalid(name + ": can't be read: " + e.getMessage());
            }
        }
        return files;
    }

    /** Sets arguments of a workflow, each given as {@code name=value}. */
    static void setParameters(ObjectNode workflow, List<String> assignments) {
        if (assignments.isEmpty()) {
            return;
        }
        ObjectNode arguments = object(object(workflow, "spec"), "arguments");
        ArrayNode parameters =
                arguments.path("parameters") instanceof ArrayNode present ? present : arguments.putArray("parameters");
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            if (equals < 1) {
                throw CommandFailure.invalid("-p " + assignment + ": write it as name=value");
            }
            String name = assignment.substring(0, equals);
            ObjectNode parameter = null;
            for (JsonNode each : parameters) {
                if (each.path("name").asText().equals(name) && each instanceof ObjectNode found) {
                    parameter = found;
                }
            }
            (parameter == null ? parameters.addObject().put("name", name) : parameter)
                    .put("value", assignment.substring(equals + 1))
                    .remove("valueFrom");
        }
    }

    static ObjectNode object(ObjectNode of, String field) {
        return of.path(field) instanceof ObjectNode present ? present : of.putObject(field);
    }
}
