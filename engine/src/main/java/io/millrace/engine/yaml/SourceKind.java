package io.millrace.engine.yaml;

import java.util.regex.Pattern;

/** What a text with YAML in it is: how messages name it, and how much of it they may show. */
public enum SourceKind {
    /** A pipeline file: problems come with the line they are on. */
    PIPELINE("pipeline file"),
    /** A file of tests of a pipeline: problems come with the line they are on. */
    TEST("test file"),
    /** The configuration: problems tell the place, but no line, since passwords may stand on it. May be empty. */
    CONFIGURATION("configuration file"),
    /** One value, of an environment variable or an option: problems tell its name only. */
    VALUE("value");

    private static final Pattern KEY = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,39}");

    private final String noun;

    SourceKind(String noun) {
        this.noun = noun;
    }

    String noun() {
        return noun;
    }

    /**
     * A key as messages show it. Where a blank is missing, as in <code>password:secret:</code>, a value is a part of the
     * key, so that only what looks like a key is shown where values may be secrets.
     */
    String shown(String key) {
        return quotable() || KEY.matcher(key).matches()
                ? "\"" + key + "\""
                : "that is not shown since a value may be in it";
    }

    /** Whether messages may quote what could be a part of any value. */
    boolean quotable() {
        return this == PIPELINE || this == TEST;
    }
}
