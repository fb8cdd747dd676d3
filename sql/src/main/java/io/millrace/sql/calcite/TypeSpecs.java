package io.millrace.sql.calcite;

import io.millrace.api.Type;
import io.millrace.sql.TypeName;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.jspecify.annotations.Nullable;

/** Types as a query writes them: read from its text, so that one reader knows every name of a type. */
final class TypeSpecs {
    private final QueryText text;

    TypeSpecs(QueryText text) {
        this.text = text;
    }

    Type of(SqlDataTypeSpec spec) {
        try {
            return TypeName.parse(text.written(spec.getParserPosition())).type();
        } catch (IllegalArgumentException e) {
            throw new Refusal(spec.getParserPosition(), String.valueOf(e.getMessage()));
        }
    }

    @Nullable
    Type orNull(SqlDataTypeSpec spec) {
        try {
            return of(spec);
        } catch (Refusal e) {
            // The check that follows reports it, at its place.
            return null;
        }
    }
}
