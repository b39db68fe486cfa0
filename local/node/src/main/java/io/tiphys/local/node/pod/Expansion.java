package io.tiphys.local.node.pod;

import java.util.List;
import java.util.Map;

/** Kubernetes' {@code $(NAME)} in commands, arguments and variables; {@code $$} is a dollar, an unknown name stays as it is. */
final class Expansion {
    private Expansion() {}

    static List<String> expand(List<String> texts, Map<String, String> variables) {
        return texts.stream().map(text -> expand(text, variables)).toList();
    }

    static String expand(String text, Map<String, String> variables) {
        if (text.indexOf('$') < 0) {
            return text;
        }
        StringBuilder expanded = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            char next = i + 1 < text.length() ? text.charAt(i + 1) : 0;
            int close = c == '$' && next == '(' ? text.indexOf(')', i) : -1;
            if (c == '$' && next == '$') {
                expanded.append('$');
                i += 2;
            } else if (close > 0) {
                String value = variables.get(text.substring(i + 2, close));
                expanded.append(value == null ? text.substring(i, close + 1) : value);
                i = close + 1;
            } else {
                expanded.append(c);
                i++;
            }
        }
        return expanded.toString();
    }
}
