package io.tiphys.conformance.suite;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.api.ApiJson;
import io.tiphys.api.InvalidManifestException;
import io.tiphys.api.Manifest;
import io.tiphys.api.Manifests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A folder with {@code cases.json} and the manifests that it names. */
public final class CaseFolder {
    private final Path folder;
    private final List<ConformanceCase> cases;

    private CaseFolder(Path folder, List<ConformanceCase> cases) {
        this.folder = folder;
        this.cases = List.copyOf(cases);
    }

    /**
     * Reads the cases; manifests are read when they are asked for.
     *
     * @throws CaseException if there are none or they can't be read
     */
    public static CaseFolder read(Path folder) {
        Path file = folder.resolve("cases.json");
        try {
            JsonNode json = ApiJson.mapper().readTree(Files.readString(file));
            JsonNode list = json.isObject() ? json.path("cases") : json;
            if (!list.isArray()) {
                throw new CaseException(file + ": expected a list of cases");
            }
            List<ConformanceCase> cases = new ArrayList<>();
            list.forEach(each -> cases.add(ConformanceCase.of(each)));
            return new CaseFolder(folder, cases);
        } catch (NoSuchFileException e) {
            throw new CaseException(folder + " is no folder of cases: it has no cases.json");
        } catch (JsonProcessingException e) {
            throw new CaseException(file + " is not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new CaseException(file + " can't be read: " + e.getMessage());
        }
    }

    public List<ConformanceCase> cases() {
        return cases;
    }

    /**
     * The fixtures' documents and then the case's own, in order.
     *
     * @throws CaseException if a file is missing or is no manifest
     */
    public List<Manifest> documents(ConformanceCase conformanceCase) {
        List<Manifest> documents = new ArrayList<>();
        for (String fixture : conformanceCase.fixtures()) {
            documents.addAll(read(fixture));
        }
        documents.addAll(read(conformanceCase.yaml()));
        return documents;
    }

    /**
     * The case's own documents.
     *
     * @throws CaseException if the file is missing or is no manifest
     */
    public List<Manifest> ownDocuments(ConformanceCase conformanceCase) {
        return read(conformanceCase.yaml());
    }

    private List<Manifest> read(String name) {
        try {
            return Manifests.read(Files.readString(find(name)));
        } catch (IOException e) {
            throw new CaseException("can't read " + name + ": " + e.getMessage());
        } catch (InvalidManifestException e) {
            throw new CaseException(name + " is no manifest: " + e.getMessage());
        }
    }

    /** The file; fixtures are also named without the folder that they lie in. */
    private Path find(String name) throws IOException {
        Path base = Path.of(name).getFileName();
        for (Path candidate : List.of(
                folder.resolve(name),
                folder.resolve("yaml").resolve(name),
                folder.resolve("yaml").resolve(base))) {
            if (Files.isRegularFile(candidate)) {
                return candidate;
            }
        }
        throw new NoSuchFileException(folder.resolve(name).toString());
    }
}
