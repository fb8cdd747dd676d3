package io.millrace.sql.calcite;

import io.millrace.api.Type;
import io.millrace.sql.TypeName;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.dialect.AnsiSqlDialect;
import org.jspecify.annotations.Nullable;

/** Types as a query writes them. */
final class TypeSpecs {

    private TypeSpecs() {}

    static Type of(SqlDataTypeSpec spec) {
        try {
            return TypeName.parse(text(spec)).type();
        } catch (IllegalArgumentException e) {
            throw new Refusal(spec.getParserPosition(), String.valueOf(e.getMessage()));
        }
    }

    static @Nullable Type orNull(SqlDataTypeSpec spec) {
        try {
            return of(spec);
        } catch (Refusal e) {
            // The check that follows reports it, at its place.
            return null;
        }
    }

    private static String text(SqlDataTypeSpec spec) {
        return spec.toSqlString(AnsiSqlDialect.DEFAULT)
                .getSql()
                .replace("\"", "")
                .replace("`", "");
    }
}
