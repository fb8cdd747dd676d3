package io.millrace.server.gateway;

import io.millrace.contract.ContractSchema;
import io.millrace.contract.RecordChecker;
import io.millrace.contract.Violation;
import io.millrace.formats.Decoder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Tells bad records from good ones, for contracts that reject. Thread-safe. */
final class Refusals {

    /** One set of judges is in use by each request that is at this point; those not in use wait here. */
    private final ConcurrentLinkedQueue<List<Judge>> judges = new ConcurrentLinkedQueue<>();

    private final List<Intake.Demand> demands;

    /** @param demands what every record must meet */
    Refusals(List<Intake.Demand> demands) {
        this.demands = List.copyOf(demands);
    }

    /** What holds records to one demand. Used by one thread at a time. */
    private record Judge(Decoder decoder, @Nullable RecordChecker checker) {
        static Judge of(Intake.Demand demand) {
            ContractSchema schema = demand.schema();
            return new Judge(demand.decoder().get(), schema == null ? null : schema.checker());
        }
    }

    /**
     * A record that was not accepted.
     *
     * @param line its number
     * @param code the kind of reason, from {@link io.millrace.formats.ReasonCode} or
     *     {@link io.millrace.contract.ContractCode}
     * @param field the field at fault; null where it is the record
     * @param message what was found, without values, and what was expected
     */
    record Refused(int line, String code, @Nullable String field, String message) {}

    /** As it is told in answers. */
    static List<Map<String, Object>> told(List<Refused> refused) {
        List<Map<String, Object>> told = new ArrayList<>(refused.size());
        for (Refused one : refused) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("line", one.line());
            object.put("code", one.code());
            if (one.field() != null) {
                object.put("field", one.field());
            }
            object.put("message", one.message());
            told.add(object);
        }
        return told;
    }

    /** Takes bad records out. */
    List<Refused> sift(Records records) {
        List<Judge> bench = judges.poll();
        if (bench == null) {
            bench = demands.stream().map(Judge::of).toList();
        }
        List<Refused> refused = new ArrayList<>();
        for (Judge judge : bench) {
            BitSet good = new BitSet(records.count());
            good.set(0, records.count());
            int i = 0;
            while (i < records.count()) {
                int first = i;
                int to = records.end(i++);
                while (i < records.count() && records.start(i) == to) {
                    to = records.end(i++);
                }
                decode(judge.decoder(), records, first, to, good, refused);
            }
            if (judge.checker() != null) {
                check(judge.checker(), records, good, refused);
            }
            if (good.cardinality() < records.count()) {
                records.keep(good);
            }
        }
        judges.add(bench);
        refused.sort(Comparator.comparingInt(Refused::line));
        return refused;
    }

    /** Decodes records that lie side by side, up to a place. */
    private static void decode(
            Decoder decoder, Records records, int first, int to, BitSet good, List<Refused> refused) {
        int from = records.start(first);
        int record = first;
        while (from < to) {
            int next = decoder.decode(records.bytes(), from, to, true);
            if (next == from) {
                throw new IllegalStateException("The decoder makes nothing of whole lines");
            }
            for (Decoder.Malformed malformed : decoder.malformed()) {
                while (records.end(record) <= malformed.start()) {
                    record++;
                }
                good.clear(record);
                refused.add(
                        new Refused(records.number(record), malformed.code(), malformed.field(), malformed.message()));
            }
            from = next;
        }
    }

    /** Holds those that could be decoded to a contract. */
    private static void check(RecordChecker checker, Records records, BitSet good, List<Refused> refused) {
        for (int i = good.nextSetBit(0); i >= 0; i = good.nextSetBit(i + 1)) {
            // Without its newline.
            Violation violation = checker.check(records.bytes(), records.start(i), records.end(i) - 1);
            if (violation != null) {
                good.clear(i);
                refused.add(new Refused(
                        records.number(i),
                        violation.code(),
                        violation.pointer().isEmpty() ? null : violation.pointer(),
                        violation.message()));
            }
        }
    }
}
