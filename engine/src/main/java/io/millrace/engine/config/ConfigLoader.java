package io.millrace.engine.config;

import io.millrace.engine.yaml.Binder;
import io.millrace.engine.yaml.Problem;
import io.millrace.engine.yaml.Problems;
import io.millrace.engine.yaml.Secrets;
import io.millrace.engine.yaml.SourceKind;
import io.millrace.engine.yaml.SourceText;
import io.millrace.engine.yaml.Vocabulary;
import io.millrace.engine.yaml.Yaml;
import io.millrace.engine.yaml.YamlReader;
import io.millrace.engine.yaml.YamlText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Binds a config record: from the defaults of its components, over them the file, over it the environment, over that the
 * command line. A component is a scalar (see {@code ScalarType}), a list, a set or a map of those, a record, or a sealed
 * interface of records, of which one is chosen by its name. Immutable and thread-safe.
 *
 * @param <R> the record
 */
public final class ConfigLoader<R extends Record> {
    private final Class<R> type;
    private final ConfigKeys keys;

    /** @throws IllegalStateException where the record has a component that no file could say */
    public ConfigLoader(Class<R> type) {
        this.type = type;
        this.keys = new ConfigKeys(type);
    }

    /** Reads everything and says either all that holds or all that is wrong. */
    public Configured<R> load(ConfigSources sources) {
        List<Problem> unreadable = new ArrayList<>();
        Path file = sources.file();
        SourceText text = file == null
                ? new SourceText("configuration", "", SourceKind.VALUE)
                : YamlText.read(file, SourceKind.CONFIGURATION, unreadable::add);
        if (text == null) {
            // The variables and the command line are checked all the same.
            text = new SourceText(String.valueOf(file), "", SourceKind.VALUE);
        }
        Load load = new Load(sources, text);
        R config = load.config();
        if (!unreadable.isEmpty() || config == null || !load.problems.isEmpty()) {
            unreadable.addAll(load.problems.sorted());
            return new Configured.Invalid<>(unreadable);
        }
        return new Configured.Ok<>(config, new Settings(load::origin, load.hidden).of(config, load.root));
    }

    /** One reading. */
    private final class Load {
        private final Problems problems;
        private final Secrets secrets = new Secrets();
        private final Hidden hidden = new Hidden(secrets);
        private final Map<SourceText, Origin> origins = new HashMap<>();
        private final SourceText file;
        private Yaml.Mapping root;

        Load(ConfigSources sources, SourceText file) {
            this.file = file;
            this.problems = new Problems(file);
            EnvironmentValues environment = new EnvironmentValues(sources.environment());
            this.root = read(environment);
            Overlay overlay = new Overlay(keys, problems, root);
            new Variables(keys, environment, problems, origins, hidden).over(overlay);
            overlay.nextLayer();
            new TreeMap<>(sources.set()).forEach((key, value) -> {
                SourceText source = problems.source("--set " + key, value, SourceKind.VALUE);
                origins.put(source, new Origin.CommandLine(key));
                ConfigKey known = keys.find(key);
                if (known == null) {
                    problems.add(source.base(), keys.unknown(key));
                } else {
                    overlay.put(known, overlay.value(source, known));
                }
            });
            this.root = overlay.root();
            keys.all().forEach(key -> hidden.below(key, root));
        }

        private Yaml.Mapping read(EnvironmentValues environment) {
            Yaml.Mapping nothing = new Yaml.Mapping(file.base(), List.of());
            if (file.kind() == SourceKind.VALUE) {
                return nothing;
            }
            Yaml read = YamlReader.read(file, problems);
            if (read instanceof Yaml.Mapping mapping) {
                Path folder = Path.of(file.file()).toAbsolutePath().getParent();
                return new Substitution(file, folder, environment, problems, secrets, hidden).resolve(mapping);
            } else if (read != null) {
                problems.add(
                        read.offset(),
                        "expected keys with values, such as " + keys.example() + ", found something else");
            }
            return nothing;
        }

        @Nullable
        R config() {
            Record bound = new Binder(problems, Vocabulary.PLAIN, secrets).record(type, root, "");
            return bound == null ? null : type.cast(bound);
        }

        Origin origin(int offset) {
            SourceText source = problems.sourceAt(offset);
            Origin origin = origins.get(source);
            return origin == null ? new Origin.File(source.file(), source.line(offset)) : origin;
        }
    }
}
