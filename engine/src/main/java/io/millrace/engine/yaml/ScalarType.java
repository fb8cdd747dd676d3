package io.millrace.engine.yaml;

import io.millrace.api.ByteSize;
import io.millrace.api.RejectionLimit;
import io.millrace.api.Secret;
import io.millrace.api.Spelled;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How the text of a scalar becomes a Java value.
 *
 * @param expected what a message says was expected; also the type in the reference
 * @param quotable whether a quoted text will do
 * @param parser gives null for a text that is none of these
 */
public record ScalarType(String expected, boolean quotable, Function<String, @Nullable Object> parser) {
    private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]{1,40}");
    private static final Pattern HEXADECIMAL = Pattern.compile("0x[0-9a-fA-F]{1,16}");
    private static final Pattern OCTAL = Pattern.compile("0o[0-7]{1,22}");
    private static final Pattern FLOAT =
            Pattern.compile("[-+]?(\\.[0-9]{1,400}|[0-9]{1,400}(\\.[0-9]{0,400})?)([eE][-+]?[0-9]{1,9})?");
    private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,18}) ?([a-zA-Z]{1,3})");
    private static final Map<String, Long> MILLIS =
            Map.of("ms", 1L, "s", 1000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);
    private static final Map<String, Long> BYTES = Map.of(
            "B",
            1L,
            "kB",
            1000L,
            "KB",
            1000L,
            "MB",
            1000_000L,
            "GB",
            1000_000_000L,
            "KiB",
            1L << 10,
            "MiB",
            1L << 20,
            "GiB",
            1L << 30);

    /** How a Java type is written; null for a type that is no scalar. */
    public static @Nullable ScalarType of(Class<?> type) {
        if (type == String.class) {
            return new ScalarType("text", true, t -> t);
        } else if (type == boolean.class || type == Boolean.class) {
            return new ScalarType("true or false", false, ScalarType::bool);
        } else if (type == int.class || type == Integer.class) {
            return new ScalarType("a whole number", false, t -> {
                Long value = integer(t);
                return value == null || value != value.intValue() ? null : (Object) value.intValue();
            });
        } else if (type == long.class || type == Long.class) {
            return new ScalarType("a whole number", false, ScalarType::integer);
        } else if (type == double.class || type == Double.class) {
            return new ScalarType(
                    "a number", false, t -> FLOAT.matcher(t).matches() ? (Object) Double.valueOf(t) : null);
        } else if (type == char.class || type == Character.class) {
            return new ScalarType("one character", true, t -> t.length() == 1 ? (Object) t.charAt(0) : null);
        } else if (type == Duration.class) {
            return new ScalarType("a duration such as 500ms, 10s, 5m, 2h or 7d", false, t -> {
                Long millis = amount(t, MILLIS);
                return millis == null ? null : Duration.ofMillis(millis);
            });
        } else if (type == ByteSize.class) {
            return new ScalarType("a size such as 512KiB, 64MiB or 2GB", false, t -> {
                Long bytes = amount(t, BYTES);
                return bytes == null ? null : new ByteSize(bytes);
            });
        } else if (type == Instant.class) {
            return new ScalarType("a time such as 2026-01-31T12:30:00Z", true, ScalarType::instant);
        } else if (type == RejectionLimit.class) {
            return new ScalarType(
                    "a limit such as rejected > 5 % of 10000",
                    true, t -> RejectionLimit.parse(t).orElse(null));
        } else if (type == Path.class) {
            return new ScalarType("a path", true, t -> t.isEmpty() ? null : path(t));
        } else if (type == URI.class) {
            return new ScalarType("a URL", true, ScalarType::url);
        } else if (type == Secret.class) {
            return new ScalarType("a secret text", true, Secret::of);
        } else if (type.isEnum()) {
            Object[] constants = type.getEnumConstants();
            String names = Arrays.stream(constants).map(ScalarType::word).collect(Collectors.joining(", "));
            return new ScalarType(constants.length == 1 ? names : "one of " + names, true, t -> {
                for (Object constant : constants) {
                    if (word(constant).equals(t)) {
                        return constant;
                    }
                }
                return null;
            });
        }
        return null;
    }

    /** An enum constant as a file writes it. */
    static String word(Object constant) {
        return constant instanceof Spelled spelled
                ? spelled.text()
                : ((Enum<?>) constant).name().toLowerCase(Locale.ROOT);
    }

    /** The units of durations. */
    static List<String> durationUnits() {
        return MILLIS.keySet().stream().sorted().toList();
    }

    /** The units of sizes. */
    static List<String> sizeUnits() {
        return BYTES.keySet().stream().sorted().toList();
    }

    /** How a value of such a type is written; a secret is not. */
    public static String written(Object value) {
        return switch (value) {
            case Enum<?> constant -> word(constant);
            case Duration duration -> written(duration);
            default -> value.toString();
        };
    }

    private static String written(Duration duration) {
        for (String unit : List.of("d", "h", "m", "s")) {
            long millis = Objects.requireNonNull(MILLIS.get(unit));
            if (!duration.isZero() && duration.toMillis() % millis == 0) {
                return duration.toMillis() / millis + unit;
            }
        }
        return duration.toMillis() + "ms";
    }

    private static @Nullable Boolean bool(String text) {
        return switch (text) {
            case "true", "True", "TRUE" -> Boolean.TRUE;
            case "false", "False", "FALSE" -> Boolean.FALSE;
            default -> null;
        };
    }

    /** YAML's core schema: decimal, 0x and 0o. */
    private static @Nullable Long integer(String text) {
        try {
            if (INTEGER.matcher(text).matches()) {
                return Long.valueOf(text);
            } else if (HEXADECIMAL.matcher(text).matches()) {
                return Long.valueOf(text.substring(2), 16);
            } else if (OCTAL.matcher(text).matches()) {
                return Long.valueOf(text.substring(2), 8);
            }
            return null;
        } catch (NumberFormatException e) {
            // More digits than fit: as wrong a number as a word would be, and the message says what is expected.
            return null;
        }
    }

    private static @Nullable Long amount(String text, Map<String, Long> units) {
        Matcher matcher = AMOUNT.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        Long unit = units.get(matcher.group(2));
        long number = Long.parseLong(matcher.group(1));
        return unit == null || Math.multiplyHigh(number, unit) != 0 || number * unit < 0
                ? null
                : (Long) (number * unit);
    }

    private static @Nullable URI url(String text) {
        try {
            return text.isEmpty() ? null : new URI(text);
        } catch (URISyntaxException e) {
            // The message says that a URL was expected.
            return null;
        }
    }

    private static @Nullable Instant instant(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            // The message says that a time was expected.
            return null;
        }
    }

    private static @Nullable Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            // A NUL, for instance; the message says that a path was expected.
            return null;
        }
    }
}
