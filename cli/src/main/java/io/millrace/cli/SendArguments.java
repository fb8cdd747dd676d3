package io.millrace.cli;

import io.millrace.cli.send.Input;
import io.millrace.cli.send.SendPlan;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** How {@code millrace send} is called. */
final class SendArguments {

    static final String CLIENT = "--client";
    static final String SECRET_FILE = "--secret-file";
    static final String TOKEN_URL = "--token-url";

    private static final String STANDARD_INPUT = "-";
    private static final Duration USUAL_VERIFY = Duration.ofMinutes(5);

    private SendArguments() {}

    static CommandSpec spec() {
        return ConfigArguments.addTo(Command.spec(
                        "Sends events, one a line, to a gateway. What can't be sent is sent again until it can be;"
                                + " what the gateway refuses is kept in a file and listed.")
                .addOption(Command.option("--to", String.class, "URL", "The URL that takes the events.").toBuilder()
                        .required(true)
                        .build())
                .addOption(number(
                        "--batch", "How many events go into one request (" + SendPlan.USUAL_BATCH_RECORDS + ")."))
                .addOption(amount(
                        "--batch-bytes",
                        Integer.class,
                        "SIZE",
                        Amounts::bytes,
                        "How large a request may be, such as 512KiB (1MB)."))
                .addOption(number(
                        "--parallel",
                        "How many requests are under way at once (" + SendPlan.USUAL_PARALLEL
                                + "). With 1, events arrive in the order of the file."))
                .addOption(Command.option("--rate", Double.class, "N", "Sends N events a second at most, evenly."))
                .addOption(flag("--single", "Each event is a request of its own."))
                .addOption(flag("--gzip", "Compresses requests."))
                .addOption(flag(
                        "--watch",
                        "Goes on with what is appended to the files; one that is replaced is sent from its beginning."
                                + " Ctrl-C ends it."))
                .addOption(flag("--verify", "Then waits until the pipelines have taken everything."))
                .addOption(amount(
                        "--verify-within", Duration.class, "TIME", Amounts::duration, "For how long to wait (5m)."))
                .addOption(flag(
                        "--again",
                        "Sends events that were sent before as new ones. Without it, the same file sent again is"
                                + " recognised by the gateway."))
                .addOption(amount(
                        "--give-up-after",
                        Duration.class,
                        "TIME",
                        Amounts::duration,
                        "Tries no longer than that, such as 30s; without it, for as long as it takes."))
                .addOption(amount(
                        "--timeout", Duration.class, "TIME", Amounts::duration, "How long an answer may take (60s)."))
                .addOption(Command.option(
                        "--unsent",
                        Path.class,
                        "FILE",
                        "Where to keep what could not be sent, after what is there (a new NAME.unsent.jsonl beside each"
                                + " file)."))
                .addOption(Command.option(
                        CLIENT,
                        String.class,
                        "ID",
                        "The client to get tokens for (MILLRACE_CLIENT). Its secret is MILLRACE_CLIENT_SECRET; a token"
                                + " of your own is MILLRACE_TOKEN."))
                .addOption(Command.option(SECRET_FILE, Path.class, "FILE", "A file with the client's secret."))
                .addOption(Command.option(
                        TOKEN_URL, String.class, "URL", "Who issues tokens (/oauth2/token at the gateway)."))
                .addOption(Command.option(
                        "--cacert",
                        Path.class,
                        "FILE",
                        "Certificates (PEM) of authorities to trust besides the usual."))
                .addOption(PipelineArguments.home())
                .addPositional(PositionalParamSpec.builder()
                        .paramLabel("FILE")
                        .index("0..*")
                        .arity("1..*")
                        .required(true)
                        .type(List.class)
                        .auxiliaryTypes(String.class)
                        .description("Files of events, also compressed (gzip, zstd). '-' is the standard input.")
                        .build()));
    }

    private static OptionSpec flag(String name, String description) {
        return OptionSpec.builder(name)
                .type(boolean.class)
                .arity("0")
                .description(description)
                .build();
    }

    private static OptionSpec number(String name, String description) {
        return Command.option(name, Integer.class, "N", description);
    }

    private static <T> OptionSpec amount(
            String name, Class<T> type, String label, ITypeConverter<T> converter, String description) {
        return Command.option(name, type, label, description).toBuilder()
                .converters(converter)
                .build();
    }

    static SendPlan plan(ParseResult given) throws UserException {
        boolean watch = given.hasMatchedOption("--watch");
        if (watch && given.hasMatchedOption("--verify")) {
            throw UserException.usage("--watch has no end after which --verify could wait");
        }
        Duration timeout = given.matchedOptionValue("--timeout", SendPlan.USUAL_TIMEOUT);
        if (!timeout.isPositive()) {
            throw UserException.usage("--timeout must be more than 0");
        }
        double rate = given.matchedOptionValue("--rate", 0.0);
        if (given.hasMatchedOption("--rate") && !(rate > 0 && rate < Double.POSITIVE_INFINITY)) {
            throw UserException.usage("--rate must be more than 0, not " + rate);
        }
        return new SendPlan(
                url(given, "--to"),
                given.hasMatchedOption("--single"),
                atLeastOne(given, "--batch", SendPlan.USUAL_BATCH_RECORDS),
                atLeastOne(given, "--batch-bytes", SendPlan.USUAL_BATCH_BYTES),
                atLeastOne(given, "--parallel", SendPlan.USUAL_PARALLEL),
                rate,
                given.hasMatchedOption("--gzip"),
                watch,
                given.hasMatchedOption("--again"),
                given.<@Nullable Path>matchedOptionValue("--unsent", null),
                given.<@Nullable Duration>matchedOptionValue("--give-up-after", null),
                timeout);
    }

    static List<Input> inputs(ParseResult given, InputStream standardInput) throws UserException {
        List<Input> inputs = new ArrayList<>();
        boolean standard = false;
        for (String name : given.matchedPositionalValue(0, List.<String>of())) {
            if (!name.equals(STANDARD_INPUT)) {
                inputs.add(new Input.File(Path.of(name)));
                continue;
            }
            if (standard) {
                throw UserException.usage("the standard input, -, can be read only once");
            }
            if (given.hasMatchedOption("--watch")) {
                throw UserException.usage("the standard input is read to its end anyway; --watch is for files");
            }
            standard = true;
            inputs.add(new Input.Standard(standardInput));
        }
        return inputs;
    }

    /** How long to wait for the pipelines; null where the user does not want to. */
    static @Nullable Duration verifyWithin(ParseResult given) throws UserException {
        if (!given.hasMatchedOption("--verify")) {
            if (given.hasMatchedOption("--verify-within")) {
                throw UserException.usage("--verify-within is for --verify");
            }
            return null;
        }
        return given.matchedOptionValue("--verify-within", USUAL_VERIFY);
    }

    static @Nullable Path authorities(ParseResult given) {
        return given.<@Nullable Path>matchedOptionValue("--cacert", null);
    }

    /** A URL that can be asked, without a password in it, since command lines are there for all to see. */
    static URI url(ParseResult given, String option) throws UserException {
        String text = given.matchedOptionValue(option, "");
        try {
            URI url = new URI(text);
            boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
            if (!http || url.getHost() == null || url.getRawFragment() != null) {
                throw UserException.usage(option + " must be a URL such as http://127.0.0.1:8080/liveEvent");
            }
            if (url.getRawUserInfo() != null) {
                throw UserException.usage(option + " must not hold a name or a password; see " + CLIENT);
            }
            return url;
        } catch (URISyntaxException e) {
            throw UserException.usage(option + " is no URL: " + e.getReason() + " at character " + (e.getIndex() + 1));
        }
    }

    private static int atLeastOne(ParseResult given, String option, int usual) throws UserException {
        int value = given.matchedOptionValue(option, usual);
        if (value < 1) {
            throw UserException.usage(option + " must be 1 or more, not " + value);
        }
        return value;
    }
}
