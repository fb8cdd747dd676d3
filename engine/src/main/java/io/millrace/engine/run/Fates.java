package io.millrace.engine.run;

import io.millrace.api.Commit;
import io.millrace.api.Commit.Correction;
import io.millrace.api.Commit.Counts;
import io.millrace.api.Quarantine;
import io.millrace.api.Rejection;
import io.millrace.engine.run.Replay.Fate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** What becomes of records of the quarantine in one commit. */
final class Fates {

    private final List<Quarantine.Entry> entries = new ArrayList<>();
    private final List<Fate> fates = new ArrayList<>();

    /** Returns the number under which it may be changed. */
    int add(Quarantine.Entry entry, Fate fate) {
        entries.add(entry);
        fates.add(fate);
        return fates.size() - 1;
    }

    void change(int number, Fate fate) {
        fates.set(number, fate);
    }

    int size() {
        return fates.size();
    }

    Quarantine.Entry entry(int number) {
        return entries.get(number);
    }

    Fate fate(int number) {
        return fates.get(number);
    }

    /** The numbers under which they are here, in the order in which they came into the quarantine. */
    List<Integer> inOrder() {
        return IntStream.range(0, entries.size())
                .boxed()
                .sorted(Comparator.comparingLong(i -> entries.get(i).number()))
                .toList();
    }

    /** Those that leave leave; of those that stay, what is said anew. */
    Commit.Account account() {
        Map<String, Counts> counts = new LinkedHashMap<>();
        Map<String, List<String>> released = new LinkedHashMap<>();
        Map<String, List<Rejection>> stay = new LinkedHashMap<>();
        for (int i = 0; i < fates.size(); i++) {
            Quarantine.Entry entry = entries.get(i);
            Fate fate = fates.get(i);
            Counts more = fate.counts();
            if (!more.equals(Counts.NONE)) {
                counts.merge(entry.split(), more, Counts::plus);
                released.computeIfAbsent(entry.split(), s -> new ArrayList<>())
                        .add(entry.rejection().position());
            } else if (fate instanceof Fate.Fails(Rejection rejection) && !says(entry.rejection(), rejection)) {
                stay.computeIfAbsent(entry.split(), s -> new ArrayList<>()).add(rejection);
            }
        }
        Map<String, Correction> corrections = new LinkedHashMap<>();
        counts.forEach((split, sum) -> corrections.put(
                split,
                new Correction(
                        split, sum, released.getOrDefault(split, List.of()), stay.getOrDefault(split, List.of()))));
        stay.forEach((split, rejected) ->
                corrections.computeIfAbsent(split, s -> new Correction(s, Counts.NONE, List.of(), rejected)));
        return new Commit.Account(List.of(), List.copyOf(corrections.values()));
    }

    /** Whether the quarantine says that already. */
    private static boolean says(Rejection there, Rejection now) {
        return there.stage() == now.stage()
                && there.code().equals(now.code())
                && Objects.equals(there.field(), now.field())
                && there.message().equals(now.message());
    }
}
