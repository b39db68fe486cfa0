package io.tiphys.testkit.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.api.InvalidManifestException;
import io.tiphys.api.Manifest;
import io.tiphys.api.Manifests;
import io.tiphys.testkit.simulator.Dice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The manifests that mutation begins with: those of the repository, and ones made for the occasion. */
public final class Corpus {
    private static final List<String> FOLDERS = List.of("examples", "conformance");
    private static final int LARGEST = 64 * 1024;

    private final List<List<JsonNode>> files;

    private Corpus(List<List<JsonNode>> files) {
        this.files = files;
    }

    /** The readable manifests in the folders of the repository, in the order of their names. */
    public static Corpus of(Path repository) throws IOException {
        List<List<JsonNode>> files = new ArrayList<>();
        for (String folder : FOLDERS) {
            Path path = repository.resolve(folder);
            if (Files.isDirectory(path)) {
                try (Stream<Path> all = Files.walk(path)) {
                    for (Path file : all.filter(Corpus::isManifest).sorted().toList()) {
                        read(file, files);
                    }
                }
            }
        }
        if (files.isEmpty()) {
            throw new IllegalArgumentException("no manifests in " + FOLDERS + " of "
                    + repository.toAbsolutePath().normalize());
        }
        return new Corpus(files);
    }

    private static boolean isManifest(Path file) {
        String name = file.getFileName().toString();
        return (name.endsWith(".yaml") || name.endsWith(".yml"))
                && file.toFile().length() < LARGEST;
    }

    private static void read(Path file, List<List<JsonNode>> files) throws IOException {
        try {
            List<JsonNode> trees = Manifests.read(Files.readString(file)).stream()
                    .map(Manifest::tree)
                    .filter(tree -> tree.path("apiVersion").asText().startsWith("argoproj.io/"))
                    .toList();
            if (!trees.isEmpty()) {
                files.add(trees);
            }
        } catch (InvalidManifestException e) {
            return; // one that is meant to be unreadable is nothing to start from
        }
    }

    public int size() {
        return files.size();
    }

    /** The documents of one file, as copies that may be changed; every other time a generated one. */
    List<JsonNode> pick(Dice dice) {
        List<JsonNode> documents = new ArrayList<>();
        if (dice.coin()) {
            documents.add(SpecGenerator.workflow(dice));
        } else {
            dice.pick(files).forEach(tree -> documents.add(tree.deepCopy()));
        }
        return documents;
    }
}
