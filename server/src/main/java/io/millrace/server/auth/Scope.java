package io.millrace.server.auth;

import io.millrace.api.Spelled;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a token lets its bearer do. No scope holds another: what a token may do can be read off it. */
public enum Scope implements Spelled {
    /** Send events. */
    EVENTS_WRITE("events:write", "Send events.", false),
    /** Read results. */
    DATA_READ("data:read", "Read results.", false),
    /** Start, stop and replay pipelines. */
    OPS_RUN("ops:run", "Start, stop and replay pipelines.", true),
    /** Erase what is known of a person. */
    PRIVACY_ERASE("privacy:erase", "Erase what is known of a person.", true),
    /** Change pipelines and settings. */
    ADMIN("admin", "Change pipelines and settings.", true);

    private final String text;
    private final String meaning;
    private final boolean privileged;

    Scope(String text, String meaning, boolean privileged) {
        this.text = text;
        this.meaning = meaning;
        this.privileged = privileged;
    }

    /** As it is written in tokens and requests. */
    @Override
    public String text() {
        return text;
    }

    /** What it lets its bearer do, in a few words for people. */
    public String meaning() {
        return meaning;
    }

    /** Whether each call that uses it goes to the audit log. */
    public boolean privileged() {
        return privileged;
    }

    /** The scope that is written so, or nothing where there is none. */
    public static Optional<Scope> of(String text) {
        return Arrays.stream(values()).filter(scope -> scope.text.equals(text)).findFirst();
    }

    /** All of them, as {@code of} would read them: for messages. */
    static String all() {
        return join(EnumSet.allOf(Scope.class));
    }

    /** The known ones among the words; others are not for us and are left out. */
    static Set<Scope> known(Collection<String> words) {
        EnumSet<Scope> known = EnumSet.noneOf(Scope.class);
        for (String word : words) {
            of(word).ifPresent(known::add);
        }
        return Collections.unmodifiableSet(known);
    }

    /** As OAuth 2.0 writes several of them: separated by blanks, in the order of their declaration. */
    static String join(Collection<Scope> scopes) {
        return scopes.stream().sorted().map(Scope::text).collect(Collectors.joining(" "));
    }
}
