package io.millrace.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class IdempotencyTableTest {
    private static final long WINDOW = 1_000;

    private record Known(long micros, long offset) {}

    /** Keys are few, so that they repeat, and collide in a table of few slots. */
    @Property(tries = 300)
    void isAMapThatForgetsTheOldest(
            @ForAll @Size(max = 300) List<@IntRange(max = 120) Integer> keys,
            @ForAll @IntRange(min = 1, max = 60) int maxKeys,
            @ForAll @IntRange(max = 60) int step) {
        IdempotencyTable table = new IdempotencyTable(WINDOW, maxKeys);
        Map<Integer, Known> model = new LinkedHashMap<>();
        long early = 0;
        long now = 0;
        for (int key : keys) {
            now += step;
            long oldest = now - WINDOW;
            model.values().removeIf(known -> known.micros() < oldest);
            if (!model.containsKey(key)) {
                if (model.size() == maxKeys) {
                    Iterator<Integer> first = model.keySet().iterator();
                    first.next();
                    first.remove();
                    early++;
                }
                model.put(key, new Known(now, 7L * now + key));
            }
            table.add(key, 3L * key, now, now, 7L * now + key, key, key, -key);
            for (int i = 0; i <= 120; i++) {
                int found = table.find(i, 3L * i, now);
                Known known = model.get(i);
                assertThat(found >= 0).isEqualTo(known != null);
                if (known != null) {
                    assertThat(table.offset(found)).isEqualTo(known.offset());
                    assertThat(table.place(found)).isEqualTo(i);
                    assertThat(table.matches(found, i, -i)).isTrue();
                    assertThat(table.matches(found, i + 1, -i)).isFalse();
                }
            }
            assertThat(table.size()).isEqualTo(model.size());
            assertThat(table.forgottenEarly()).isEqualTo(early);
        }
        assertThat(new ArrayList<>(model.keySet())).hasSizeLessThanOrEqualTo(maxKeys);
    }
}
