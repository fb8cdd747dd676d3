package io.millrace.contract;

import com.google.re2j.Pattern;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.format.EmailFormat;
import com.networknt.schema.format.Format;
import com.networknt.schema.format.IdnEmailFormat;
import com.networknt.schema.format.IdnHostnameFormat;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;

/** JSON Schema 2020-12 as contracts have it: the library's, with the formats that it gets wrong put right. */
final class ContractDialect {

    private static final String TIME = "T(?:\\d+H(?:\\d+M(?:\\d+S)?)?|\\d+M(?:\\d+S)?|\\d+S)";
    /** RFC 3339, appendix A: units in their order and none left out between. */
    private static final Pattern DURATION = Pattern.compile(
            "P(?:\\d+W|(?:\\d+Y(?:\\d+M(?:\\d+D)?)?|\\d+M(?:\\d+D)?|\\d+D)(?:" + TIME + ")?|" + TIME + ")");

    private static final String VARIABLE =
            "(?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2})(?:\\.?(?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2}))*(?:\\*|:[1-9][0-9]{0,3})?";
    /** RFC 6570, with its erratum 6937: an apostrophe is a literal. */
    private static final Pattern URI_TEMPLATE = Pattern.compile("(?:[^\\x00-\\x20\"%<>\\\\^`{|}\\x7f-\\x{9f}]"
            + "|%[0-9A-Fa-f]{2}|\\{[+#./;?&=,!@|]?" + VARIABLE + "(?:," + VARIABLE + ")*\\})*");

    static final Dialect DIALECT = Dialect.builder(Dialects.getDraft202012())
            .keywords(Bound.ALL)
            .formats(List.of(
                    new Text("duration", DURATION::matches),
                    new Text("uri-template", URI_TEMPLATE::matches),
                    new Text("uri", text -> Addresses.URI.matches(text, false)),
                    new Text("uri-reference", text -> Addresses.URI.matches(text, true)),
                    new Text("iri", text -> Addresses.IRI.matches(text, false)),
                    new Text("iri-reference", text -> Addresses.IRI.matches(text, true)),
                    new HostName("hostname", false),
                    new HostName("idn-hostname", true),
                    new Email(),
                    new InternationalEmail()))
            .build();

    private ContractDialect() {}

    private record Text(String name, Predicate<String> is) implements Format {

        @Override
        public String getName() {
            return name;
        }

        @Override
        public boolean matches(ExecutionContext context, SchemaContext schema, String value) {
            return is.test(value);
        }
    }

    /** The library knows which characters a label may have (RFC 5892); lengths, dots and directions are seen to here. */
    private static final class HostName implements Format {

        private final String name;
        private final boolean international;
        private final Format labels = new IdnHostnameFormat();

        HostName(String name, boolean international) {
            this.name = name;
            this.international = international;
        }

        @Override
        public String getName() {
            return name;
        }

        @Override
        public boolean matches(ExecutionContext context, SchemaContext schema, String value) {
            HostLabels host = HostLabels.of(value, international);
            return host != null
                    && (!host.needsIdna() || labels.matches(context, schema, host.inUnicode()))
                    && host.directionsAreRight();
        }
    }

    /** The library wants the last label to be one of those that it knows for a top level domain; any will do. */
    private static final class Email implements Format {

        private final Format mail = new EmailFormat();

        @Override
        public String getName() {
            return "email";
        }

        @Override
        public boolean matches(ExecutionContext context, SchemaContext schema, String value) {
            byte[] text = value.getBytes(StandardCharsets.UTF_8);
            return FastFormat.EMAIL.fits(text, 0, text.length) || mail.matches(context, schema, value);
        }
    }

    /** RFC 6531: in the local part anything outside of ASCII may stand where a letter may. */
    private static final class InternationalEmail implements Format {

        private final Format mail = new IdnEmailFormat();

        @Override
        public String getName() {
            return "idn-email";
        }

        @Override
        public boolean matches(ExecutionContext context, SchemaContext schema, String value) {
            int at = value.lastIndexOf('@');
            if (at < 0) {
                return false;
            }
            StringBuilder plain = new StringBuilder();
            value.substring(0, at).codePoints().forEach(c -> plain.appendCodePoint(c < 0x80 ? c : 'x'));
            return mail.matches(
                    context, schema, plain.append(value, at, value.length()).toString());
        }
    }
}
