package io.millrace.cli;

import io.millrace.cli.output.ResultFormat;
import io.millrace.cli.output.ResultWriter;
import io.millrace.connectors.postgres.Query.Column;
import io.millrace.connectors.postgres.Query.Kind;
import io.millrace.engine.config.Setting;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code millrace config}: what is in force, and who says so. */
final class ConfigCommand implements Command {

    private static final List<Column> COLUMNS = List.of(
            new Column("key", "text", Kind.TEXT),
            new Column("value", "text", Kind.TEXT),
            new Column("from", "text", Kind.TEXT));

    private static final List<Column> JSON_COLUMNS = List.of(
            new Column("key", "text", Kind.TEXT),
            new Column("value", "json", Kind.JSON),
            new Column("from", "text", Kind.TEXT),
            new Column("secret", "bool", Kind.BOOLEAN));

    private final Terminal terminal;
    private final Map<String, String> environment;

    ConfigCommand(Terminal terminal, Map<String, String> environment) {
        this.terminal = terminal;
        this.environment = environment;
    }

    /** How settings are written. */
    private enum Format {
        TABLE,
        YAML,
        JSON
    }

    @Override
    public CommandSpec spec() {
        return ConfigArguments.addTo(
                Command.spec("Prints every setting that is in force and where its value comes from, secrets hidden.")
                        .addOption(Command.option("--format", Format.class, "FORMAT", "table, yaml or json (table).")));
    }

    @Override
    public int run(ParseResult given) throws Exception {
        Format format = given.matchedOptionValue("--format", Format.TABLE);
        return ConfigArguments.with(given, environment, terminal, configured -> {
            switch (format) {
                case TABLE -> table(configured.settings());
                case YAML -> yaml(configured.settings());
                case JSON -> json(configured.settings());
            }
            return ExitCode.DONE;
        });
    }

    private void table(List<Setting> settings) {
        ResultWriter writer = ResultFormat.TABLE.writer(terminal.out(), terminal.styled());
        writer.begin(COLUMNS);
        settings.forEach(setting -> writer.row(
                List.of(setting.key(), shown(setting), setting.origin().toString())));
        writer.end(settings.size());
    }

    private static String shown(Setting setting) {
        if (setting.value() == null) {
            return "(not set)";
        }
        return setting.secret() ? String.valueOf(setting.value()) : setting.yaml();
    }

    private void json(List<Setting> settings) {
        ResultWriter writer = ResultFormat.JSON.writer(terminal.out(), terminal.styled());
        writer.begin(JSON_COLUMNS);
        settings.forEach(setting -> writer.row(List.of(
                setting.key(), setting.json(), setting.origin().toString(), Boolean.toString(setting.secret()))));
        writer.end(settings.size());
    }

    /** As a file would say it, with a remark on each line. */
    private void yaml(List<Setting> settings) {
        List<String> open = List.of();
        for (Setting setting : settings) {
            List<String> steps = List.of(setting.key().split("\\.", -1));
            List<String> sections = steps.subList(0, steps.size() - 1);
            int same = 0;
            while (same < Math.min(open.size(), sections.size())
                    && open.get(same).equals(sections.get(same))) {
                same++;
            }
            for (int i = same; i < sections.size(); i++) {
                terminal.out().println("  ".repeat(i) + sections.get(i) + ":");
            }
            open = sections;
            terminal.out()
                    .println("  ".repeat(sections.size()) + steps.getLast() + ": " + setting.yaml() + "  # "
                            + setting.origin());
        }
    }
}
