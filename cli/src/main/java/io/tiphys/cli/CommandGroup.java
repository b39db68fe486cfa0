package io.tiphys.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** A word that other commands stand behind: {@code tiphys cron list}. */
@Command(mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND")
final class CommandGroup implements Runnable {
    private final String name;

    private CommandGroup(String name) {
        this.name = name;
    }

    @Override
    public void run() {
        throw CommandFailure.invalid("a command is missing; try \"tiphys " + name + " --help\"");
    }

    /** The groups by name, with their commands. */
    static Map<String, CommandLine> all(Session session) {
        Map<String, CommandLine> groups = new LinkedHashMap<>();
        groups.put("template", definitions("template", "Workflow templates.", ArgoKind.WORKFLOW_TEMPLATE, session));
        groups.put(
                "cluster-template",
                definitions(
                        "cluster-template",
                        "Cluster workflow templates.",
                        ArgoKind.CLUSTER_WORKFLOW_TEMPLATE,
                        session));
        groups.put(
                "cron",
                definitions("cron", "Cron workflows.", ArgoKind.CRON_WORKFLOW, session)
                        .addSubcommand("suspend", new CronSwitchCommand(session, true))
                        .addSubcommand("resume", new CronSwitchCommand(session, false))
                        .addSubcommand("backfill", new CronBackfillCommand(session)));
        groups.put(
                "archive",
                group("archive", "Workflows in the archive.")
                        .addSubcommand("list", new ArchiveListCommand(session))
                        .addSubcommand("get", new ArchiveGetCommand(session))
                        .addSubcommand("delete", new ArchiveDeleteCommand(session))
                        .addSubcommand("retry", new ArchiveRetryCommand(session))
                        .addSubcommand("resubmit", new ArchiveResubmitCommand(session))
                        .addSubcommand("list-label-keys", new ArchiveLabelKeysCommand(session))
                        .addSubcommand("list-label-values", new ArchiveLabelValuesCommand(session)));
        groups.put("node", group("node", "Nodes of a workflow.").addSubcommand("set", new NodeSetCommand(session)));
        groups.put(
                "artifact",
                group("artifact", "Files in object storage.")
                        .addSubcommand("upload", new ArtifactUploadCommand(session))
                        .addSubcommand("rules", new ArtifactRulesCommand(session))
                        .addSubcommand("verify", new ArtifactVerifyCommand(session))
                        .addSubcommand("orphans", new ArtifactOrphansCommand(session))
                        .addSubcommand("gc", new ArtifactGcCommand(session)));
        return groups;
    }

    private static CommandLine definitions(String name, String description, ArgoKind kind, Session session) {
        return group(name, description)
                .addSubcommand("list", new DefinitionListCommand(session, kind), "ls")
                .addSubcommand("get", new DefinitionGetCommand(session, kind))
                .addSubcommand("create", new DefinitionSendCommand(session, kind, false))
                .addSubcommand("update", new DefinitionSendCommand(session, kind, true))
                .addSubcommand("delete", new DefinitionDeleteCommand(session, kind))
                .addSubcommand("lint", new LintCommand(session));
    }

    private static CommandLine group(String name, String description) {
        CommandLine group = new CommandLine(new CommandGroup(name));
        group.getCommandSpec().name(name).usageMessage().description(description);
        return group;
    }
}
