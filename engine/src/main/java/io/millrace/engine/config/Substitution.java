package io.millrace.engine.config;

import io.millrace.engine.yaml.Problems;
import io.millrace.engine.yaml.Secrets;
import io.millrace.engine.yaml.SourceText;
import io.millrace.engine.yaml.Template;
import io.millrace.engine.yaml.Yaml;
import io.millrace.engine.yaml.Yaml.Scalar.Origin;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts values in the place of <code>${NAME}</code>, <code>${NAME:default}</code> and <code>${file:PATH}</code> in the
 * configuration file. A value is put in as it is and not looked at again.
 */
final class Substitution {
    private static final String FILE = "file";

    private final SourceText source;
    private final @Nullable Path folder;
    private final EnvironmentValues environment;
    private final Problems problems;
    private final Secrets secrets;
    private final Hidden hidden;

    /** @param folder that paths are relative to */
    Substitution(
            SourceText source,
            @Nullable Path folder,
            EnvironmentValues environment,
            Problems problems,
            Secrets secrets,
            Hidden hidden) {
        this.source = source;
        this.folder = folder;
        this.environment = environment;
        this.problems = problems;
        this.secrets = secrets;
        this.hidden = hidden;
    }

    Yaml.Mapping resolve(Yaml.Mapping mapping) {
        List<Yaml.Entry> entries = new ArrayList<>();
        mapping.entries().forEach(entry -> entries.add(new Yaml.Entry(entry.key(), node(entry.value()))));
        return new Yaml.Mapping(mapping.offset(), entries);
    }

    // Recursion is bounded by the reader's depth.
    private Yaml node(Yaml node) {
        return switch (node) {
            case Yaml.Scalar scalar -> scalar.text().contains("${") ? new Parts(scalar).resolved() : scalar;
            case Yaml.Sequence list ->
                new Yaml.Sequence(
                        list.offset(), list.items().stream().map(this::node).toList());
            case Yaml.Mapping mapping -> resolve(mapping);
        };
    }

    /** The parts of one scalar. */
    private final class Parts implements Template.Parts {
        private final Yaml.Scalar scalar;
        private final StringBuilder text = new StringBuilder();
        private Origin origin = Origin.GIVEN;

        Parts(Yaml.Scalar scalar) {
            this.scalar = scalar;
        }

        Yaml.Scalar resolved() {
            Template.read(scalar.text(), this);
            return new Yaml.Scalar(scalar.offset(), text.toString(), scalar.style(), scalar.text(), origin);
        }

        @Override
        public void text(int from, String copied) {
            text.append(copied);
        }

        @Override
        public void parameter(int at, String name, @Nullable String fallback) {
            try {
                if (name.equals(FILE)) {
                    file(at, fallback);
                } else {
                    variable(at, name, fallback);
                }
            } catch (IOException e) {
                wrong(at, String.valueOf(e.getMessage()));
            }
        }

        private void file(int at, @Nullable String path) throws IOException {
            if (path == null || path.isBlank()) {
                wrong(at, "expected a path: ${file:/run/secrets/NAME}");
                return;
            }
            try {
                secret(SecretFile.read(folder == null ? Path.of(path) : folder.resolve(path)));
            } catch (InvalidPathException e) {
                wrong(at, "\"" + path + "\" can't be a path: " + e.getReason());
            }
        }

        private void variable(int at, String name, @Nullable String fallback) throws IOException {
            EnvironmentValues.Value value = environment.of(name);
            if (value == null && fallback == null) {
                wrong(
                        at,
                        "the environment has no " + name + " and no " + name + ConfigKey.FROM_FILE
                                + "; set one of them, or give a default with ${" + name + ":DEFAULT}");
            } else if (value == null) {
                text.append(fallback);
            } else if (value.file() != null) {
                secret(value.text());
            } else {
                secrets.add(name, value.text());
                text.append(value.text());
                origin = origin == Origin.GIVEN ? Origin.ENVIRONMENT : origin;
            }
        }

        private void secret(String value) {
            hidden.value(value);
            text.append(value);
            origin = origin == Origin.UNKNOWN ? origin : Origin.FILE;
        }

        @Override
        public void wrong(int at, String message) {
            problems.add(scalar.places(source)[at], message);
            origin = Origin.UNKNOWN;
        }
    }
}
