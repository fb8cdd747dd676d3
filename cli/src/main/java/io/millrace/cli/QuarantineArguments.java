package io.millrace.cli;

import io.millrace.api.Quarantine.Filter;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** How records of the quarantine are chosen, for all commands that do. */
final class QuarantineArguments {

    static final String PIPELINE = "--pipeline";
    static final String FILE = "--file";
    static final String WHERE = "--where";

    private static final String REASON = "--reason";
    private static final String FIELD = "--field";
    private static final String SINCE = "--since";
    private static final Pattern AGO = Pattern.compile("([0-9]{1,9})(s|m|min|h|d)");

    private QuarantineArguments() {}

    /** Adds the options that name the pipeline. */
    static CommandSpec pipeline(CommandSpec spec) {
        return spec.addOption(Command.option(
                        PIPELINE,
                        String.class,
                        "NAME",
                        "The pipeline (the only one that has records in the quarantine)."))
                .addOption(OptionSpec.builder("-f", FILE)
                        .type(Path.class)
                        .paramLabel("PIPELINE_FILE")
                        .description("The pipeline's file instead of its name: it knows the database, and the format of"
                                + " records that are not JSON.")
                        .build())
                .addOption(PipelineArguments.set())
                .addOption(PipelineArguments.home());
    }

    /** Adds the options that choose records. */
    static CommandSpec choice(CommandSpec spec) {
        return spec.addOption(Command.option(
                        REASON, String.class, "CODE", "Only records with this reason, such as malformed_json."))
                .addOption(Command.option(FIELD, String.class, "FIELD", "Only records with a fault in this field."))
                .addOption(Command.option(
                        SINCE,
                        String.class,
                        "WHEN",
                        "Only what was put aside since then: 90s, 30m, 12h, 7d ago, or a time such as"
                                + " 2026-11-21T10:00:00Z."))
                .addOption(Command.option(
                        WHERE,
                        String.class,
                        "SQL",
                        "Only records for which a condition over their fields holds, such as \"userId = 'u1'\". One that"
                                + " can't be decoded is not chosen."));
    }

    static Filter filter(ParseResult given, InstantSource clock) {
        @Nullable String reason = given.matchedOptionValue(REASON, null);
        @Nullable String field = given.matchedOptionValue(FIELD, null);
        @Nullable String since = given.matchedOptionValue(SINCE, null);
        return new Filter(reason, field, since == null ? null : since(given, since, clock));
    }

    private static Instant since(ParseResult given, String text, InstantSource clock) {
        Matcher ago = AGO.matcher(text);
        if (ago.matches()) {
            long number = Long.parseLong(ago.group(1));
            Duration duration = switch (ago.group(2)) {
                case "s" -> Duration.ofSeconds(number);
                case "h" -> Duration.ofHours(number);
                case "d" -> Duration.ofDays(number);
                default -> Duration.ofMinutes(number);
            };
            return clock.instant().minus(duration);
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw wrong(
                    given,
                    SINCE + ": expected 90s, 30m, 12h, 7d or a time such as 2026-11-21T10:00:00Z, found '" + text
                            + "'");
        }
    }

    /** How the choice is written on a command line, for commands that we tell people to type. */
    static String[] again(ParseResult given, String... before) {
        List<String> words = new ArrayList<>(List.of(before));
        for (String option : List.of(PIPELINE, FILE, REASON, FIELD, SINCE, WHERE)) {
            if (given.hasMatchedOption(option)) {
                words.add(option);
                words.add(given.matchedOption(option).originalStringValues().getFirst());
            }
        }
        return words.toArray(new String[0]);
    }

    static ParameterException wrong(ParseResult given, String message) {
        return new ParameterException(given.commandSpec().commandLine(), message);
    }
}
