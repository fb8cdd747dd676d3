package io.millrace.cli;

import io.millrace.server.auth.Scope;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** {@code --scope}, which may be given again or with several scopes at once. */
final class ScopeArguments {

    private static final String SCOPE = "--scope";

    private ScopeArguments() {}

    static OptionSpec option(boolean required, String description) {
        return OptionSpec.builder(SCOPE)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .splitRegex("[, ]+")
                .paramLabel("SCOPE")
                .required(required)
                .description(description + " Known: " + known() + "; may be given again.")
                .build();
    }

    /** The scopes that were given; empty where none were. */
    static Set<Scope> of(ParseResult given) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        List<String> words = given.matchedOptionValue(SCOPE, List.of());
        for (String word : words) {
            scopes.add(Scope.of(word)
                    .orElseThrow(() -> new ParameterException(
                            given.commandSpec().commandLine(),
                            SCOPE + ": there is no scope '" + word + "'; known are " + known())));
        }
        return scopes;
    }

    /** As one text, in their order. */
    static String text(Set<Scope> scopes) {
        return scopes.stream().sorted().map(Scope::text).collect(Collectors.joining(" "));
    }

    private static String known() {
        return Arrays.stream(Scope.values()).map(Scope::text).collect(Collectors.joining(", "));
    }
}
