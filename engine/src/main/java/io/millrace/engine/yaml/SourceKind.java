package io.millrace.engine.yaml;

/** What a text with YAML in it is: how messages name it, and how much of it they may show. */
public enum SourceKind {
    /** A pipeline file: problems come with the line they are on. */
    PIPELINE("pipeline file"),
    /** The configuration: problems tell the place, but no line, since passwords may stand on it. May be empty. */
    CONFIGURATION("configuration file"),
    /** One value, of an environment variable or an option: problems tell its name only. */
    VALUE("value");

    private final String noun;

    SourceKind(String noun) {
        this.noun = noun;
    }

    String noun() {
        return noun;
    }

    /** Whether messages may quote what could be a part of any value. */
    boolean quotable() {
        return this == PIPELINE;
    }
}
