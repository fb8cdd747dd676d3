package io.millrace.engine.config;

import io.millrace.api.Secret;
import io.millrace.engine.yaml.Secrets;
import io.millrace.engine.yaml.Yaml;

/** Knows which values of a tree must not be shown, and has them kept out of messages. */
final class Hidden {
    private final Secrets secrets;

    Hidden(Secrets secrets) {
        this.secrets = secrets;
    }

    /** A value that is a secret wherever it stands. */
    void value(String text) {
        secrets.hideAs(text, Secret.HIDDEN);
    }

    /** Hides what a key holds where it is a secret. */
    void below(ConfigKey key, Yaml.Mapping root) {
        if (!key.secret()) {
            return;
        }
        Yaml node = root;
        for (String step : key.steps()) {
            Yaml.Entry entry = node instanceof Yaml.Mapping mapping ? mapping.entry(step) : null;
            if (entry == null) {
                return;
            }
            node = entry.value();
        }
        all(node);
    }

    private void all(Yaml node) {
        switch (node) {
            case Yaml.Scalar scalar -> value(scalar.text());
            case Yaml.Sequence list -> list.items().forEach(this::all);
            case Yaml.Mapping mapping -> mapping.entries().forEach(entry -> all(entry.value()));
        }
    }

    /** Whether some of a node was read from a file of secrets. */
    boolean fromFile(Yaml node) {
        return switch (node) {
            case Yaml.Scalar scalar -> scalar.origin() == Yaml.Scalar.Origin.FILE;
            case Yaml.Sequence list -> list.items().stream().anyMatch(this::fromFile);
            case Yaml.Mapping mapping -> mapping.entries().stream().anyMatch(entry -> fromFile(entry.value()));
        };
    }
}
