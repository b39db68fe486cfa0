package io.tiphys.validation;

import io.tiphys.api.SourceLines;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects what is found in one document, each thing once; not without end. */
class Findings {
    private static final int MAX = 500;

    private final int document;
    private final SourceLines lines;
    private final Set<Problem> problems = new LinkedHashSet<>();
    private final Set<Problem> warnings = new LinkedHashSet<>();

    Findings(int document, SourceLines lines) {
        this.document = document;
        this.lines = lines;
    }

    void problem(String path, String message) {
        if (problems.size() == MAX) {
            return;
        }
        if (problems.size() == MAX - 1) {
            problems.add(new Problem(document, "", 0, "there are more problems than are shown"));
            return;
        }
        problems.add(new Problem(document, path, lines.at(path), message));
    }

    void warning(String path, String message) {
        if (warnings.size() == MAX) {
            return;
        }
        warnings.add(new Problem(document, path, lines.at(path), message));
    }

    boolean hasProblems() {
        return !problems.isEmpty();
    }

    List<Problem> problems() {
        return new ArrayList<>(problems);
    }

    List<Problem> warnings() {
        return new ArrayList<>(warnings);
    }

    /** What is found in another object is reported where this document refers to it. */
    Findings within(String referencePath, String object) {
        Findings outer = this;
        return new Findings(document, lines) {
            @Override
            void problem(String path, String message) {
                outer.problem(referencePath, "in " + object + ": " + path + ": " + message);
            }

            @Override
            void warning(String path, String message) {
                outer.warning(referencePath, "in " + object + ": " + path + ": " + message);
            }
        };
    }
}
