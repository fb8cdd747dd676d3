package io.millrace.contract;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.keyword.BaseKeywordValidator;
import com.networknt.schema.keyword.Keyword;
import com.networknt.schema.keyword.KeywordValidator;
import com.networknt.schema.path.NodePath;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.IntPredicate;
import tools.jackson.databind.JsonNode;

/**
 * The keywords that bound a number, with numbers compared as decimals. The library's own compare some of them as longs and
 * fail for a number that is none, as {@code 1e400}.
 *
 * @param getValue the keyword
 * @param holds whether the order of the number and the bound is right
 */
record Bound(String getValue, IntPredicate holds) implements Keyword {

    private static final String VALIDATION = "https://json-schema.org/draft/2020-12/vocab/validation";

    static final List<Keyword> ALL = List.of(
            new Bound("minimum", order -> order >= 0),
            new Bound("maximum", order -> order <= 0),
            new Bound("exclusiveMinimum", order -> order > 0),
            new Bound("exclusiveMaximum", order -> order < 0));

    @Override
    public KeywordValidator newValidator(
            SchemaLocation location, JsonNode bound, Schema parent, SchemaContext context) {
        if (!bound.isNumber()) {
            throw new IllegalArgumentException("'" + getValue + "' is no number");
        }
        // A schema of its own dialect may do without the words for validation; then they say nothing.
        boolean known = context.getDialect().getVocabularies().containsKey(VALIDATION);
        return new Validator(known ? this : new Bound(getValue, order -> true), bound, location, parent, context);
    }

    private static final class Validator extends BaseKeywordValidator {

        private final Bound keyword;
        private final BigDecimal bound;

        Validator(Bound keyword, JsonNode bound, SchemaLocation location, Schema parent, SchemaContext context) {
            super(keyword, bound, location, parent, context);
            this.keyword = keyword;
            this.bound = bound.decimalValue();
        }

        @Override
        public void validate(ExecutionContext context, JsonNode node, JsonNode root, NodePath at) {
            if (node.isNumber() && !keyword.holds.test(node.decimalValue().compareTo(bound))) {
                context.addError(error().instanceNode(node)
                        .instanceLocation(at)
                        .evaluationPath(context.getEvaluationPath())
                        .locale(context.getExecutionConfig().getLocale())
                        .arguments(bound.toString())
                        .build());
            }
        }
    }
}
