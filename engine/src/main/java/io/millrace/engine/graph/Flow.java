package io.millrace.engine.graph;

import io.millrace.engine.pipeline.Pipeline;
import io.millrace.engine.pipeline.PipelineFile.Serve;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What flows from where to where: sources, pipelines, tables and served paths. What several pipelines name alike is one
 * node: a source by its connector and place, a table by its connector and name. Immutable.
 *
 * @param nodes in the order in which the pipelines name them
 * @param edges each once
 */
public record Flow(List<Node> nodes, List<Edge> edges) {

    /** What a node is, in the direction of the flow. */
    public enum Kind {
        SOURCE,
        PIPELINE,
        TABLE,
        PATH
    }

    /**
     * @param id letters and digits, unlike that of every other
     * @param what what it is, for people: the name of a connector, "pipeline", "rows" or "events"
     * @param name its own name, as the pipeline file has it: any characters at all
     */
    public record Node(String id, Kind kind, String what, String name) {}

    /**
     * @param from the node that records or rows come from
     * @param to the node that they go to
     */
    public record Edge(Node from, Node to) {}

    public Flow {
        nodes = List.copyOf(nodes);
        edges = List.copyOf(edges);
    }

    /** The flow through pipelines; those of one folder, so that the same path means the same file. */
    public static Flow of(List<Pipeline> pipelines) {
        Gathering gathering = new Gathering();
        pipelines.forEach(gathering::add);
        return new Flow(List.copyOf(gathering.nodes.values()), List.copyOf(gathering.edges));
    }

    private static final class Gathering {
        private record Key(Kind kind, String what, String name) {}

        final Map<Key, Node> nodes = new LinkedHashMap<>();
        final Set<Edge> edges = new LinkedHashSet<>();

        void add(Pipeline pipeline) {
            String destination = pipeline.file().into().connector().name();
            Node source = node(
                    Kind.SOURCE,
                    pipeline.file().from().connector().name(),
                    pipeline.file().from().place());
            Node through = node(Kind.PIPELINE, "pipeline", pipeline.name());
            Node table = node(Kind.TABLE, destination, pipeline.table());
            edges.add(new Edge(source, through));
            edges.add(new Edge(through, table));
            for (Serve served : pipeline.file().serve()) {
                if (served.events() != null) {
                    edges.add(new Edge(source, node(Kind.PATH, "events", served.path())));
                } else {
                    Node read = served.table() == null ? table : node(Kind.TABLE, destination, served.table());
                    edges.add(new Edge(read, node(Kind.PATH, "rows", served.path())));
                }
            }
        }

        private Node node(Kind kind, String what, String name) {
            return nodes.computeIfAbsent(
                    new Key(kind, what, name), key -> new Node(letter(kind) + (nodes.size() + 1), kind, what, name));
        }

        private static String letter(Kind kind) {
            return switch (kind) {
                case SOURCE -> "s";
                case PIPELINE -> "p";
                case TABLE -> "t";
                case PATH -> "a";
            };
        }
    }

    List<Node> of(Kind kind) {
        List<Node> found = new ArrayList<>();
        for (Node node : nodes) {
            if (node.kind() == kind) {
                found.add(node);
            }
        }
        return found;
    }
}
