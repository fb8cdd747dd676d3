package io.millrace.server.ops;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads Prometheus' text format (version 0.0.4), and takes nothing that is not as the format has it. */
final class Exposition {

    private static final Pattern HELP = Pattern.compile("# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)");
    private static final Pattern TYPE =
            Pattern.compile("# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram|summary|untyped)");
    private static final Pattern SAMPLE =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? ([-+]?(?:[0-9.]+(?:[eE][-+]?[0-9]+)?|Inf)|NaN)");
    private static final Pattern LABEL =
            Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\n]|\\\\[\\\\\"n])*)\"(,|$)");

    private final Map<String, String> types = new HashMap<>();
    private final Map<String, Map<Map<String, String>, Double>> samples = new LinkedHashMap<>();

    static Exposition of(String text) {
        if (!text.endsWith("\n")) {
            throw new AssertionError("the last line is not ended");
        }
        Exposition read = new Exposition();
        text.lines().forEach(read::line);
        read.checkHistograms();
        return read;
    }

    private void line(String line) {
        Matcher help = HELP.matcher(line);
        Matcher type = TYPE.matcher(line);
        Matcher sample = SAMPLE.matcher(line);
        if (help.matches()) {
            return;
        }
        if (type.matches()) {
            if (types.put(type.group(1), type.group(2)) != null) {
                throw new AssertionError("the type comes twice: " + line);
            }
            return;
        }
        if (!sample.matches()) {
            throw new AssertionError("no line of the format: " + line);
        }
        String name = sample.group(1);
        if (!types.containsKey(name) && !types.containsKey(name.replaceFirst("_(bucket|sum|count)$", ""))) {
            throw new AssertionError("a sample without a type before it: " + line);
        }
        Map<String, String> labels = new TreeMap<>();
        if (sample.group(2) != null) {
            Matcher label = LABEL.matcher(sample.group(2));
            int end = 0;
            while (label.find() && label.start() == end) {
                labels.put(label.group(1), label.group(2));
                end = label.end();
            }
            if (end != sample.group(2).length()) {
                throw new AssertionError("labels that are none: " + line);
            }
        }
        double value = sample.group(3).equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(sample.group(3));
        if (samples.computeIfAbsent(name, key -> new LinkedHashMap<>()).put(labels, value) != null) {
            throw new AssertionError("a sample that comes twice: " + line);
        }
    }

    /** Buckets only grow, and the last is the count. */
    private void checkHistograms() {
        types.forEach((name, type) -> {
            if (!type.equals("histogram")) {
                return;
            }
            Map<Map<String, String>, List<Double>> buckets = new LinkedHashMap<>();
            samples.getOrDefault(name + "_bucket", Map.of()).forEach((labels, value) -> {
                Map<String, String> others = new TreeMap<>(labels);
                others.remove("le");
                buckets.computeIfAbsent(others, key -> new ArrayList<>()).add(value);
            });
            buckets.forEach((labels, counts) -> {
                if (!counts.equals(counts.stream().sorted().toList())
                        || !counts.getLast()
                                .equals(samples.getOrDefault(name + "_count", Map.of())
                                        .get(labels))) {
                    throw new AssertionError("no histogram: " + name + labels + " " + counts);
                }
            });
        });
    }

    /** The sum of all samples of a name that have these labels; NaN where there is none. */
    double value(String name, String... labels) {
        double sum = 0;
        boolean found = false;
        for (Map.Entry<Map<String, String>, Double> sample :
                samples.getOrDefault(name, Map.of()).entrySet()) {
            boolean matches = true;
            for (int i = 0; i < labels.length; i += 2) {
                matches &= labels[i + 1].equals(sample.getKey().get(labels[i]));
            }
            if (matches) {
                sum += sample.getValue();
                found = true;
            }
        }
        return found ? sum : Double.NaN;
    }

    String type(String name) {
        return types.getOrDefault(name, "none");
    }
}
