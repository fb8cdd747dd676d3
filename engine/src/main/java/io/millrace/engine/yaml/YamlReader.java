package io.millrace.engine.yaml;

import io.millrace.engine.yaml.Yaml.Scalar.Style;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlVersionException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Reads one YAML document into {@link Yaml} nodes. Works from the parser's events, on a stack of its own, so that depth,
 * aliases and size are bounded before anything is built ("billion laughs").
 */
public final class YamlReader {
    private static final int MAX_DEPTH = 32;
    private static final int MAX_ALIASES = 100;
    /** Of the whole document, with everything that an alias stands for counted again. */
    private static final int MAX_NODES = 20_000;
    /** How snakeyaml says that a file ends where something still had to come. */
    private static final Pattern ENDLESS = Pattern.compile("end of stream|stream end");

    private final SourceText source;
    private final Problems problems;
    private final Deque<Open> open = new ArrayDeque<>();
    private final Map<String, Anchored> anchors = new HashMap<>();
    private int aliases;
    private @Nullable Yaml root;

    private YamlReader(SourceText source, Problems problems) {
        this.source = source;
        this.problems = problems;
    }

    /** The document's root, or null where there is none that could be read; then a problem says why. */
    public static @Nullable Yaml read(SourceText source, Problems problems) {
        return new YamlReader(source, problems).read();
    }

    private @Nullable Yaml read() {
        LoadSettings settings = LoadSettings.builder().setUseMarks(true).build();
        try {
            ParserImpl parser = new ParserImpl(settings, new StreamReader(settings, source.text()));
            boolean document = false;
            while (parser.hasNext()) {
                Event event = parser.next();
                if (event.getEventId() == Event.ID.DocumentStart) {
                    if (document) {
                        throw new Unreadable(
                                offset(event.getStartMark()),
                                "a second document begins here; a "
                                        + source.kind().noun() + " holds one"
                                        + (source.kind() == SourceKind.PIPELINE ? " pipeline" : ""));
                    }
                    document = true;
                }
                take(event);
            }
        } catch (Unreadable e) {
            problems.add(e.offset, e.reason);
            return null;
        } catch (MarkedYamlEngineException e) {
            // Where the file ends tells little; where that begins which has no end tells all.
            boolean unfinished = e.getContextMark().isPresent()
                    && ENDLESS.matcher(firstLine(e.getProblem())).find();
            int at = offset(unfinished ? e.getContextMark() : e.getProblemMark().or(e::getContextMark));
            String reason = unfinished ? "what begins here has no end" : reason(e, at);
            problems.add(at, "not valid YAML: " + reason);
            return null;
        } catch (YamlVersionException e) {
            problems.add(source.base(), "only YAML 1.1 and 1.2 can be read, not the version that %YAML names");
            return null;
        } catch (YamlEngineException e) {
            problems.add(
                    source.base(),
                    "not valid YAML: " + (source.kind().quotable() ? firstLine(e.getMessage()) : "it can't be read"));
            return null;
        }
        boolean nothing = root == null || (root instanceof Yaml.Scalar scalar && scalar.isNull());
        return switch (source.kind()) {
            case PIPELINE, TEST -> {
                if (nothing) {
                    problems.add(0, "the file is empty; a pipeline begins with \"pipeline: NAME\"");
                }
                yield nothing ? null : root;
            }
            // Who sets nothing, or has commented out all, means the defaults.
            case CONFIGURATION -> nothing ? new Yaml.Mapping(source.base(), List.of()) : root;
            case VALUE -> root == null ? new Yaml.Scalar(source.base(), "", Style.PLAIN) : root;
        };
    }

    private void take(Event event) throws Unreadable {
        switch (event.getEventId()) {
            case Scalar -> scalar((ScalarEvent) event);
            case SequenceStart, MappingStart -> begin((CollectionStartEvent) event);
            case SequenceEnd, MappingEnd -> {
                Open done = open.pop();
                done(done.build(), done.anchor, done.nodes);
            }
            case Alias -> alias((AliasEvent) event);
            case StreamStart, StreamEnd, DocumentStart, DocumentEnd, Comment -> {}
        }
    }

    private void scalar(ScalarEvent event) throws Unreadable {
        int at = offset(event.getStartMark());
        Style style = style(event.getScalarStyle());
        String tag = event.getTag().orElse("");
        if (tag.equals("tag:yaml.org,2002:str") || tag.equals("!")) {
            style = style == Style.PLAIN ? Style.DOUBLE_QUOTED : style;
        } else if (!tag.isEmpty()) {
            throw new Unreadable(at, unsupported(tag));
        }
        done(new Yaml.Scalar(at, event.getValue(), style), event.getAnchor(), 1);
    }

    private void begin(CollectionStartEvent event) throws Unreadable {
        int at = offset(event.getStartMark());
        boolean mapping = event.getEventId() == Event.ID.MappingStart;
        if (open.size() == MAX_DEPTH) {
            throw new Unreadable(at, "nested more than " + MAX_DEPTH + " levels deep");
        }
        if (event.getTag().isPresent()) {
            throw new Unreadable(at, unsupported(event.getTag().get()));
        }
        Open parent = open.peek();
        if (parent != null && parent.wantsKey()) {
            throw new Unreadable(at, "a key must be plain text, found " + (mapping ? "a mapping" : "a list"));
        }
        open.push(new Open(at, mapping, event.getAnchor()));
    }

    private void alias(AliasEvent event) throws Unreadable {
        int at = offset(event.getStartMark());
        String name = event.getAlias().getValue();
        if (++aliases > MAX_ALIASES) {
            throw new Unreadable(at, "more than " + MAX_ALIASES + " aliases (*name)");
        }
        for (Open outer : open) {
            if (outer.anchor.isPresent() && outer.anchor.get().getValue().equals(name)) {
                throw new Unreadable(at, "the alias *" + name + " refers to what it is inside of");
            }
        }
        Anchored anchored = anchors.get(name);
        if (anchored == null) {
            throw new Unreadable(
                    at,
                    source.kind().quotable()
                            ? "there is no anchor &" + name + " before the alias *" + name
                            : "a text that begins with * must be in quotes; without them it is an alias, and this one"
                                    + " has no anchor");
        }
        Open parent = open.peek();
        if (parent != null && parent.wantsKey() && !(anchored.node instanceof Yaml.Scalar)) {
            throw new Unreadable(at, "a key must be plain text, found " + anchored.node.kind());
        }
        done(anchored.node, Optional.empty(), anchored.nodes);
    }

    private void done(Yaml node, Optional<Anchor> anchor, long nodes) throws Unreadable {
        anchor.ifPresent(a -> anchors.put(a.getValue(), new Anchored(node, nodes)));
        Open parent = open.peek();
        if (parent == null) {
            root = node;
            return;
        }
        parent.nodes += nodes;
        if (parent.nodes > MAX_NODES) {
            throw new Unreadable(parent.offset, "more than " + MAX_NODES + " values, aliases (*name) counted in full");
        }
        parent.add(node);
    }

    /** A list or a mapping whose end is still to come. */
    private final class Open {
        final int offset;
        final Optional<Anchor> anchor;
        private final @Nullable List<Yaml> items;
        private final List<Yaml.Entry> entries = new ArrayList<>();
        private final Map<String, Yaml.Scalar> keys = new HashMap<>();
        private Yaml.@Nullable Scalar key;
        long nodes = 1;

        Open(int offset, boolean mapping, Optional<Anchor> anchor) {
            this.offset = offset;
            this.anchor = anchor;
            this.items = mapping ? null : new ArrayList<>();
        }

        boolean wantsKey() {
            return items == null && key == null;
        }

        void add(Yaml node) {
            if (items != null) {
                items.add(node);
            } else if (key == null) {
                key = (Yaml.Scalar) node;
            } else {
                Yaml.Scalar first = keys.putIfAbsent(key.text(), key);
                if (first == null) {
                    entries.add(new Yaml.Entry(key, node));
                } else {
                    problems.add(
                            key.offset(),
                            "the key " + source.kind().shown(key.text()) + " is given twice, first on line "
                                    + source.line(first.offset()));
                }
                key = null;
            }
        }

        Yaml build() {
            return items != null ? new Yaml.Sequence(offset, items) : new Yaml.Mapping(offset, entries);
        }
    }

    private record Anchored(Yaml node, long nodes) {}

    /** Ends the reading: nothing after this place can be relied on. */
    private static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        final int offset;
        final String reason;

        Unreadable(int offset, String reason) {
            super(reason, null, false, false);
            this.offset = offset;
            this.reason = reason;
        }
    }

    private int offset(Optional<Mark> mark) {
        return mark.map(m -> source.offset(m.getLine(), m.getColumn())).orElse(source.base());
    }

    private String reason(MarkedYamlEngineException e, int at) {
        String line = source.lineText(source.line(at));
        if (line.substring(0, line.length() - line.stripLeading().length()).contains("\t")) {
            return "a tab can't indent; use spaces";
        }
        String reason = firstLine(e.getProblem());
        if (reason.startsWith("mapping values are not allowed")) {
            return "a key can't be here; is the line indented like its neighbours, and is text with \": \" in quotes?";
        } else if (reason.startsWith("expected <block end>")) {
            return "this can't be here; is the line indented like its neighbours, and do quotes end where they should?";
        }
        if (!source.kind().quotable()) {
            // The parser quotes what it stumbles over: a tag, an anchor, a piece of a text.
            return "this can't be read; does text with special characters stand in quotes?";
        }
        if (line.contains("${")) {
            return reason + " (inside { } or [ ] a value with ${...} must be in quotes)";
        }
        return reason;
    }

    private static String firstLine(@Nullable String message) {
        return message == null
                ? "it can't be read"
                : message.lines().findFirst().orElse("it can't be read");
    }

    private String unsupported(String tag) {
        return source.kind().quotable()
                ? "the tag \"" + shortTag(tag) + "\" is not supported; leave it out"
                : "a text that begins with ! must be in quotes; without them it is a tag, which is not supported";
    }

    private static String shortTag(String tag) {
        return tag.startsWith("tag:yaml.org,2002:") ? "!!" + tag.substring("tag:yaml.org,2002:".length()) : tag;
    }

    private static Style style(ScalarStyle style) {
        return switch (style) {
            case PLAIN -> Style.PLAIN;
            case SINGLE_QUOTED -> Style.SINGLE_QUOTED;
            case LITERAL -> Style.LITERAL;
            case FOLDED -> Style.FOLDED;
            case DOUBLE_QUOTED, JSON_SCALAR_STYLE -> Style.DOUBLE_QUOTED;
        };
    }
}
