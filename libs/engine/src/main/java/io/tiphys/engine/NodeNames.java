package io.tiphys.engine;

/** Argo's names of nodes and pods: 32-bit FNV-1a over the node's full name, in decimal. */
public final class NodeNames {
    private static final int OFFSET = 0x811c9dc5;
    private static final int PRIME = 0x01000193;
    // 253 characters of a name, less the hash (10) and the dash before it
    private static final int MAX_PREFIX = 242;

    private NodeNames() {}

    /** Hash of a text. */
    public static int hash(String text) {
        return hash(OFFSET, text);
    }

    /** Hash of what {@code hash} stands for, followed by the text. */
    static int hash(int hash, String text) {
        int h = hash;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                h = (h ^ c) * PRIME;
            } else {
                int end = Character.isHighSurrogate(c) && i + 1 < text.length() ? i + 2 : i + 1;
                for (byte b : text.substring(i, end).getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
                    h = (h ^ (b & 0xff)) * PRIME;
                }
                i = end - 1;
            }
        }
        return h;
    }

    public static String id(String workflow, int hash) {
        return workflow + "-" + Integer.toUnsignedString(hash);
    }

    /** Name of the pod of a node, from the name of its template and the hash of its own. */
    public static String pod(String workflow, String template, int hash) {
        String prefix = template.isEmpty() ? workflow : workflow + "-" + template;
        if (prefix.length() > MAX_PREFIX) {
            prefix = prefix.substring(0, MAX_PREFIX);
        }
        return prefix + "-" + Integer.toUnsignedString(hash);
    }
}
