package io.tiphys.controller.shard;

import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Workflow;
import io.tiphys.controller.kube.ResourceVersions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The latest that is known of a workflow's object. Watches of different selectors, and what we wrote ourselves, don't come in order.
 * An object that nobody is likely to ask for soon is kept packed: there may be tens of thousands of workflows that are over.
 */
final class LatestObject {
    private static final ObjectReader READER = ApiJson.mapper().readerFor(Workflow.class);
    private static final ObjectWriter WRITER = ApiJson.mapper().writerFor(Workflow.class);

    private @Nullable Workflow object;
    private byte @Nullable [] packed;
    private String resourceVersion = "";
    private int generation;

    /** Whether anybody has shown it yet. */
    boolean isKnown() {
        return object != null || packed != null;
    }

    /** The object; null if nobody has shown it yet. */
    @Nullable
    Workflow get() {
        return packed == null ? object : unpacked(packed);
    }

    /** Keeps it in a fraction of the memory until a later one is taken; whoever asks has it unpacked for him. */
    void pack() {
        if (object != null) {
            packed = packed(object);
            object = null;
        }
    }

    /** Takes what a watch of this generation shows; false if it is older than what is known. */
    boolean see(Workflow workflow, int watchGeneration) {
        generation = Math.max(generation, watchGeneration);
        return take(workflow);
    }

    /** Takes what is the answer to a write; false if it is older than what is known. */
    boolean take(Workflow workflow) {
        String version = workflow.getMetadata().getResourceVersion();
        boolean isOutdated = isKnown() && ResourceVersions.isLater(resourceVersion, version);
        if (!isOutdated) {
            object = workflow;
            packed = null;
            resourceVersion = version;
        }
        return !isOutdated;
    }

    /** Whether the watches of this generation didn't find it. */
    boolean isUnseenBy(int watchGeneration) {
        return generation < watchGeneration;
    }

    private static byte[] packed(Workflow workflow) {
        var bytes = new ByteArrayOutputStream();
        var deflater = new Deflater(Deflater.BEST_SPEED);
        try (OutputStream out = new DeflaterOutputStream(bytes, deflater)) {
            WRITER.writeValue(out, workflow);
        } catch (IOException e) {
            throw new UncheckedIOException("a workflow can't be written as JSON", e);
        } finally {
            deflater.end();
        }
        return bytes.toByteArray();
    }

    private static Workflow unpacked(byte[] packed) {
        try (var in = new InflaterInputStream(new ByteArrayInputStream(packed))) {
            return READER.readValue(in);
        } catch (IOException e) {
            throw new UncheckedIOException("a workflow that was packed can't be read", e);
        }
    }
}
