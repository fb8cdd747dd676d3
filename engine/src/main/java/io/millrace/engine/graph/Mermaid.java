package io.millrace.engine.graph;

/** Writes a flow as a flowchart of Mermaid, which GitHub and many editors draw. */
public final class Mermaid {
    /** All that means something to Mermaid or to the HTML that it makes of a label. */
    private static final String SPECIAL = "\"#<>&`\\";

    private Mermaid() {}

    /** The flowchart, with a newline at its end. */
    public static String of(Flow flow) {
        StringBuilder out = new StringBuilder("flowchart LR\n");
        for (Flow.Node node : flow.nodes()) {
            String label = '"' + escaped(node.what()) + "<br/>" + escaped(node.name()) + '"';
            String shape = switch (node.kind()) {
                case SOURCE -> "[/" + label + "/]";
                case PIPELINE -> "[" + label + "]";
                case TABLE -> "[(" + label + ")]";
                case PATH -> "([" + label + "])";
            };
            out.append("    ").append(node.id()).append(shape).append('\n');
        }
        for (Flow.Edge edge : flow.edges()) {
            out.append("    ")
                    .append(edge.from().id())
                    .append(" --> ")
                    .append(edge.to().id())
                    .append('\n');
        }
        return out.toString();
    }

    private static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (SPECIAL.indexOf(c) >= 0) {
                out.append('#').append(c).append(';');
            } else {
                out.appendCodePoint(Labels.drawable(c));
            }
        });
        return out.toString();
    }
}
