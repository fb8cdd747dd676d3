package io.millrace.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.http.HeaderNames;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Method;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.WritableHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a request is known again, and what is not. */
class KnownHeadTest {

    private static final String LINE = "POST /events HTTP/1.1\r\nHost: localhost\r\n";
    private static final String POST = LINE + "Content-Length: 7\r\nContent-Type: application/json\r\n\r\n";
    private static final String BODY = "{\"n\":1}";

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Learns a request whose headers are understood as leniently as can be: a line each, the last part of it the value. */
    private static @Nullable KnownHead learn(String request) {
        WritableHeaders<?> headers = WritableHeaders.create();
        String head = request.split("\r\n\r\n", 2)[0];
        for (String line : head.substring(head.indexOf('\n') + 1).split("\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.add(
                        HeaderNames.create(line.substring(0, colon).strip()),
                        line.substring(colon + 1).strip());
            }
        }
        return learn(request, "1.1", headers);
    }

    private static @Nullable KnownHead learn(String request, String version, WritableHeaders<?> headers) {
        HttpPrologue prologue = HttpPrologue.create("HTTP/" + version, "HTTP", version, Method.POST, "/events", false);
        return KnownHead.of(bytes(request), prologue, ServerRequestHeaders.create(headers));
    }

    private static KnownHead learned(String request) {
        KnownHead known = learn(request);
        if (known == null) {
            throw new AssertionError("not learned: " + request);
        }
        return known;
    }

    private static int match(KnownHead known, String request) {
        return known.match(bytes(request));
    }

    private static String post(String length, String body) {
        return POST.replace("Content-Length: 7", "Content-Length: " + length) + body;
    }

    @Example
    void aHeadIsKnownAgainWithABodyOfAnyLengthThatItSays() {
        KnownHead known = learned(POST + BODY);
        assertThat(known.tellsLength()).isTrue();
        assertThat(match(known, POST + BODY)).isEqualTo(POST.length());
        assertThat(match(known, post("0", ""))).isEqualTo(POST.length());
        assertThat(match(known, post("12", "x".repeat(12)))).isEqualTo(POST.length() + 1);
        assertThat(match(known, post("123456", "x".repeat(123_456)))).isEqualTo(POST.length() + 5);
    }

    @Example
    void aHeadWithoutALengthIsKnownAgainWithoutABodyOnly() {
        String get = "GET /events/_progress HTTP/1.1\r\nHost: localhost\r\n\r\n";
        KnownHead known = learned(get);
        assertThat(known.tellsLength()).isFalse();
        assertThat(match(known, get)).isEqualTo(get.length());
        assertThat(match(known, get + "x")).isNegative();
        assertThat(match(known, get + get)).isNegative();
        assertThat(match(known, get.replace("\r\n\r\n", "\r\nContent-Length: 0\r\n\r\n")))
                .isNegative();
    }

    @Example
    void theNameOfTheLengthMayBeInAnyLettersAndThenIsKnownInThoseOnly() {
        KnownHead known = learned(POST.replace("Content-Length", "cOnTeNt-lEnGtH") + BODY);
        assertThat(match(known, POST.replace("Content-Length", "cOnTeNt-lEnGtH") + BODY))
                .isPositive();
        assertThat(match(known, POST + BODY)).isNegative();
    }

    @Example
    void oneRequestIsNotKnownBeforeAllOfItIsThereNorWithMoreBehindIt() {
        KnownHead known = learned(POST + BODY);
        String request = POST + BODY;
        for (int cut = 0; cut < request.length(); cut++) {
            assertThat(match(known, request.substring(0, cut))).as("%d", cut).isNegative();
        }
        assertThat(match(known, request + "\n")).isNegative();
        assertThat(match(known, request + request)).isNegative();
        assertThat(match(known, "\r\n" + request)).isNegative();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "07",
                "007",
                "+7",
                "-7",
                " 7",
                "7 ",
                "7\t",
                "7, 7",
                "7;",
                "7.0",
                "0x7",
                "7e0",
                "",
                " ",
                "0000007",
                "1000007",
                "7\r\n",
                "7\r\nContent-Length: 7",
                "7\r\nTransfer-Encoding: chunked",
                "\u00b2",
                "\u0667"
            })
    void aLengthThatIsNotPlainIsNotKnown(String length) {
        assertThat(match(learned(POST + BODY), post(length, BODY))).isNegative();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "07",
                "+7",
                "-7",
                "7 ",
                "7\t",
                "7, 7",
                "7;",
                "0000007",
                "\u00b2",
                "",
                "7\n",
                "7\r\nContent-Length: 7",
                "7\r\ncontent-length: 7"
            })
    void aLengthThatIsNotPlainIsNotLearned(String length) {
        WritableHeaders<?> headers = WritableHeaders.create();
        headers.set(HeaderNames.CONTENT_LENGTH, "7");
        assertThat(learn(post(length, BODY), "1.1", headers)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: chunked",
                "transfer-encoding: identity",
                "Expect: 100-continue",
                "Upgrade: h2c",
                "Connection: close",
                "Connection: keep-alive",
                "connection: upgrade",
                "Content-Length: 7",
                "Content-Length: 8"
            })
    void whatSaysHowTheConnectionOrTheBodyGoesOnIsNotLearned(String header) {
        assertThat(learn(POST.replace("Host:", header + "\r\nHost:") + BODY)).isNull();
    }

    @Example
    void otherVersionsOfHttpAreNotLearned() {
        WritableHeaders<?> headers = WritableHeaders.create();
        headers.set(HeaderNames.CONTENT_LENGTH, "7");
        assertThat(learn(POST + BODY, "1.1", headers)).isNotNull();
        for (String version : new String[] {"1.0", "2.0", "1.2", "0.9"}) {
            assertThat(learn(POST + BODY, version, headers)).isNull();
        }
    }

    @Example
    void aBodyThatIsNotWholeAndWhatComesAfterOneAreNotLearned() {
        assertThat(learn(POST)).isNull();
        assertThat(learn(POST + BODY.substring(1))).isNull();
        assertThat(learn(POST + BODY + "\r\n")).isNull();
        assertThat(learn(POST + BODY + POST + BODY)).isNull();
        assertThat(learn(LINE + "\r\n" + LINE + "\r\n")).isNull();
        assertThat(learn(LINE)).isNull();
    }

    /** A lone newline ends no line, and a line that goes on is no header: if Helidon took them, they would not vary. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "X: y\nContent-Length: 7\r\n",
                "X: y\r\n Content-Length: 7\r\n",
                "X: y\r\n\tContent-Length: 7\r\n",
                "Content-Length : 7\r\n",
                "X-Content-Length: 7\r\n"
            })
    void whatOnlyLooksLikeALengthIsNoLength(String headers) {
        WritableHeaders<?> understood = WritableHeaders.create();
        understood.set(HeaderNames.CONTENT_LENGTH, "7");
        assertThat(learn(LINE + headers + "\r\n" + BODY, "1.1", understood)).isNull();
        KnownHead without = learn(LINE + headers + "\r\n", "1.1", WritableHeaders.create());
        if (without == null) {
            throw new AssertionError("a head without a body is learned as it is");
        }
        assertThat(match(without, LINE + headers + "\r\n")).isPositive();
        assertThat(match(without, LINE + headers.replace("7", "8") + "\r\n")).isNegative();
        assertThat(match(without, LINE + headers + "\r\n" + BODY)).isNegative();
    }

    @Example
    void aLengthThatHelidonHasUnderstoodInAnotherWayIsNotLearned() {
        WritableHeaders<?> headers = WritableHeaders.create();
        headers.set(HeaderNames.CONTENT_LENGTH, "8");
        assertThat(learn(POST + BODY, "1.1", headers)).isNull();
        assertThat(learn(POST + BODY, "1.1", WritableHeaders.create())).isNull();
    }

    @Example
    void aHeadOfMoreThanFourKibIsNotLearned() {
        String padding = "x".repeat((4 << 10) - POST.length() - "X: \r\n".length());
        String longest = POST.replace("Host:", "X: " + padding + "\r\nHost:");
        assertThat(longest).hasSize(4 << 10);
        assertThat(match(learned(longest + BODY), longest + BODY)).isPositive();
        assertThat(learn(longest.replace("X: ", "X: x") + BODY)).isNull();
    }

    @Example
    void anEmptyOrStrangeRequestIsNotLearned() {
        for (String odd : new String[] {"", "\r\n\r", "\r\n\r\n" + POST + BODY, "\r\n\r\n\r\n\r\n"}) {
            assertThat(learn(odd, "1.1", WritableHeaders.create())).as(odd).isNull();
        }
    }

    @Property(tries = 2000)
    void aHeadOfWhichOneByteIsAnotherIsNotKnown(@ForAll @IntRange(max = 127) int at, @ForAll byte other) {
        byte[] request = bytes(POST + BODY);
        KnownHead known = learned(POST + BODY);
        int where = at % POST.length();
        boolean same = request[where] == other;
        request[where] = other;
        assertThat(known.match(request) >= 0).isEqualTo(same);
    }

    @Property(tries = 500)
    void aHeadOfWhichOneByteIsMissingOrTooMuchIsNotKnown(@ForAll @IntRange(max = 127) int at, @ForAll byte other) {
        String request = POST + BODY;
        KnownHead known = learned(request);
        int where = at % POST.length();
        String less = request.substring(0, where) + request.substring(where + 1);
        String more = request.substring(0, where) + (char) (other & 0xff) + request.substring(where);
        assertThat(match(known, less)).isNegative();
        assertThat(match(known, more)).isNegative();
    }

    /** The only thing that may change: digits of a length, with such a body. */
    @Property(tries = 2000)
    void whatIsKnownIsOneRequestWithTheLengthThatItsBodyHas(
            @ForAll @StringLength(max = 8) @CharRange(from = '/', to = ':') String digits,
            @ForAll @IntRange(max = 200) int bodyBytes) {
        KnownHead known = learned(POST + BODY);
        boolean right = digits.equals(Integer.toString(bodyBytes));
        assertThat(match(known, post(digits, "x".repeat(bodyBytes))) >= 0).isEqualTo(right);
        String told = Integer.toString(bodyBytes);
        byte[] body = new byte[bodyBytes];
        Arrays.fill(body, (byte) '\n');
        String whole = post(told, new String(body, StandardCharsets.ISO_8859_1));
        assertThat(match(known, whole)).isEqualTo(POST.length() + told.length() - 1);
    }
}
