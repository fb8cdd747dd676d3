package io.millrace.benchmarks.peers;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BareLoopTest {

    private static final String EVENTS = """
            {"userId":"user1","name":"add_revenue","value":98}
            {"userId":"user100000","name":"subtract_revenue","value":3}
            {"userId":"user1","name":"add_revenue","value":0}
            """;

    @ParameterizedTest
    @ValueSource(ints = {60, 61, 75, 1 << 20})
    void countsEventsAndSumsRevenueWhereverTheBufferEnds(int bufferBytes) throws IOException {
        assertThat(BareLoop.sums(new ByteArrayInputStream(EVENTS.getBytes(US_ASCII)), new byte[bufferBytes]))
                .isEqualTo("3 95");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 30})
    void refusesALineThatDoesNotFit(int bufferBytes) {
        assertThatThrownBy(
                        () -> BareLoop.sums(new ByteArrayInputStream(EVENTS.getBytes(US_ASCII)), new byte[bufferBytes]))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("more than " + bufferBytes + " bytes");
    }
}
