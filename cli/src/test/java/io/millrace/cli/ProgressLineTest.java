package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressLineTest {

    private static final long MILLISECOND = 1_000_000;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final AtomicLong now = new AtomicLong();

    @Test
    void aTerminalShowsOneLineThatIsWrittenOver() {
        try (ProgressLine line = line(true, 12)) {
            now.addAndGet(100 * MILLISECOND);
            line.show(() -> "first");
            now.addAndGet(50 * MILLISECOND);
            line.show(() -> "too soon");
            now.addAndGet(50 * MILLISECOND);
            line.show(() -> "too long for the line");
        }

        assertThat(printed()).isEqualTo("\r\u001b[Kfirst\r\u001b[Ktoo long fo\r\u001b[K");
    }

    @Test
    void elsewhereLinesComeEverLessOften() {
        try (ProgressLine line = line(false, 80)) {
            for (int second = 1; second <= 200; second++) {
                now.addAndGet(1000 * MILLISECOND);
                String text = second + " s";
                line.show(() -> text);
            }
        }

        assertThat(printed().lines()).startsWith("2 s", "5 s", "10 s", "17 s").hasSizeBetween(9, 12);
    }

    @Test
    void whatIsSaidStays() {
        try (ProgressLine line = line(true, 80)) {
            now.addAndGet(100 * MILLISECOND);
            line.show(() -> "half way");
            line.say("the destination is away");
        }

        assertThat(printed()).isEqualTo("\r\u001b[Khalf way\r\u001b[Kthe destination is away" + System.lineSeparator());
    }

    private ProgressLine line(boolean interactive, int columns) {
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        return new ProgressLine(new Terminal(stream, stream, interactive, false, columns), now::get);
    }

    private String printed() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
