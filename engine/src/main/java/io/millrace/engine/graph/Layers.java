package io.millrace.engine.graph;

import io.millrace.engine.graph.Flow.Edge;
import io.millrace.engine.graph.Flow.Kind;
import io.millrace.engine.graph.Flow.Node;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A layered layout after Sugiyama, Tagawa and Toda (1981): a column for each kind of node, a place without a box in each
 * column that an edge passes by, and in each column the order that the columns beside it suggest.
 */
final class Layers {
    /** What each column holds, from left to right. */
    private static final List<Kind> KINDS = List.of(Kind.values());

    /** How often the order is improved, from left to right and back. */
    private static final int SWEEPS = 4;

    /** A place in a column: that of a node, or one that an edge passes through. */
    static final class Cell {
        final @Nullable Node node;
        final List<Cell> before = new ArrayList<>();
        final List<Cell> after = new ArrayList<>();
        /** Its place in its column, from 0. */
        int row;

        Cell(@Nullable Node node) {
            this.node = node;
        }
    }

    /** The cells of each column, from top to bottom. */
    final List<List<Cell>> columns = new ArrayList<>();
    /** The cells that each edge goes through, both ends included. */
    final List<List<Cell>> routes = new ArrayList<>();

    Layers(Flow flow) {
        Map<Node, Cell> cells = new HashMap<>();
        for (Kind kind : KINDS) {
            List<Cell> column = new ArrayList<>();
            for (Node node : flow.of(kind)) {
                Cell cell = new Cell(node);
                cells.put(node, cell);
                column.add(cell);
            }
            columns.add(column);
        }
        for (Edge edge : flow.edges()) {
            route(edge, cells);
        }
        number();
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            columns.forEach(column -> order(column, true));
            columns.reversed().forEach(column -> order(column, false));
        }
    }

    private void route(Edge edge, Map<Node, Cell> cells) {
        List<Cell> route = new ArrayList<>();
        Cell at = Objects.requireNonNull(cells.get(edge.from()));
        Cell end = Objects.requireNonNull(cells.get(edge.to()));
        route.add(at);
        int last = KINDS.indexOf(edge.to().kind());
        for (int i = KINDS.indexOf(edge.from().kind()) + 1; i <= last; i++) {
            Cell next = i == last ? end : new Cell(null);
            if (next.node == null) {
                columns.get(i).add(next);
            }
            at.after.add(next);
            next.before.add(at);
            route.add(next);
            at = next;
        }
        routes.add(route);
    }

    /** Puts each cell at the middle of its neighbours; where that is the same the order stays. */
    private static void order(List<Cell> column, boolean byThoseBefore) {
        Map<Cell, Double> middles = new HashMap<>();
        for (Cell cell : column) {
            List<Cell> neighbours = byThoseBefore ? cell.before : cell.after;
            middles.put(
                    cell,
                    neighbours.stream().mapToInt(other -> other.row).average().orElse(cell.row));
        }
        column.sort(Comparator.comparingDouble(cell -> Objects.requireNonNull(middles.get(cell))));
        number(column);
    }

    private void number() {
        columns.forEach(Layers::number);
    }

    private static void number(List<Cell> column) {
        for (int i = 0; i < column.size(); i++) {
            column.get(i).row = i;
        }
    }
}
