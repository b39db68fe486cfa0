package io.tiphys.pods;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.tiphys.api.ContainerNode;
import io.tiphys.api.ContainerSetRetryStrategy;
import io.tiphys.api.ContainerSetTemplate;
import io.tiphys.api.ScriptTemplate;
import io.tiphys.api.Template;
import io.tiphys.expression.GoDuration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Emissary's command line around a container's own: when to start it, how often, and what. */
record EmissaryCommand(Template template, PodSettings settings) {
    private static final List<String> PAUSES = List.of("ARGO_DEBUG_PAUSE_BEFORE", "ARGO_DEBUG_PAUSE_AFTER");

    /** Whether the template asks for what only emissary does: an order among containers, repetition in place, a pause for a debugger. */
    static boolean isNeeded(Template template) {
        ContainerSetTemplate set = template.containerSet();
        return isToPause(template)
                || (set != null
                        && (set.retryStrategy() != null
                                || set.containers().stream()
                                        .anyMatch(container ->
                                                !container.dependencies().isEmpty())));
    }

    /** Whether somebody wants to look into a container before or after its command runs; then no deadline is set. */
    static boolean isToPause(Template template) {
        List<Container> mains = new ArrayList<>();
        if (template.container() != null) {
            mains.add(template.container());
        }
        if (template.script() != null) {
            mains.add(template.script().container());
        }
        if (template.containerSet() != null) {
            template.containerSet().containers().forEach(node -> mains.add(node.container()));
        }
        return mains.stream()
                .flatMap(container -> container.getEnv().stream())
                .map(EnvVar::getName)
                .anyMatch(PAUSES::contains);
    }

    /**
     * The container with its command started through emissary.
     *
     * @param files gets what is too long to stand there ({@link LongLines})
     */
    Container around(Container container, Map<String, List<String>> files) {
        List<String> command = new ArrayList<>(List.of(Names.EMISSARY, "run", "--container", container.getName()));
        ContainerSetTemplate set = template.containerSet();
        node(set, container.getName()).ifPresent(node -> {
            node.dependencies().forEach(dependency -> command.addAll(List.of("--after", dependency)));
            if (set != null && set.retryStrategy() != null) {
                command.addAll(repetition(set.retryStrategy()));
            }
        });
        List<String> line = commandLine(container);
        ScriptTemplate script = template.script();
        if (script != null && script.hasSource() && Names.MAIN.equals(container.getName())) {
            line.add(Names.PATH_SCRIPT);
        }
        Container kept = container;
        List<EnvVar> variables = LongLines.longVariables(container);
        if (!variables.isEmpty()) {
            kept = LongLines.moveVariables(container, variables, files);
            command.addAll(List.of("--env-file", LongLines.DIRECTORY + "/" + container.getName() + ".env"));
        }
        if (LongLines.isLong(line)) {
            command.addAll(LongLines.moveLine(container, line, files));
            line = List.of();
        }
        command.add("--");
        command.addAll(line);
        return new ContainerBuilder(kept)
                .withCommand(command)
                .withArgs(List.of())
                .build();
    }

    private static Optional<ContainerNode> node(@Nullable ContainerSetTemplate set, String name) {
        return set == null
                ? Optional.empty()
                : set.containers().stream()
                        .filter(node -> (node.name().isEmpty() ? Names.MAIN : node.name()).equals(name))
                        .findFirst();
    }

    /** Argo counts attempts, not repetitions: {@code retries: 2} runs a failing command twice (container_set_template_types.go). */
    private static List<String> repetition(ContainerSetRetryStrategy strategy) {
        IntOrString retries = strategy.retries();
        if (retries == null) {
            return List.of();
        }
        int attempts;
        try {
            attempts = retries.getStrVal() == null
                    ? retries.getIntVal()
                    : Integer.parseInt(retries.getStrVal().strip());
        } catch (NumberFormatException e) {
            throw new PodRefusedException("containerSet.retryStrategy.retries is \"%s\"; it must be a whole number"
                    .formatted(retries.getStrVal()));
        }
        List<String> options = new ArrayList<>(List.of("--attempts", Integer.toString(Math.max(1, attempts))));
        String text = strategy.duration();
        if (text != null && !text.isEmpty()) {
            Duration pause = GoDuration.parse(text)
                    .filter(duration -> !duration.isNegative())
                    .orElseThrow(() -> new PodRefusedException(
                            "containerSet.retryStrategy.duration is \"%s\"; it must be a duration such as 10s or 1m30s"
                                    .formatted(text)));
            options.addAll(List.of("--pause", Long.toString(pause.toMillis())));
        }
        return options;
    }

    /** What the container is to run: its own command and arguments, completed from the image where it names none. */
    private List<String> commandLine(Container container) {
        List<String> line = new ArrayList<>(container.getCommand());
        if (!line.isEmpty()) {
            line.addAll(container.getArgs());
            return line;
        }
        PodSettings.ImageCommand image = settings.image(container.getImage());
        if (image == null) {
            throw new ImageUnknownException(
                    String.valueOf(container.getImage()),
                    ("container \"%s\" of template \"%s\" names no command, and what image \"%s\" starts"
                                    + " isn't known: give it a command, or add the image to the controller's setting images")
                            .formatted(container.getName(), template.name(), container.getImage()));
        }
        line.addAll(image.entrypoint());
        line.addAll(container.getArgs().isEmpty() ? image.cmd() : container.getArgs());
        if (line.isEmpty()) {
            throw new PodRefusedException(
                    "container \"%s\" of template \"%s\" names no command, and its image \"%s\" starts none: give it a command"
                            .formatted(container.getName(), template.name(), container.getImage()));
        }
        return line;
    }
}
