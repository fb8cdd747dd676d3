package io.millrace.server.http;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a route does, for those who call it: {@code /openapi.json} is made of these. What holds for every route is not in
 * it: that its token may be refused, its head may be wrong, and the server may be stopping. Immutable.
 *
 * @param group under which it is listed
 * @param summary a few words
 * @param description what else there is to know, in Markdown; may be empty
 * @param parameters of the path, the query and the headers; every one of the path
 * @param body what is sent; null where nothing is
 * @param replies what it answers when all is well
 * @param problems each kind that it answers with otherwise, as an example
 */
public record Operation(
        String group,
        String summary,
        String description,
        List<Parameter> parameters,
        @Nullable Body body,
        List<Reply> replies,
        List<Problem> problems) {

    public Operation {
        parameters = List.copyOf(parameters);
        replies = List.copyOf(replies);
        problems = List.copyOf(problems);
    }

    /** Where a parameter stands. */
    public enum In {
        PATH,
        QUERY,
        HEADER
    }

    /**
     * A parameter.
     *
     * @param required always so in a path
     * @param example a value with which the operation does what its first reply says; null for none
     */
    public record Parameter(
            In in,
            String name,
            boolean required,
            String description,
            Schema schema,
            @Nullable Object example) {

        public static Parameter path(String name, String description, Schema schema, Object example) {
            return new Parameter(In.PATH, name, true, description, schema, example);
        }

        public static Parameter query(String name, String description, Schema schema, @Nullable Object example) {
            return new Parameter(In.QUERY, name, false, description, schema, example);
        }

        public static Parameter header(String name, String description, Schema schema, @Nullable Object example) {
            return new Parameter(In.HEADER, name, false, description, schema, example);
        }
    }

    /**
     * A body of one media type.
     *
     * @param examples by name: a value of JSON, or a text
     */
    public record Media(String type, Schema schema, Map<String, Object> examples) {
        public Media {
            examples = Collections.unmodifiableMap(new LinkedHashMap<>(examples));
        }

        public static Media json(Schema schema, Map<String, Object> examples) {
            return new Media("application/json", schema, examples);
        }
    }

    /** What is sent, in one of some media types. */
    public record Body(String description, List<Media> media) {
        public Body {
            media = List.copyOf(media);
        }
    }

    /**
     * An answer.
     *
     * @param headers by name, with what each says
     * @param media empty for an answer without a body
     */
    public record Reply(int status, String description, Map<String, String> headers, List<Media> media) {
        public Reply {
            headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
            media = List.copyOf(media);
        }
    }

    public static Operation of(String group, String summary) {
        return new Operation(group, summary, "", List.of(), null, List.of(), List.of());
    }

    public Operation describe(String text) {
        return new Operation(group, summary, text, parameters, body, replies, problems);
    }

    public Operation with(Parameter parameter) {
        return new Operation(group, summary, description, and(parameters, parameter), body, replies, problems);
    }

    public Operation with(Body sent) {
        return new Operation(group, summary, description, parameters, sent, replies, problems);
    }

    public Operation with(Reply reply) {
        return new Operation(group, summary, description, parameters, body, and(replies, reply), problems);
    }

    public Operation with(Problem problem) {
        return new Operation(group, summary, description, parameters, body, replies, and(problems, problem));
    }

    /** Answers 200 with JSON. */
    public Operation json(String what, Schema schema, Object example) {
        return with(new Reply(200, what, Map.of(), List.of(Media.json(schema, Map.of("usual", example)))));
    }

    /** Answers 200 with text of a media type. */
    public Operation text(String mediaType, String what) {
        return with(new Reply(200, what, Map.of(), List.of(new Media(mediaType, Schema.string(), Map.of()))));
    }

    /**
     * As {@link #json}, with an {@code ETag}: who has the answer already is told so with 304.
     *
     * @param media with its example
     */
    public Operation tagged(String what, Media media) {
        String tag = "Names this answer: send it as `If-None-Match` to be told with 304 that nothing has changed.";
        return with(Parameter.header(
                        "If-None-Match", "The `ETag` of an answer that is there already.", Schema.string(), null))
                .with(new Reply(200, what, Map.of("ETag", tag), List.of(media)))
                .with(new Reply(304, "Nothing has changed.", Map.of("ETag", tag), List.of()));
    }

    private static <T> List<T> and(List<T> some, T more) {
        List<T> all = new ArrayList<>(some);
        all.add(more);
        return all;
    }
}
