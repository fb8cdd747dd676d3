package io.millrace.contract.diff;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.diff.Finding.Kind;
import org.junit.jupiter.api.Test;

class SchemaDiffTest {

    private static void compatible(String before, String after) {
        assertThat(SchemaDiff.of(before, after).findings())
                .as("%s, then %s", before, after)
                .isEmpty();
    }

    private static Finding breaks(String before, String after) {
        Finding finding = only(before, after);
        assertThat(finding.kind()).as(finding.toString()).isEqualTo(Kind.BREAKS);
        return finding;
    }

    private static Finding only(String before, String after) {
        SchemaDiff diff = SchemaDiff.of(before, after);
        assertThat(diff.findings()).as("%s, then %s", before, after).hasSize(1);
        assertThat(diff.compatible()).isFalse();
        return diff.findings().getFirst();
    }

    private static void cantTell(String before, String after) {
        assertThat(only(before, after).kind()).isEqualTo(Kind.CANT_TELL);
    }

    private static String object(String properties) {
        return "{\"type\":\"object\",\"properties\":{" + properties + "}}";
    }

    @Test
    void aFindingSaysWhereWhatAndForWhichRecords() {
        assertThat(breaks(
                        object("\"user\":{\"properties\":{\"age\":{\"type\":[\"integer\",\"null\"]}}}"),
                        object("\"user\":{\"$ref\":\"#/$defs/user\"}")
                                .replaceFirst(
                                        "\\{",
                                        "{\"\\$defs\":{\"user\":{\"properties\":{\"age\":{\"type\":\"integer\"}}}},")))
                .isEqualTo(new Finding(
                        Kind.BREAKS,
                        "/properties/user/properties/age/type",
                        "/$defs/user/properties/age/type",
                        "null is not taken any more",
                        "a record whose /user/age is null"));
    }

    @Test
    void wideningIsCompatibleAndNarrowingIsNot() {
        String[][] pairs = {
            {"{\"type\":\"integer\"}", "{\"type\":\"number\"}"},
            {"{\"type\":\"string\"}", "{\"type\":[\"string\",\"null\"]}"},
            {"{\"required\":[\"a\",\"b\"]}", "{\"required\":[\"a\"]}"},
            {"{\"enum\":[\"a\"]}", "{\"enum\":[\"a\",\"b\"]}"},
            {"{\"enum\":[\"a\",1.0]}", "{\"type\":[\"string\",\"integer\"],\"maxLength\":1}"},
            {"{\"minimum\":2}", "{\"exclusiveMinimum\":1}"},
            {"{\"type\":\"integer\",\"exclusiveMinimum\":0}", "{\"minimum\":1}"},
            {"{\"maximum\":1}", "{\"maximum\":2}"},
            {"{\"maxLength\":3}", "{\"maxLength\":4}"},
            {"{\"minItems\":3}", "{\"minItems\":2}"},
            {"{\"items\":{\"type\":\"integer\"}}", "{\"items\":{\"type\":\"number\"}}"},
            {"{\"additionalProperties\":false}", "{}"},
            {object("\"a\":{\"type\":\"integer\"}"), object("\"a\":{\"type\":\"number\"}")},
            {
                "{\"properties\":{\"a\":{}},\"additionalProperties\":false}",
                "{\"properties\":{\"a\":{},\"b\":{}},\"additionalProperties\":false}"
            },
            {"{\"uniqueItems\":true}", "{\"uniqueItems\":false}"},
            {"{\"type\":\"string\"}", "true"},
        };
        for (String[] pair : pairs) {
            compatible(pair[0], pair[1]);
            assertThat(SchemaDiff.of(pair[1], pair[0]).findings())
                    .as("%s, then %s", pair[1], pair[0])
                    .isNotEmpty()
                    .allMatch(finding -> finding.kind() == Kind.BREAKS);
        }
    }

    @Test
    void whatSaysNothingChangesNothing() {
        compatible(
                "{\"title\":\"a\",\"$id\":\"a.json\"}", "{\"description\":\"b\",\"$comment\":\"c\",\"examples\":[1]}");
        compatible("{\"type\":\"string\"}", "{\"type\":\"string\",\"minimum\":3,\"required\":[\"a\"],\"items\":false}");
    }

    @Test
    void whatIsNotUnderstoodIsSaidAndNeverTakenForCompatible() {
        cantTell("{}", "{\"not\":{\"type\":\"string\"}}");
        cantTell("{}", "{\"oneOf\":[{\"type\":\"string\"},{}]}");
        cantTell("{}", "{\"madeUp\":1}");
        cantTell("{}", "{\"minimum\":\"1\"}");
        cantTell("{}", "{\"$ref\":\"other.json\"}");
        cantTell("{}", "{\"$ref\":\"#\"}");
        cantTell("{}", "{\"$schema\":\"http://json-schema.org/draft-07/schema#\"}");
        cantTell("{\"pattern\":\"^a{3}$\"}", "{\"minLength\":3}");
        cantTell("{\"$dynamicRef\":\"#a\"}", "{\"title\":\"x\",\"$dynamicRef\":\"#a\"}");
        compatible("{\"not\":{\"type\":\"string\"}}", "{\"not\":{\"type\":\"string\"}}");
        compatible("{\"pattern\":\"^a\",\"format\":\"date\"}", "{\"format\":\"date\"}");
    }

    @Test
    void choicesAreLookedAtOneByOne() {
        String either = "{\"anyOf\":[{\"type\":\"string\",\"maxLength\":3},{\"type\":\"null\"}]}";
        compatible("{\"type\":[\"string\",\"null\"],\"maxLength\":2}", either);
        compatible(either, "{\"type\":[\"null\",\"string\",\"array\"]}");
        compatible(either, "{\"anyOf\":[{\"type\":\"null\"},{\"type\":\"string\"}]}");
        assertThat(breaks(either, "{\"type\":\"string\"}").example()).isEqualTo("a record that is null");
        cantTell("{\"type\":[\"string\",\"null\"]}", either);
    }

    @Test
    void schemasThatReferToThemselvesAreCompared() {
        String tree = "{\"type\":\"object\",\"properties\":{\"v\":{\"type\":\"%s\"},\"next\":{\"$ref\":\"#\"}}}";
        compatible(tree.formatted("integer"), tree.formatted("number"));
        assertThat(breaks(tree.formatted("number"), tree.formatted("integer")).example())
                .isEqualTo("a record whose /v is a number with a fraction");
        compatible(
                tree.formatted("integer"),
                object("\"next\":" + tree.formatted("integer").replace("#", "#/properties/next")));
    }

    @Test
    void aNewFieldUnderAClosedObjectAndANewlyClosedOneAreTold() {
        assertThat(breaks("{\"properties\":{\"a\":{}}}", "{\"properties\":{\"a\":{}},\"additionalProperties\":false}")
                        .change())
                .isEqualTo("fields that are not named are not taken any more");
        assertThat(breaks(
                                "{\"properties\":{\"a\":{},\"b\":{}},\"additionalProperties\":false}",
                                "{\"properties\":{\"a\":{}},\"additionalProperties\":false}")
                        .change())
                .isEqualTo("the field 'b' is not taken any more");
    }
}
