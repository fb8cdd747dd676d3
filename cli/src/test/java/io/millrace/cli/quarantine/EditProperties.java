package io.millrace.cli.quarantine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Kept;
import io.millrace.api.Quarantine;
import io.millrace.api.Rejection;
import io.millrace.engine.run.Condition;
import io.millrace.engine.run.Edit;
import io.millrace.engine.run.Rereads;
import io.millrace.formats.KeptReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Conditions and edits say of each record alone what they say of it among others, and leave the rest of it as it is. */
class EditProperties {

    private static final Rereads JSON = (split, kept, projection) -> new KeptReader(kept, projection);

    /** What lines of all kinds look like: sound, broken, empty, several at once. */
    @Provide
    Arbitrary<List<String>> lines() {
        Arbitrary<String> sound = Arbitraries.integers()
                .between(-30, 30)
                .map(n -> "{\"k\":\"é" + n % 3 + "\",\"n\":" + n + ",\"deep\":{\"x\":[1.50,null,\"\\u00fc\"]}}");
        Arbitrary<String> broken = Arbitraries.of(
                "", "\r", " ", "[1]", "{\"n\":01}", "{\"n\":1", "{\"n\":\"x\"}", "{}\n{}", "{\"n\":\n5}", "\u0000");
        return Arbitraries.frequencyOf(Tuple.of(4, sound), Tuple.of(1, broken))
                .list()
                .ofMaxSize(20);
    }

    private static List<Kept> kept(List<String> lines) {
        List<Kept> kept = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            kept.add(new Kept(Integer.toString(i), lines.get(i).getBytes(StandardCharsets.UTF_8), Instant.EPOCH, null));
        }
        return kept;
    }

    @Property(tries = 200)
    void aConditionChoosesTheSameAloneAndAmongOthers(@ForAll("lines") List<String> lines) throws Exception {
        Condition condition = new Condition(SqlText.condition("CAST(n AS INTEGER) > 0"), JSON);
        List<Quarantine.Entry> entries = kept(lines).stream()
                .map(record -> new Quarantine.Entry(
                        Long.parseLong(record.position()),
                        "s",
                        "run",
                        Instant.EPOCH,
                        new Rejection(
                                Rejection.Stage.DECODE, "code", null, "message", record.position(), record.bytes())))
                .toList();
        List<Quarantine.Entry> alone = new ArrayList<>();
        for (Quarantine.Entry entry : entries) {
            alone.addAll(condition.choose(List.of(entry)));
        }

        assertThat(condition.choose(entries)).isEqualTo(alone);
        assertThat(alone.stream().map(entry -> lines.get((int) entry.number())))
                .allMatch(line -> line.matches("\\{\"k\".*\"n\":[1-9].*|\\{\"n\":\n5}"));
    }

    @Property(tries = 200)
    void anAssignmentChangesItsFieldAndNothingElse(@ForAll("lines") List<String> lines) throws Exception {
        Edit sql = new SqlEdit("n = CAST(n AS INTEGER) + 1, deep.y = k", JSON);
        List<Edit.Edited> edited = sql.apply("s", kept(lines));

        assertThat(edited).hasSameSizeAs(lines);
        for (int i = 0; i < lines.size(); i++) {
            if (edited.get(i) instanceof Edit.Edited.Mended(byte[] bytes)
                    && lines.get(i).startsWith("{\"k\"")) {
                String line = lines.get(i);
                int n = Integer.parseInt(line.replaceAll(".*\"n\":(-?\\d+).*", "$1"));
                String expected = line.replaceFirst("\"n\":-?\\d+", "\"n\":" + (n + 1))
                        .replace("\"]}", "\"],\"y\":\"é" + n % 3 + "\"}")
                        .replace("\\u00fc", "ü");
                assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo(expected);
            } else {
                assertThat(lines.get(i)).doesNotStartWith("{\"k\"");
            }
        }
    }

    @Property(tries = 200)
    void everyRecordIsReadAgainOnce(@ForAll("lines") List<String> lines) throws Exception {
        List<String> told = new ArrayList<>();
        try (KeptReader reader = new KeptReader(
                kept(lines), SqlText.condition("CAST(n AS INTEGER) > 0").input())) {
            for (var batch = reader.next(); batch != null; batch = reader.next()) {
                for (int row = 0; row < batch.rows().rows(); row++) {
                    told.add(batch.origin().position(row));
                }
                batch.rejected().forEach(rejection -> told.add(rejection.position()));
            }
        }

        assertThat(told.stream().sorted().collect(Collectors.toList()))
                .isEqualTo(kept(lines).stream().map(Kept::position).sorted().toList());
    }
}
