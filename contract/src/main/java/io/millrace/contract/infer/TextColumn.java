package io.millrace.contract.infer;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BigIntegerNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.DecimalNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.StringNode;

/** A column of text, which may be one of numbers or of booleans: so it is looked at in both ways. */
final class TextColumn {

    /** Without leading zeros: {@code 007} is a name of something. */
    private static final Pattern NUMBER =
            Pattern.compile("-?(?:0|[1-9][0-9]{0,37})(\\.[0-9]{1,38})?([eE][+-]?[0-9]{1,3})?");

    private final Seen asText = new Seen();
    private final Seen asValue = new Seen();

    void add(@Nullable String text, Room room) {
        asText.add(text == null ? NullNode.getInstance() : StringNode.valueOf(text), 1, room);
        asValue.add(value(text), 1, room);
    }

    private static JsonNode value(@Nullable String text) {
        if (text == null) {
            return NullNode.getInstance();
        }
        if (text.equals("true") || text.equals("false")) {
            return BooleanNode.valueOf(text.equals("true"));
        }
        if (!NUMBER.matcher(text).matches()) {
            return StringNode.valueOf(text);
        }
        return text.matches("-?[0-9]+")
                ? BigIntegerNode.valueOf(new BigInteger(text))
                : DecimalNode.valueOf(new BigDecimal(text));
    }

    /** The way that fits all values. */
    Seen chosen() {
        boolean numbers = asValue.integers + asValue.fractions > 0;
        boolean one = asValue.strings == 0 && !(numbers && asValue.booleans > 0);
        return one ? asValue : asText;
    }
}
