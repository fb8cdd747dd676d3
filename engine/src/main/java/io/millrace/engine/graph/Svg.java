package io.millrace.engine.graph;

import io.millrace.engine.graph.Flow.Kind;
import io.millrace.engine.graph.Flow.Node;
import io.millrace.engine.graph.Layers.Cell;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Draws a flow as SVG, from left to right: no script, no font and no picture from elsewhere. All lengths are pixels. */
public final class Svg {
    /** What a character of a font of 13 pixels and one width takes, with room for fonts that are wider than most. */
    private static final int CHARACTER = 8;

    private static final int LONGEST_LABEL = 60;
    private static final int HEIGHT = 48;
    private static final int PASSING_HEIGHT = 12;
    private static final int PADDING = 14;
    private static final int GAP = 20;
    private static final int BETWEEN_COLUMNS = 70;
    private static final int MARGIN = 20;

    /** Where a cell is drawn. */
    private record Box(int x, int y, int width, int height) {
        int middle() {
            return y + height / 2;
        }
    }

    private final Layers layers;
    private final Map<Cell, Box> boxes = new HashMap<>();
    private final StringBuilder out = new StringBuilder();

    private Svg(Flow flow) {
        layers = new Layers(flow);
    }

    /** The drawing, with a newline at its end. */
    public static String of(Flow flow) {
        return new Svg(flow).draw();
    }

    private String draw() {
        int height = layers.columns.stream().mapToInt(Svg::height).max().orElse(0);
        int x = MARGIN;
        for (List<Cell> column : layers.columns) {
            if (!column.isEmpty()) {
                x += place(column, x, MARGIN + (height - height(column)) / 2) + BETWEEN_COLUMNS;
            }
        }
        int width = Math.max(x - BETWEEN_COLUMNS + MARGIN, 2 * MARGIN);
        out.append("""
                <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" viewBox="0 0 %1$d %2$d" \
                font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13">
                <style>
                .box { stroke: #57606a; }
                .SOURCE { fill: #ddf4ff; } .PIPELINE { fill: #fff8c5; } .TABLE { fill: #dafbe1; } .PATH { fill: #fbefff; }
                .what { fill: #57606a; font-size: 11px; } .name { fill: #1f2328; }
                .edge { fill: none; stroke: #57606a; stroke-width: 1.5; }
                </style>
                <defs><marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" \
                orient="auto"><path d="M0 0 10 5 0 10z" fill="#57606a"/></marker></defs>
                <rect width="100%%" height="100%%" fill="#ffffff"/>
                """.formatted(width, height + 2 * MARGIN));
        layers.routes.forEach(this::edge);
        for (List<Cell> column : layers.columns) {
            for (Cell cell : column) {
                if (cell.node != null) {
                    node(cell.node, box(cell));
                }
            }
        }
        return out.append("</svg>\n").toString();
    }

    private static int height(List<Cell> column) {
        return column.stream().mapToInt(Svg::height).sum() + GAP * Math.max(column.size() - 1, 0);
    }

    private static int height(Cell cell) {
        return cell.node == null ? PASSING_HEIGHT : HEIGHT;
    }

    /** Gives the cells of a column their boxes, all of one width, which is returned. */
    private int place(List<Cell> column, int x, int top) {
        int width = column.stream().mapToInt(Svg::width).max().orElse(0);
        int y = top;
        for (Cell cell : column) {
            boxes.put(cell, new Box(x, y, width, height(cell)));
            y += height(cell) + GAP;
        }
        return width;
    }

    private static int width(Cell cell) {
        Node node = cell.node;
        if (node == null) {
            return 0;
        }
        int longest = Math.max(Labels.columns(label(node.name())), Labels.columns(label(node.what())));
        return longest * CHARACTER + 2 * PADDING;
    }

    private static String label(String name) {
        return Labels.fitted(name, LONGEST_LABEL);
    }

    private Box box(Cell cell) {
        return Objects.requireNonNull(boxes.get(cell));
    }

    /** A line that bends between the columns and goes straight past them. */
    private void edge(List<Cell> route) {
        Box from = box(route.getFirst());
        int x = from.x + from.width;
        int y = from.middle();
        out.append("<path class=\"edge\" marker-end=\"url(#arrow)\" d=\"M")
                .append(x)
                .append(' ')
                .append(y);
        for (Cell cell : route.subList(1, route.size())) {
            Box to = box(cell);
            int half = (x + to.x) / 2;
            out.append(" C%d %d %d %d %d %d".formatted(half, y, half, to.middle(), to.x, to.middle()));
            if (cell.node == null) {
                out.append(" H").append(to.x + to.width);
            }
            x = to.x + to.width;
            y = to.middle();
        }
        out.append("\"/>\n");
    }

    private void node(Node node, Box box) {
        int round = node.kind() == Kind.PATH ? HEIGHT / 2 : node.kind() == Kind.TABLE ? 2 : 8;
        out.append("<g><title>");
        text(node.what() + " " + node.name());
        out.append("</title><rect class=\"box %s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"%d\"/>"
                .formatted(node.kind(), box.x, box.y, box.width, box.height, round));
        line("what", box.x + PADDING, box.y + 18, node.what());
        line("name", box.x + PADDING, box.y + 36, node.name());
        out.append("</g>\n");
    }

    private void line(String style, int x, int y, String content) {
        out.append("<text class=\"%s\" x=\"%d\" y=\"%d\">".formatted(style, x, y));
        text(label(content));
        out.append("</text>");
    }

    private void text(String content) {
        content.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                default -> out.appendCodePoint(Labels.drawable(c));
            }
        });
    }
}
