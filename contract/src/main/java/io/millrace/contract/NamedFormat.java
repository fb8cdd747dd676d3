package io.millrace.contract;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.node.StringNode;

/** One of the formats that JSON Schema names, exactly as contracts assert it. Not thread-safe. */
public final class NamedFormat {

    private final String name;
    private final RecordChecker checker;

    /** @throws IllegalArgumentException there is a character in the name that no format has */
    public NamedFormat(String name) {
        if (!name.matches("[a-z0-9-]+")) {
            throw new IllegalArgumentException("no format is named '" + name + "'");
        }
        this.name = name;
        byte[] schema = ("{\"format\":\"" + name + "\"}").getBytes(StandardCharsets.UTF_8);
        try {
            checker = ContractSchema.compile("format:/" + name, schema, Map.of(), true)
                    .checker();
        } catch (ContractSchemaException e) {
            throw new IllegalArgumentException("no format is named '" + name + "'", e);
        }
    }

    /** As the keyword {@code format} has it. */
    public String name() {
        return name;
    }

    /** Whether a string is of the format. */
    public boolean holds(String text) {
        return checker.check(StringNode.valueOf(text)) == null;
    }
}
