package io.millrace.server.openapi;

import io.millrace.server.openapi.AnyRequestTest.Sent;
import io.millrace.server.openapi.Contract.Op;
import io.millrace.server.openapi.RawHttp.Ask;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes requests of a document: some as it says, some not quite. */
final class Requests {

    private static final List<String> ODD_TEXTS = List.of(
            "",
            " ",
            "\0",
            "a\0b",
            "'",
            "\"",
            "' OR 1=1 --",
            "%",
            "\\",
            "..",
            "../..",
            "a/b",
            "null",
            "NaN",
            "-1",
            "1e400",
            "99999999999999999999999999",
            "0x1F",
            "1.5",
            "true",
            "{}",
            "[1,2]",
            "{\"a\":",
            "{1,2}",
            "{{}",
            "2026-02-30",
            "infinity",
            "-infinity",
            "294277-01-01",
            "4714-11-25 BC",
            "ünï",
            "😀",
            "\ud83d",
            "\ufffe",
            "\u202e",
            "\r\n",
            "a;b",
            "a+b",
            "a&b=c",
            "x".repeat(3000));

    /** As they stand in a path or a query, not encoded any more. */
    private static final List<String> ODD_ENCODINGS = List.of(
            "%00",
            "%",
            "%z",
            "%zz",
            "%2",
            "%ff",
            "%c3%28",
            "%ed%a0%80",
            "%u0041",
            "%2e%2e",
            "%2F",
            "a%2Fb",
            "%5c",
            "+",
            "a;b=c",
            "%0d%0aX:%20y",
            "a%20b",
            "~",
            "\0",
            "\u0001",
            "\u007f",
            "a b",
            "\t",
            "%2525",
            "!$'()*,",
            ":@",
            "\u00e9",
            "\u00ff\u00fe",
            "|",
            "^",
            "`",
            "\"",
            "<>",
            "{}",
            "%F0%9F%98%80");

    private static final List<String> ODD_QUERIES = List.of(
            "limit=-1",
            "limit=0",
            "limit=1001",
            "limit=99999999999999999999",
            "limit=1.0",
            "limit=",
            "limit",
            "limit=%31",
            "limit=1&limit=1",
            "LIMIT=1",
            "after=",
            "after=x",
            "after=%00",
            "after=W10",
            "after=bnVsbA",
            "#",
            "#a",
            "&",
            "&&&=&",
            "=",
            "=1",
            "?",
            "unknown=1",
            "%00=1",
            "%zz=1",
            "a=%",
            "%ff=%ff",
            "ctid=(0,1)",
            "[]=1",
            "a[b]=c");

    private final Contract contract;
    private final String token;
    private final Random random;

    Requests(Contract contract, String token, Random random) {
        this.contract = contract;
        this.token = token;
        this.random = random;
    }

    private <T> T any(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    private Op operation(Predicate<Op> which) {
        return any(contract.operations().stream().filter(which).toList());
    }

    Sent valid() {
        Op op = operation(one -> true);
        return new Sent(op, new Ask(op.method(), path(op) + query(op), headers(op), body(op)));
    }

    private String lastType = "";

    private List<String> headers(Op op) {
        List<String> headers = new ArrayList<>();
        if (op.secured()) {
            headers.add(token);
        }
        if (!op.bodies().isMissingNode()) {
            lastType = any(List.copyOf(op.bodies().propertyNames()));
            headers.add("Content-Type: " + lastType);
            if (random.nextInt(3) == 0) {
                headers.add("Idempotency-Key: " + UUID.nameUUIDFromBytes(bytes(8)));
            }
        } else if (random.nextInt(4) == 0) {
            headers.add("If-None-Match: \"" + random.nextInt() + "\"");
        }
        return headers;
    }

    private String path(Op op) {
        String path = op.path();
        for (JsonNode parameter : op.parameters("path")) {
            String value = text(parameter.path("schema"));
            path = path.replace(
                    "{" + parameter.path("name").stringValue() + "}",
                    random.nextBoolean() || value.isEmpty()
                            ? ExamplesTest.encode(plain(parameter.path("example")))
                            : ExamplesTest.encode(value));
        }
        return path;
    }

    private String query(Op op) {
        List<String> pairs = new ArrayList<>();
        for (JsonNode parameter : op.parameters("query")) {
            String name = parameter.path("name").stringValue();
            JsonNode schema = parameter.path("schema");
            // Only the server makes cursors, and a text is not always what PostgreSQL takes for an array or JSON.
            boolean free = name.equals("after") || schema.has("description");
            if (!free && random.nextInt(4) == 0) {
                pairs.add(ExamplesTest.encode(name) + "=" + ExamplesTest.encode(text(schema)));
            }
        }
        return pairs.isEmpty() ? "" : "?" + String.join("&", pairs);
    }

    private byte[] body(Op op) {
        if (op.bodies().isMissingNode()) {
            return new byte[0];
        }
        if (lastType.equals("application/x-www-form-urlencoded")) {
            return utf8("grant_type=client_credentials&client_id=" + ExamplesTest.encode(anyText()) + "&client_secret="
                    + ExamplesTest.encode(anyText()));
        }
        JsonNode json = op.bodies().path("application/json").path("schema");
        if (lastType.equals("application/json")) {
            return utf8(value(json).toString());
        }
        StringBuilder lines = new StringBuilder();
        for (int i = random.nextInt(3); i >= 0; i--) {
            lines.append(value(json.path("oneOf").get(0))).append('\n');
        }
        return utf8(lines.toString());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String plain(JsonNode value) {
        return value.isString() ? value.stringValue() : value.toString();
    }

    /** A value of a schema as a path or a query has it. */
    private String text(JsonNode schema) {
        return plain(value(schema));
    }

    private String anyText() {
        int length = random.nextInt(12);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            int c = switch (random.nextInt(4)) {
                case 0 -> ' ' + random.nextInt(95);
                case 1 -> 0x20 + random.nextInt(0x2000);
                case 2 -> 0x1F300 + random.nextInt(0x300);
                default -> 'a' + random.nextInt(26);
            };
            text.appendCodePoint(c);
        }
        return text.toString();
    }

    /** A value that fits a schema. */
    private JsonNode value(JsonNode schema) {
        for (String choice : List.of("oneOf", "anyOf")) {
            if (schema.has(choice)) {
                return value(schema.path(choice)
                        .get(random.nextInt(schema.path(choice).size())));
            }
        }
        if (schema.has("enum")) {
            return schema.path("enum").get(random.nextInt(schema.path("enum").size()));
        }
        ObjectNode holder = Contract.JSON.createObjectNode();
        if (schema.has("allOf")) {
            schema.path("allOf").forEach(part -> holder.setAll((ObjectNode) value(part)));
            return holder;
        }
        JsonNode type = schema.path("type");
        String kind = type.isArray()
                ? type.get(random.nextInt(type.size())).stringValue()
                : type.isMissingNode() ? "anything" : type.stringValue();
        switch (kind) {
            case "null" -> holder.putNull("v");
            case "boolean" -> holder.put("v", random.nextBoolean());
            case "integer" -> holder.put("v", whole(schema));
            case "number" -> holder.put("v", number(schema));
            case "string" -> holder.put("v", string(schema));
            case "array" -> {
                ArrayNode array = holder.putArray("v");
                for (int i = random.nextInt(3) + schema.path("minItems").asInt(0); i > 0; i--) {
                    array.add(value(schema.path("items")));
                }
            }
            case "object" -> {
                ObjectNode object = holder.putObject("v");
                schema.path("properties").properties().forEach(property -> {
                    boolean required = false;
                    for (JsonNode name : schema.path("required")) {
                        required |= name.stringValue().equals(property.getKey());
                    }
                    if (required || random.nextInt(3) > 0) {
                        object.set(property.getKey(), value(property.getValue()));
                    }
                });
            }
            default ->
                holder.set(
                        "v",
                        Contract.JSON.readTree(any(List.of("1", "\"a\"", "{\"a\":[1,null]}", "[]", "1.50", "true"))));
        }
        return holder.path("v");
    }

    private BigInteger whole(JsonNode schema) {
        BigInteger from = bound(schema, "minimum", Long.MIN_VALUE);
        BigInteger to = bound(schema, "maximum", Long.MAX_VALUE);
        return switch (random.nextInt(4)) {
            case 0 -> from;
            case 1 -> to;
            case 2 -> BigInteger.ONE;
            default -> from.add(new BigInteger(64, random).mod(to.subtract(from)));
        };
    }

    private static BigInteger bound(JsonNode schema, String keyword, long otherwise) {
        return schema.has(keyword) ? schema.path(keyword).bigIntegerValue() : BigInteger.valueOf(otherwise);
    }

    private BigDecimal number(JsonNode schema) {
        if (schema.has("maximum") && random.nextInt(3) == 0) {
            return schema.path(random.nextBoolean() ? "maximum" : "minimum").decimalValue();
        }
        return BigDecimal.valueOf(random.nextInt(2_000_000) - 1_000_000, 2);
    }

    private String string(JsonNode schema) {
        LocalDateTime time = LocalDate.of(1970 + random.nextInt(100), 1 + random.nextInt(12), 1 + random.nextInt(28))
                .atTime(random.nextInt(24), random.nextInt(60), random.nextInt(60));
        return switch (schema.path("format").asString("")) {
            case "date" -> time.toLocalDate().toString();
            case "date-time-local" -> time.withSecond(1 + random.nextInt(59)).toString();
            case "date-time" -> time.withSecond(1 + random.nextInt(59)) + "Z";
            default -> anyText();
        };
    }

    /** A request that is wrong somewhere, or may be, and leads to its operation all the same. */
    Sent odd() {
        Op op = operation(one -> true);
        String path = path(op);
        String query = query(op);
        List<String> headers = headers(op);
        byte[] body = body(op);
        for (int wrongs = 1 + random.nextInt(2); wrongs > 0; wrongs--) {
            switch (random.nextInt(6)) {
                case 0, 1 -> path = oddPath(op);
                case 2 -> query = oddQuery(op);
                case 3 -> headers = oddHeaders(headers);
                case 4 -> body = oddBody(body);
                default -> {
                    query = oddQuery(op);
                    body = oddBody(body);
                }
            }
        }
        return new Sent(op, new Ask(op.method(), path + query, headers, body));
    }

    private String oddPath(Op op) {
        String path = op.path();
        for (JsonNode parameter : op.parameters("path")) {
            String value = random.nextBoolean() ? any(ODD_ENCODINGS) : ExamplesTest.encode(any(ODD_TEXTS));
            path = path.replace("{" + parameter.path("name").stringValue() + "}", value.isEmpty() ? "%20" : value);
        }
        return path;
    }

    private String oddQuery(Op op) {
        List<String> pairs = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            List<JsonNode> known = op.parameters("query");
            if (known.isEmpty() || random.nextBoolean()) {
                pairs.add(any(ODD_QUERIES));
            } else {
                String name = any(known).path("name").stringValue();
                pairs.add(name + "="
                        + switch (random.nextInt(3)) {
                            case 0 -> any(ODD_ENCODINGS);
                            case 1 -> ExamplesTest.encode(any(ODD_TEXTS));
                            default -> cursor();
                        });
            }
        }
        return "?" + String.join("&", pairs);
    }

    /** Looks like one of the server's making. */
    private String cursor() {
        ArrayNode places = Contract.JSON.createArrayNode();
        for (int i = random.nextInt(3); i >= 0; i--) {
            places.add(any(ODD_TEXTS));
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Contract.JSON.writeValueAsBytes(places));
    }

    private List<String> oddHeaders(List<String> headers) {
        List<String> odd = new ArrayList<>(headers);
        String header = any(List.of(
                "Content-Type: text/plain",
                "Content-Type: application/json;charset=latin1",
                "Content-Type: ;;;",
                "Content-Type:",
                "Content-Type: application/json; charset",
                "Content-Encoding: gzip",
                "Content-Encoding: br",
                "Content-Encoding: gzip, gzip",
                "Idempotency-Key: a b",
                "Idempotency-Key:",
                "Idempotency-Key: " + "k".repeat(256),
                "Idempotency-Key: \u00e9",
                "Authorization: Basic %%%",
                "Authorization: Bearer",
                "Authorization: Bearer a.b.c",
                "Authorization: \u00ff",
                "Authorization: Basic " + Base64.getEncoder().encodeToString(utf8("a:%zz")),
                "If-None-Match: *",
                "If-None-Match: ,,,\"",
                "Accept: image/png",
                "Accept: ;q=x",
                "Accept-Encoding: \u00e9",
                "X-Request-Id: " + "x".repeat(300),
                "X-Request-Id: \u00e9",
                "Range: bytes=0-1",
                "Expect: nothing",
                "Cookie: a=b; =",
                "Content-Length: x",
                "Content-Length: -1",
                "Transfer-Encoding: identity",
                "X:",
                "X: \0",
                " X: y",
                "X: " + "x".repeat(20_000),
                "X y: z",
                "Content-Length: 99999999999999999999",
                "Content-Length: 0",
                "Content-Type: application/json\0",
                "Connection: close",
                "Connection: upgrade",
                "Upgrade: h2c",
                "Upgrade: websocket",
                "HTTP2-Settings: %%",
                "If-Modified-Since: x",
                "Origin: http://elsewhere",
                "Content-Type: application/x-ndjson; charset=UTF-8"));
        String name = header.substring(0, header.indexOf(':')).toLowerCase(Locale.ROOT);
        odd.removeIf(one -> one.toLowerCase(Locale.ROOT).startsWith(name + ":"));
        odd.add(header);
        return odd;
    }

    private byte[] oddBody(byte[] body) {
        return switch (random.nextInt(6)) {
            case 0 -> new byte[0];
            case 1 -> bytes(1 + random.nextInt(50));
            case 2 -> Arrays.copyOf(body, body.length / 2);
            case 3 -> {
                byte[] changed = body.clone();
                for (int i = 0; i < 3 && changed.length > 0; i++) {
                    changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
                }
                yield changed;
            }
            case 4 ->
                utf8(any(List.of(
                        "[]",
                        "{}",
                        "null",
                        "1",
                        "\"a\"",
                        "[1]",
                        "[[{}]]",
                        "{\"id\":1}",
                        "{\"a\":\"\\u0000\"}",
                        "[".repeat(5000),
                        "{\"a\":".repeat(2000),
                        "{}{}",
                        "{\"big\":1e999}",
                        "grant_type=%zz",
                        "grant_type=x&grant_type=y",
                        "\ufeff{}")));
            default -> utf8(any(ODD_TEXTS));
        };
    }

    Sent wrongMethod() {
        Op op = operation(one -> true);
        List<String> documented = new ArrayList<>();
        contract.document
                .path("paths")
                .path(op.path())
                .propertyNames()
                .forEach(name -> documented.add(name.toUpperCase(Locale.ROOT)));
        List<String> others =
                new ArrayList<>(List.of("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"));
        others.removeAll(documented);
        return new Sent(op, new Ask(any(others), path(op), List.of(token), new byte[0]));
    }
}
