package io.millrace.contract;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.path.PathType;
import com.networknt.schema.serialization.NodeReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/**
 * A JSON Schema (2020-12) that every record of a pipeline has to fit; {@code format} is asserted. Immutable and
 * thread-safe; the checkers that it gives are not.
 *
 * <p>A schema may refer to others by relative path. Nothing is fetched from a network: such a reference makes the schema
 * unusable, and is told when it is loaded.
 */
public final class ContractSchema {

    private final Schema schema;
    /** The schema with what it says of unknown fields. */
    private final JsonNode whole;

    private final JsonNode root;
    private final List<SchemaColumn> columns;
    private final Map<Path, String> texts;
    private final UnknownFields unknown;
    private final String address;
    private final LocalFiles files;

    private ContractSchema(
            Schema schema, JsonNode whole, JsonNode root, String address, LocalFiles files, UnknownFields unknown) {
        this.address = address;
        this.files = files;
        this.schema = schema;
        this.whole = whole;
        this.root = root;
        this.columns = SchemaColumns.of(root);
        this.texts = files.texts();
        this.unknown = unknown;
    }

    /** What is to be thought of fields that the schema does not name and says nothing about. */
    public enum UnknownFields {
        /** As JSON Schema has it: they may be there. */
        ALLOWED,
        /** A record that has one breaks the contract. */
        VIOLATION
    }

    /**
     * Loads a schema and all that it refers to.
     *
     * @throws IOException the file itself can't be read
     * @throws ContractSchemaException it is no usable schema; the message names the file and what is wrong in it
     */
    public static ContractSchema load(Path file) throws IOException, ContractSchemaException {
        return load(file, Map.of(), UnknownFields.ALLOWED);
    }

    /**
     * Loads a schema and all that it refers to, where some addresses stand for folders on this machine.
     *
     * @param folders addresses such as {@code https://example.com/schemas/} (with the slash), and the folder that has what
     *     lies below each
     * @param unknown what is to be thought of fields that the schema does not name; those of objects for which it says so
     *     itself ({@code additionalProperties} and the like), or that are described in another file, are left to it
     */
    public static ContractSchema load(Path file, Map<String, Path> folders, UnknownFields unknown)
            throws IOException, ContractSchemaException {
        Path absolute = file.toAbsolutePath().normalize();
        byte[] text = Files.readAllBytes(absolute);
        LocalFiles files = new LocalFiles(folders);
        files.known(absolute, text);
        String address = absolute.toUri().toString();
        JsonNode written = parse(address, text);
        MetaSchema.require(address, written);
        return compile(address, written, files, true, unknown);
    }

    /**
     * Compiles a schema that refers to no other file.
     *
     * @throws ContractSchemaException it is no usable schema, or refers to another file
     */
    public static ContractSchema parse(byte[] text) throws ContractSchemaException {
        return compile("schema:/", text, Map.of(), true);
    }

    /**
     * Compiles a schema.
     *
     * @param address the absolute address that its relative references start from
     * @param assertFormats whether {@code format} must hold, or only tells
     */
    static ContractSchema compile(String address, byte[] text, Map<String, Path> folders, boolean assertFormats)
            throws ContractSchemaException {
        LocalFiles files = new LocalFiles(folders);
        return compile(address, parse(address, text), files, assertFormats, UnknownFields.ALLOWED);
    }

    private static JsonNode parse(String address, byte[] text) throws ContractSchemaException {
        try {
            return JsonTree.parse(text, 0, text.length);
        } catch (JacksonException e) {
            throw new ContractSchemaException(address + " is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static ContractSchema compile(
            String address, JsonNode written, LocalFiles files, boolean assertFormats, UnknownFields unknown)
            throws ContractSchemaException {
        JsonNode node = unknown == UnknownFields.VIOLATION ? KnownFields.only(written) : written;
        return compile(address, node, written, files, assertFormats, unknown);
    }

    private static ContractSchema compile(
            String address,
            JsonNode node,
            JsonNode written,
            LocalFiles files,
            boolean assertFormats,
            UnknownFields unknown)
            throws ContractSchemaException {
        try {
            Schema schema = registry(files, assertFormats).getSchema(SchemaLocation.of(address), node);
            schema.initializeValidators();
            return new ContractSchema(schema, node, written, address, files, unknown);
        } catch (SchemaException | IllegalArgumentException | LocalFiles.Unreadable e) {
            LocalFiles.Unreadable unreadable = LocalFiles.in(e);
            String why = unreadable == null ? e.getMessage() : unreadable.getMessage();
            throw new ContractSchemaException(address + " is no usable JSON Schema: " + why, e);
        }
    }

    private static SchemaRegistry registry(LocalFiles files, boolean assertFormats) {
        SchemaRegistryConfig config = SchemaRegistryConfig.builder()
                .formatAssertionsEnabled(assertFormats)
                .failFast(true)
                .locale(Locale.ROOT)
                .pathType(PathType.JSON_POINTER)
                .regularExpressionFactory(new Patterns())
                .build();
        NodeReader reader = NodeReader.builder().jsonMapper(JsonTree.MAPPER).build();
        return SchemaRegistry.withDefaultDialect(
                ContractDialect.DIALECT,
                builder -> builder.nodeReader(reader)
                        .schemaRegistryConfig(config)
                        .resourceLoaders(loaders -> loaders.add(files)));
    }

    /**
     * Whether the schema has only keywords that are checked at the speed of decoding. A record that breaks one of them, and
     * every record of other schemas, is read a second time by the library.
     */
    public boolean fast() {
        return FastCompiler.compile(whole) != null;
    }

    /**
     * The files that the schema is in, and those that it refers to.
     *
     * @return absolute paths
     */
    public Set<Path> files() {
        return texts.keySet();
    }

    /** The fields of records as columns, as far as the schema tells their types; outermost first, in its order. */
    public List<SchemaColumn> columns() {
        return columns;
    }

    /**
     * The schema as it is written: texts, numbers, booleans, nulls, lists and maps. Empty where it can't be shown in another
     * document, since it refers to something or has an address of its own.
     */
    public Optional<Map<String, Object>> shown() {
        boolean tied = !root.isObject()
                || Stream.of("$ref", "$dynamicRef", "$id", "$anchor", "$dynamicAnchor")
                        .anyMatch(keyword -> root.findValue(keyword) != null);
        if (tied) {
            return Optional.empty();
        }
        Map<String, Object> keywords = JsonTree.MAPPER.convertValue(root, new TypeReference<>() {});
        keywords.remove("$schema");
        return Optional.of(keywords);
    }

    /** Whether two were loaded from the same files with the same text and to the same end. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ContractSchema that && texts.equals(that.texts) && unknown == that.unknown;
    }

    @Override
    public int hashCode() {
        return texts.hashCode();
    }

    /** Whether it names fields of records, so that others can be told from them. */
    public boolean namesFields() {
        return KnownFields.some(root);
    }

    /**
     * The same schema with a look at the fields of records that it does not name.
     *
     * @param known fields that count as named: of them it demands what it demands of any other
     */
    public OpenSchema open(Collection<String> known) {
        try {
            JsonNode strict = KnownFields.atRoot(root, known);
            return new OpenSchema(
                    this,
                    compile(address, strict, strict, files, true, UnknownFields.ALLOWED),
                    KnownFields.names(strict));
        } catch (ContractSchemaException e) {
            throw new IllegalStateException("a schema that was compiled is sound with fewer fields, too", e);
        }
    }

    /** A checker for records, for one thread at a time. */
    public RecordChecker checker() {
        return new RecordChecker(schema, fastChecker(), Textual.of(columns));
    }

    /** The fast checker alone; null where the schema has something that it does not understand. */
    @Nullable
    FastChecker fastChecker() {
        FastShape shape = FastCompiler.compile(whole);
        return shape == null ? null : new FastChecker(shape);
    }
}
