package io.millrace.contract;

import org.jspecify.annotations.Nullable;

/** A schema can't be used: it or a file that it refers to is missing, is no JSON, or is no JSON Schema. */
public final class ContractSchemaException extends Exception {

    private static final long serialVersionUID = 1;

    ContractSchemaException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
