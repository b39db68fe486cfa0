package io.tiphys.cli;

import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Where a command writes.
 *
 * @param live whether a person looks at a terminal that can be redrawn
 * @param colors whether to colour
 */
record Terminal(PrintWriter out, PrintWriter err, boolean live, boolean colors) {
    private static final String ESC = "\u001b[";
    static final int DEFAULT_WIDTH = 120;
    static final int DEFAULT_HEIGHT = 40;

    /** A colour of text. */
    enum Style {
        GREEN("32"),
        RED("31"),
        YELLOW("33"),
        CYAN("36"),
        BLUE("34"),
        MAGENTA("35"),
        DIM("2"),
        BOLD("1"),
        PLAIN("");

        private final String code;

        Style(String code) {
            this.code = code;
        }
    }

    /** Lines and columns of the window. */
    record Size(int height, int width) {}

    /** The same for what goes beside the command's result: what a script reads from standard output stays clean. */
    Terminal beside() {
        return new Terminal(err, err, live, colors);
    }

    static boolean isInteractive(Map<String, String> environment) {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent()
                && !"dumb".equals(environment.get("TERM"));
    }

    String style(Style style, String text) {
        return colors && style != Style.PLAIN && !text.isEmpty() ? ESC + style.code + "m" + text + ESC + "0m" : text;
    }

    void line(String text) {
        out.println(text);
        out.flush();
    }

    void note(String text) {
        err.println(text);
        err.flush();
    }

    /** Draws over the lines that were drawn before. */
    void redraw(int before, Iterable<String> lines) {
        StringBuilder frame = new StringBuilder();
        frame.append(ESC).append("?7l");
        if (before > 0) {
            frame.append(ESC).append(before).append("A");
        }
        frame.append("\r");
        for (String line : lines) {
            frame.append(line).append(ESC).append("K\n");
        }
        frame.append(ESC).append("J").append(ESC).append("?7h");
        out.print(frame);
        out.flush();
    }

    /** The window's size as {@code stty} tells it. */
    Size size() {
        if (!live) {
            return new Size(Integer.MAX_VALUE, DEFAULT_WIDTH);
        }
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(Path.of("/dev/tty").toFile())
                    .redirectErrorStream(true)
                    .start();
            String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            if (stty.waitFor(1, TimeUnit.SECONDS) && answer.matches("\\d+ \\d+") && !answer.startsWith("0 ")) {
                String[] parts = answer.split(" ", 2);
                return new Size(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
            }
        } catch (IOException e) {
            // no stty: a usual window is a good guess
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new Size(DEFAULT_HEIGHT, DEFAULT_WIDTH);
    }
}
