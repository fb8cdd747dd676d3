package io.millrace.sql.calcite;

import io.millrace.api.Type;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.jspecify.annotations.Nullable;

/** Walks a query before it is checked and notes what its uses ask of each undeclared field. */
final class FieldUses {
    private final Inputs inputs;
    private final TypeSpecs types;
    /** Names of elements of an UNNEST. */
    private final Set<String> elements;

    FieldUses(Inputs inputs, TypeSpecs types, Set<String> elements) {
        this.inputs = inputs;
        this.types = types;
        this.elements = elements;
    }

    void note(@Nullable SqlNode node) {
        switch (node) {
            case null -> {}
            case SqlIdentifier name -> use(name, inputs::usedBare);
            case SqlNodeList list -> list.forEach(this::note);
            // What is refused uses nothing.
            case SqlCall call when call.isA(SqlKind.QUERY) || call.getKind() == SqlKind.OVER -> {}
            case SqlCall call -> noteCall(call);
            default -> {}
        }
    }

    private void noteCall(SqlCall call) {
        List<SqlNode> operands = call.getOperandList();
        SqlNode first = operands.isEmpty() ? null : operands.getFirst();
        if (!(first instanceof SqlIdentifier name)) {
            operands.forEach(this::note);
            return;
        }
        // TRY_CAST is no reason to read a field as anything but text: what it can't convert must not be rejected.
        Type cast = call.getKind() == SqlKind.CAST && operands.get(1) instanceof SqlDataTypeSpec spec
                ? types.orNull(spec)
                : null;
        if (cast != null) {
            use(name, path -> inputs.usedAs(path, cast));
            return;
        }
        switch (call.getOperator().getName().toUpperCase(Locale.ROOT)) {
            case "UNNEST", "CARDINALITY", "ITEM", "ELEMENT_AT" -> use(name, inputs::usedAsArray);
            case "JSON_VALUE", "JSON_QUERY" -> use(name, inputs::usedAsJson);
            default -> use(name, inputs::usedBare);
        }
        operands.subList(1, operands.size()).forEach(this::note);
    }

    private void use(SqlIdentifier name, Consumer<List<String>> as) {
        if (!name.isStar() && !elements.contains(name.names.getFirst())) {
            as.accept(inputs.path(name.names));
        }
    }
}
