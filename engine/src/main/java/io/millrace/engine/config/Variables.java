package io.millrace.engine.config;

import io.millrace.engine.yaml.Names;
import io.millrace.engine.yaml.Problems;
import io.millrace.engine.yaml.SourceKind;
import io.millrace.engine.yaml.SourceText;
import io.millrace.engine.yaml.Yaml;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The environment variables that set keys, {@code MILLRACE_HTTP_PORT} for {@code http.port}. */
final class Variables {
    /** Names that mean something else to the launcher or to commands, and files that hold the values of some. */
    private static final Pattern RESERVED =
            Pattern.compile("MILLRACE_(HOME|CONFIG|DATABASE_URL|JAVA_OPTS|MVN.*|TOKEN|CLIENT|CLIENT_SECRET)(_FILE)?");

    /** What Kubernetes gives every container where there is a service of the name millrace, or millrace-something. */
    private static final Pattern SERVICE =
            Pattern.compile("MILLRACE_(.*_)?(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT_\\d+_(TCP|UDP|SCTP)(_.*)?)");

    private static final Pattern SERVICE_URL = Pattern.compile("(tcp|udp|sctp)://.*");

    private final ConfigKeys keys;
    private final EnvironmentValues environment;
    private final Problems problems;
    private final Map<SourceText, Origin> origins;
    private final Hidden hidden;

    /** @param origins told which text is which variable */
    Variables(
            ConfigKeys keys,
            EnvironmentValues environment,
            Problems problems,
            Map<SourceText, Origin> origins,
            Hidden hidden) {
        this.keys = keys;
        this.environment = environment;
        this.problems = problems;
        this.origins = origins;
        this.hidden = hidden;
    }

    static boolean reserved(String name) {
        return RESERVED.matcher(name).matches();
    }

    /** Puts all of them over what there is. */
    void over(Overlay overlay) {
        environment.all().forEach((name, value) -> {
            if (name.startsWith(ConfigKey.PREFIX) && !reserved(name)) {
                over(overlay, name, value);
            }
        });
    }

    private void over(Overlay overlay, String name, String value) {
        List<ConfigKey> named = keys.ofVariable(name);
        boolean fromFile = named.isEmpty() && name.endsWith(ConfigKey.FROM_FILE);
        String own = fromFile ? name.substring(0, name.length() - ConfigKey.FROM_FILE.length()) : name;
        if (fromFile) {
            named = keys.ofVariable(own);
        }
        if (named.isEmpty() && foreign(name, value)) {
            return;
        }
        SourceText source = problems.source(name, value, SourceKind.VALUE);
        if (named.size() != 1) {
            problems.add(source.base(), named.isEmpty() ? unknown(name) : ambiguous(named));
            return;
        }
        ConfigKey key = named.getFirst();
        if (fromFile && key.type() == Path.class) {
            // A path within a file is not what anybody means, but the file itself.
            problems.add(source.base(), key.path() + " is a path itself; name it with " + own);
            return;
        }
        if (fromFile && Overlay.scalar(key.type()) == null) {
            problems.add(source.base(), key.path() + " can't be read from a file, since it is not a single value");
            return;
        }
        if (!fromFile) {
            origins.put(source, new Origin.Variable(name, null));
            overlay.put(key, overlay.value(source, key));
            return;
        }
        try {
            String read = Objects.requireNonNull(environment.of(own)).text();
            hidden.value(read);
            origins.put(source, new Origin.Variable(name, Path.of(value)));
            overlay.put(key, Overlay.scalar(source.base(), read, value, Yaml.Scalar.Origin.FILE, key));
        } catch (IOException e) {
            problems.add(source.base(), String.valueOf(e.getMessage()));
        }
    }

    private boolean foreign(String name, String value) {
        return SERVICE.matcher(name).matches() || SERVICE_URL.matcher(value).matches();
    }

    private String unknown(String name) {
        String rest = name.substring(ConfigKey.PREFIX.length());
        String nearest = Names.nearest(
                rest,
                keys.all().stream()
                        .map(key -> key.variable().substring(ConfigKey.PREFIX.length()))
                        .toList());
        return "there is no setting for this variable"
                + (nearest == null
                        ? "; 'millrace config' lists all settings that there are"
                        : "; did you mean " + ConfigKey.PREFIX + nearest + "?");
    }

    private static String ambiguous(List<ConfigKey> named) {
        return "this variable could mean "
                + named.stream().map(ConfigKey::path).collect(Collectors.joining(" or "))
                + "; use the file or --set";
    }
}
