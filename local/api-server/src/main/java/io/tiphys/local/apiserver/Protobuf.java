package io.tiphys.local.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the few kinds that {@code kubectl create} and typed Go clients send as {@code application/vnd.kubernetes.protobuf}
 * even to a server that only ever answers in JSON. The fields are in {@code protobuf-fields.txt}; others are skipped.
 *
 * @see <a href="https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding">Protobuf encoding</a>
 */
final class Protobuf {
    private static final byte[] MAGIC = {'k', '8', 's', 0};
    private static final int MAX_DEPTH = 16;

    private record Field(String name, String type) {}

    private static final Map<String, Map<Integer, Field>> MESSAGES = load();

    private Protobuf() {}

    private static Map<String, Map<Integer, Field>> load() {
        Map<String, Map<Integer, Field>> messages = new HashMap<>();
        try (InputStream in = Protobuf.class.getResourceAsStream("protobuf-fields.txt")) {
            if (in == null) {
                throw new IllegalStateException("protobuf-fields.txt is missing from the API server's jar");
            }
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                lines.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
                    String[] cells = line.split(" ", -1);
                    messages.computeIfAbsent(cells[0], _ -> new HashMap<>())
                            .put(Integer.parseInt(cells[1]), new Field(cells[2], cells[3]));
                });
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return messages;
    }

    /** The object in a body; 415 for kinds that aren't known here. */
    static ObjectNode parse(byte[] body) {
        if (body.length < MAGIC.length
                || !ByteBuffer.wrap(body, 0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC))) {
            throw ApiException.badRequest("the request body is not in Kubernetes' protobuf encoding");
        }
        try {
            ObjectNode envelope =
                    message("Unknown", ByteBuffer.wrap(body, MAGIC.length, body.length - MAGIC.length), 0);
            String kind = Json.text("", envelope, "typeMeta", "kind");
            if (!MESSAGES.containsKey(kind)) {
                throw ApiException.unsupportedMediaType(
                        "application/vnd.kubernetes.protobuf", "application/json for a " + kind);
            }
            byte[] raw = Base64.getDecoder().decode(Json.text("", envelope, "raw"));
            ObjectNode object = message(kind, ByteBuffer.wrap(raw), 0);
            object.put("apiVersion", Json.text("", envelope, "typeMeta", "apiVersion"))
                    .put("kind", kind);
            return object;
        } catch (BufferUnderflowException | IllegalArgumentException _) {
            throw ApiException.badRequest("the request body is cut off, or not valid protobuf");
        }
    }

    private static ObjectNode message(String type, ByteBuffer in, int depth) {
        if (depth > MAX_DEPTH) {
            throw ApiException.badRequest("the request body is nested too deeply");
        }
        Map<Integer, Field> fields = MESSAGES.getOrDefault(type, Map.of());
        ObjectNode object = Json.object();
        while (in.hasRemaining()) {
            long tag = varint(in);
            Field field = fields.get((int) (tag >>> 3));
            switch ((int) (tag & 7)) {
                case 0 -> number(object, field, varint(in));
                case 1 -> in.getLong();
                case 2 -> delimited(object, field, slice(in), depth);
                case 5 -> in.getInt();
                default -> throw new IllegalArgumentException("wire type");
            }
        }
        return object;
    }

    private static void number(ObjectNode object, @Nullable Field field, long value) {
        if (field != null && field.type().equals("bool")) {
            object.put(field.name(), value != 0);
        } else if (field != null) {
            object.put(field.name(), value);
        }
    }

    private static void delimited(ObjectNode object, @Nullable Field field, ByteBuffer value, int depth) {
        if (field == null) {
            return;
        }
        String name = field.name();
        switch (field.type()) {
            case "string" -> putUnlessEmpty(object, name, text(value));
            case "bytes" -> object.put(name, base64(value));
            case "strings" -> object.withArray(name).add(text(value));
            case "map" -> entry(Json.child(object, name), value, false);
            case "bytesmap" -> entry(Json.child(object, name), value, true);
            default -> {
                if (field.type().startsWith("*")) {
                    object.withArray(name).add(message(field.type().substring(1), value, depth + 1));
                } else {
                    object.set(name, message(field.type(), value, depth + 1));
                }
            }
        }
    }

    private static void putUnlessEmpty(ObjectNode object, String name, String text) {
        if (!text.isEmpty()) {
            object.put(name, text);
        }
    }

    /** One entry of a map: a message of key (1) and value (2). */
    private static void entry(ObjectNode map, ByteBuffer in, boolean bytes) {
        String key = "";
        String value = "";
        while (in.hasRemaining()) {
            long tag = varint(in);
            ByteBuffer content = slice(in);
            if (tag >>> 3 == 1) {
                key = text(content);
            } else {
                value = bytes ? base64(content) : text(content);
            }
        }
        map.put(key, value);
    }

    private static ByteBuffer slice(ByteBuffer in) {
        long length = varint(in);
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        ByteBuffer slice = in.slice(in.position(), (int) length);
        in.position(in.position() + (int) length);
        return slice;
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("varint");
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    private static String base64(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return Base64.getEncoder().encodeToString(copy);
    }
}
