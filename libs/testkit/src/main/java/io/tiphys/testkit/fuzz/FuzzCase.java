package io.tiphys.testkit.fuzz;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tiphys.api.Manifests;
import io.tiphys.testkit.simulator.Dice;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One hostile manifest.
 *
 * @param seed what it was made from; it decides how its pods end, too
 * @param text YAML or JSON, or what is left of it
 */
record FuzzCase(long seed, String text) {
    private static final long MOST_INDENTATION = 1_000_000;

    /** What is deeper isn't written as YAML by anybody. */
    private static final int DEEPEST = 500;

    /** Writes trees of any depth: it's for readers to refuse them. */
    private static final JsonMapper DEEP = new JsonMapper(JsonFactory.builder()
            .streamWriteConstraints(StreamWriteConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .build())
            .build());

    static FuzzCase of(Corpus corpus, long seed) {
        Dice dice = Dice.of(seed);
        List<JsonNode> documents = corpus.pick(dice);
        int mutations = dice.below(6);
        for (int i = 0; i < mutations; i++) {
            JsonNode other = dice.oneIn(20) ? corpus.pick(dice).getFirst() : documents.getFirst();
            TreeMutations.mutate(dice.pick(documents), other, dice);
        }
        String text = text(documents, dice);
        if (dice.oneIn(4)) {
            text = TextMutations.mutate(text, dice);
        }
        return new FuzzCase(seed, text);
    }

    /** What the values of a tree are indented by in all: deep and wide ones would be written as blanks, mostly. */
    private static long indentation(JsonNode node, int depth) {
        if (depth > DEEPEST) {
            return MOST_INDENTATION + 1;
        }
        long indentation = depth;
        for (JsonNode child : node) {
            indentation += indentation(child, depth + 1);
        }
        return indentation;
    }

    private static String text(List<JsonNode> documents, Dice dice) {
        if (documents.size() == 1 && dice.oneIn(3)) {
            return json(documents.getFirst());
        }
        // JSON is YAML, too, and much faster to write
        boolean flow = dice.coin();
        return documents.stream()
                .map(document -> flow || indentation(document, 0) > MOST_INDENTATION
                        ? json(document)
                        : Manifests.toYaml(document))
                .collect(Collectors.joining("\n---\n", "---\n", "\n"));
    }

    private static String json(JsonNode document) {
        try {
            return DEEP.writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can't be written", e);
        }
    }
}
