package io.millrace.engine.pipeline;

import io.millrace.engine.yaml.Names;
import io.millrace.engine.yaml.Problems;
import io.millrace.engine.yaml.Secrets;
import io.millrace.engine.yaml.SourceText;
import io.millrace.engine.yaml.Template;
import io.millrace.engine.yaml.Yaml;
import io.millrace.engine.yaml.Yaml.Scalar.Origin;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Puts values in the place of <code>${NAME}</code> and <code>${NAME:default}</code>: from {@code --set}, else from the
 * environment, else the default given there, else the one under {@code parameters:}. <code>$${</code> stands for
 * <code>${</code>. Comments, keys and {@code parameters:} itself are left alone. A value is put in as it is and not looked
 * at again.
 */
final class Parameters {
    private final SourceText source;
    private final Problems problems;
    private final Map<String, String> set;
    private final Map<String, String> environment;
    private final Secrets secrets;
    private final Map<String, Yaml.Scalar> declared = new LinkedHashMap<>();
    private final Set<String> used = new TreeSet<>();
    /** The scalar whose places were asked for last, and those. */
    private Yaml.@Nullable Scalar placed;

    private int[] places = {};

    Parameters(
            SourceText source,
            Problems problems,
            Map<String, String> set,
            Map<String, String> environment,
            Secrets secrets,
            Yaml.Mapping root) {
        this.source = source;
        this.problems = problems;
        this.set = set;
        this.environment = environment;
        this.secrets = secrets;
        Yaml.Entry entry = root.entry("parameters");
        if (entry != null && entry.value() instanceof Yaml.Mapping mapping) {
            for (Yaml.Entry parameter : mapping.entries()) {
                declare(parameter);
            }
        }
    }

    private void declare(Yaml.Entry parameter) {
        String name = parameter.key().text();
        if (!Template.isName(name)) {
            problems.add(
                    parameter.key().offset(),
                    "a parameter's name has letters, digits, \"_\", \"-\" and \".\" and begins with a letter, found \""
                            + name + "\"");
            return;
        }
        if (parameter.value() instanceof Yaml.Scalar value) {
            declared.put(name, value);
            if (value.text().contains("${")) {
                problems.add(value.offset(), "a default under parameters can't refer to another parameter");
            }
        }
    }

    /** The file with its parameters resolved, but for the query, which {@link #query} resolves. */
    Yaml.Mapping resolve(Yaml.Mapping root) {
        List<Yaml.Entry> entries = new ArrayList<>();
        for (Yaml.Entry entry : root.entries()) {
            boolean later = entry.key().text().equals("parameters")
                    || entry.key().text().equals("transform");
            entries.add(later ? entry : new Yaml.Entry(entry.key(), node(entry.value())));
        }
        return new Yaml.Mapping(root.offset(), entries);
    }

    // Recursion is bounded by the reader's depth.
    private Yaml node(Yaml node) {
        return switch (node) {
            case Yaml.Scalar scalar -> scalar.text().contains("${") ? scalar(scalar) : scalar;
            case Yaml.Sequence list ->
                new Yaml.Sequence(
                        list.offset(), list.items().stream().map(this::node).toList());
            case Yaml.Mapping mapping ->
                new Yaml.Mapping(
                        mapping.offset(),
                        mapping.entries().stream()
                                .map(e -> new Yaml.Entry(e.key(), node(e.value())))
                                .toList());
        };
    }

    private Yaml.Scalar scalar(Yaml.Scalar scalar) {
        StringBuilder text = new StringBuilder();
        Origin origin = Origin.GIVEN;
        int before = problems.size();
        for (Part part : parts(scalar, false)) {
            text.append(part.text);
            origin = part.secret ? Origin.ENVIRONMENT : origin;
        }
        origin = problems.size() > before ? Origin.UNKNOWN : origin;
        return new Yaml.Scalar(scalar.offset(), text.toString(), scalar.style(), scalar.text(), origin);
    }

    /** The query with its parameters resolved; null where one has no value. In a quoted text or name a value is escaped, so that it stays in it. */
    @Nullable
    Query query(Yaml.Scalar scalar) {
        int before = problems.size();
        List<Part> parts = parts(scalar, true);
        return problems.size() > before ? null : new Query(scalar, scalar.places(source), parts);
    }

    /** Tells which {@code --set} and which {@code parameters:} nothing refers to. Called when all is resolved. */
    void unused() {
        for (Map.Entry<String, Yaml.Scalar> parameter : declared.entrySet()) {
            if (!used.contains(parameter.getKey())) {
                problems.add(
                        parameter.getValue().offset(),
                        "nothing refers to the parameter \"" + parameter.getKey() + "\"; it is used as ${"
                                + parameter.getKey() + "}");
            }
        }
        for (String name : set.keySet()) {
            if (!used.contains(name) && !declared.containsKey(name)) {
                problems.add("--set " + name + ": the file has no ${" + name + "}" + Names.hint(name, used));
            }
        }
    }

    /**
     * A stretch of a text: copied, or put in the place of a parameter.
     *
     * @param from where it begins in the template
     * @param parameter the parameter's name, null for what is copied
     */
    record Part(int from, String text, @Nullable String parameter, boolean secret) {}

    private List<Part> parts(Yaml.Scalar scalar, boolean sql) {
        String template = scalar.text();
        List<Part> parts = new ArrayList<>();
        SqlQuotes quotes = new SqlQuotes();
        Template.read(template, new Template.Parts() {
            @Override
            public boolean comment(int at) {
                if (sql) {
                    quotes.next(template, at);
                }
                return quotes.comment();
            }

            @Override
            public void text(int from, String copied) {
                parts.add(new Part(from, copied, null, false));
            }

            @Override
            public void parameter(int at, String name, @Nullable String fallback) {
                parts.add(Parameters.this.parameter(scalar, at, name, fallback, quotes));
            }

            @Override
            public void wrong(int at, String message) {
                problems.add(place(scalar, at), message);
            }
        });
        return parts;
    }

    private Part parameter(Yaml.Scalar scalar, int at, String name, @Nullable String fallback, SqlQuotes quotes) {
        used.add(name);
        Yaml.Scalar byDefault = declared.get(name);
        String given = set.get(name);
        boolean secret = false;
        if (given == null) {
            given = environment.get(name);
            secret = given != null;
            if (given != null) {
                secrets.add(name, given);
            } else if (fallback != null) {
                given = fallback;
            } else if (byDefault != null) {
                given = byDefault.text();
            }
        }
        if (given == null) {
            problems.add(
                    place(scalar, at),
                    "the parameter ${" + name + "} has no value: give it with --set " + name
                            + "=VALUE or in the environment, or a default with ${" + name + ":DEFAULT}"
                            + didYouMean(name, set.keySet()));
            given = "";
        }
        return new Part(at, quotes.escape(given), name, secret);
    }

    private String didYouMean(String name, Collection<String> known) {
        String nearest = Names.nearest(name, known);
        return nearest == null ? "" : " (--set has \"" + nearest + "\")";
    }

    private int place(Yaml.Scalar scalar, int at) {
        if (!scalar.equals(placed)) {
            placed = scalar;
            places = scalar.places(source);
        }
        return places[at];
    }
}
