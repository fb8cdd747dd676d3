package io.millrace.server.gateway;

import io.millrace.formats.Decoder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tells bad records from good ones, for contracts that reject. Thread-safe. */
final class Refusals {

    /** One decoder is in use by each request that is at this point; those not in use wait here. */
    private final ConcurrentLinkedQueue<Decoder> decoders = new ConcurrentLinkedQueue<>();

    private final Supplier<Decoder> maker;

    Refusals(Supplier<Decoder> maker) {
        this.maker = maker;
    }

    /**
     * A record that was not accepted.
     *
     * @param line its number
     * @param code the kind of reason, from {@link io.millrace.formats.ReasonCode}
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
        Decoder decoder = decoders.poll();
        if (decoder == null) {
            decoder = maker.get();
        }
        List<Refused> refused = new ArrayList<>();
        BitSet good = new BitSet(records.count());
        good.set(0, records.count());
        int i = 0;
        while (i < records.count()) {
            int first = i;
            int to = records.end(i++);
            while (i < records.count() && records.start(i) == to) {
                to = records.end(i++);
            }
            sift(decoder, records, first, to, good, refused);
        }
        decoders.add(decoder);
        if (!refused.isEmpty()) {
            records.keep(good);
        }
        return refused;
    }

    /** Looks at records that lie side by side, up to a place. */
    private static void sift(Decoder decoder, Records records, int first, int to, BitSet good, List<Refused> refused) {
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
}
