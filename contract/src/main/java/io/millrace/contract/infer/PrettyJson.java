package io.millrace.contract.infer;

import java.util.Iterator;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes a schema for people: short things on one line, others on a line each. */
final class PrettyJson {

    private static final int LINE = 100;

    private PrettyJson() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static String write(JsonNode node) {
        StringBuilder out = new StringBuilder();
        write(out, node, 0, 0);
        return out.append('\n').toString();
    }

    /** @param column how much of the line is taken */
    private static void write(StringBuilder out, JsonNode node, int indent, int column) {
        if (node.isEmpty() || !node.isContainer()) {
            out.append(node.isContainer() ? (node.isObject() ? "{}" : "[]") : node.toString());
            return;
        }
        String line = node.isArray() || indent > 0 ? oneLine(node) : "";
        if (!line.isEmpty() && column + line.length() <= LINE) {
            out.append(line);
            return;
        }
        String inner = "  ".repeat(indent + 1);
        if (node.isArray()) {
            out.append("[\n");
            for (Iterator<JsonNode> entries = node.iterator(); entries.hasNext(); ) {
                out.append(inner);
                write(out, entries.next(), indent + 1, inner.length() + 1);
                out.append(entries.hasNext() ? ",\n" : "\n");
            }
            out.append("  ".repeat(indent)).append(']');
            return;
        }
        out.append("{\n");
        for (Iterator<Map.Entry<String, JsonNode>> entries = node.properties().iterator(); entries.hasNext(); ) {
            Map.Entry<String, JsonNode> entry = entries.next();
            String name = name(entry.getKey());
            out.append(inner).append(name).append(": ");
            write(out, entry.getValue(), indent + 1, inner.length() + name.length() + 3);
            out.append(entries.hasNext() ? ",\n" : "\n");
        }
        out.append("  ".repeat(indent)).append('}');
    }

    /** The node on one line; empty where an object lies in an object, which reads badly so. */
    private static String oneLine(JsonNode node) {
        StringBuilder out = new StringBuilder(node.isArray() ? "[" : "{ ");
        int count = 0;
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (entry.getValue().isObject() && !entry.getValue().isEmpty()) {
                return "";
            }
            String value = entry.getValue().isArray()
                    ? oneLine(entry.getValue())
                    : entry.getValue().toString();
            if (value.isEmpty()) {
                return "";
            }
            out.append(count++ == 0 ? "" : ", ")
                    .append(name(entry.getKey()))
                    .append(": ")
                    .append(value);
        }
        if (node.isArray()) {
            for (JsonNode entry : node) {
                if (entry.isContainer()) {
                    return "";
                }
                out.append(count++ == 0 ? "" : ", ").append(entry);
            }
        }
        return out.append(node.isArray() ? "]" : " }").toString();
    }

    private static String name(String name) {
        return JsonNodeFactory.instance.stringNode(name).toString();
    }
}
