package io.millrace.sql.calcite;

import io.millrace.api.Type;
import java.util.List;
import java.util.Locale;
import java.util.Set;
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
    /** Names that stand for something else: elements of an UNNEST and the query's own output columns. */
    private final Set<String> others;

    FieldUses(Inputs inputs, Set<String> others) {
        this.inputs = inputs;
        this.others = others;
    }

    void note(@Nullable SqlNode node) {
        switch (node) {
            case null -> {}
            case SqlIdentifier name -> use(name, inputs::usedBare);
            case SqlNodeList list -> list.forEach(this::note);
            case SqlCall call -> noteCall(call);
            default -> {}
        }
    }

    private void noteCall(SqlCall call) {
        List<SqlNode> operands = call.getOperandList();
        if (call.getKind() == SqlKind.AS) {
            note(operands.getFirst());
            return;
        }
        SqlNode first = operands.isEmpty() ? null : operands.getFirst();
        if (!(first instanceof SqlIdentifier name)) {
            operands.forEach(this::note);
            return;
        }
        String function = call.getOperator().getName().toUpperCase(Locale.ROOT);
        Type cast = call.getKind() == SqlKind.CAST && operands.get(1) instanceof SqlDataTypeSpec spec
                ? TypeSpecs.orNull(spec)
                : null;
        if (cast != null) {
            use(name, path -> inputs.usedAs(path, cast));
        } else if (call.getKind() == SqlKind.UNNEST || function.equals("CARDINALITY") || function.equals("ITEM")) {
            use(name, inputs::usedAsArray);
        } else if (function.equals("JSON_VALUE") || function.equals("JSON_QUERY")) {
            use(name, inputs::usedAsJson);
        } else {
            note(first);
        }
        operands.subList(1, operands.size()).forEach(this::note);
    }

    private void use(SqlIdentifier name, java.util.function.Consumer<String> as) {
        if (name.isStar() || others.contains(name.names.getFirst())) {
            return;
        }
        List<String> path = name.names;
        if (path.size() > 1 && path.getFirst().equals("input")) {
            path = path.subList(1, path.size());
        }
        as.accept(String.join(".", path));
    }
}
