package io.millrace.cli.quarantine;

import io.millrace.api.Reason;
import io.millrace.api.Rejection.Stage;
import io.millrace.api.SinkConnector;
import io.millrace.api.SourceConnector;
import io.millrace.contract.ContractCode;
import io.millrace.engine.run.Job;
import io.millrace.formats.ReasonCode;
import io.millrace.sql.exec.TransformCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;

/** All reasons for which a record can be put into the quarantine, as the code has them. */
public final class Reasons {

    private Reasons() {}

    /** By stage, and by code within each. */
    public static List<Reason> all() {
        Set<Reason> reasons = new LinkedHashSet<>();
        for (ReasonCode code : ReasonCode.values()) {
            reasons.add(new Reason(code.code(), Stage.DECODE, code.meaning()));
        }
        for (ContractCode code : ContractCode.values()) {
            reasons.add(new Reason(code.code(), Stage.CONTRACT, code.meaning()));
        }
        for (TransformCode code : TransformCode.values()) {
            reasons.add(new Reason(code.code(), Stage.TRANSFORM, code.meaning()));
        }
        reasons.add(Job.Dedupe.MISSING_KEY);
        ServiceLoader.load(SourceConnector.class).forEach(connector -> addAll(reasons, connector.reasons()));
        ServiceLoader.load(SinkConnector.class).forEach(connector -> addAll(reasons, connector.reasons()));
        List<Reason> sorted = new ArrayList<>(reasons);
        sorted.sort(Comparator.comparing(Reason::stage).thenComparing(Reason::code));
        return List.copyOf(sorted);
    }

    private static void addAll(Set<Reason> reasons, List<?> more) {
        // A connector found as a service has no type parameter, so neither has what it returns.
        more.forEach(reason -> reasons.add((Reason) reason));
    }

    /** What a code means at a stage. */
    public static Optional<String> meaning(Stage stage, String code) {
        return all().stream()
                .filter(reason -> reason.stage() == stage && reason.code().equals(code))
                .map(Reason::meaning)
                .findFirst();
    }

    /** The page of the reference. */
    public static String markdown() {
        StringBuilder page = new StringBuilder("""
                # Reasons for which records are put into the quarantine

                Generated from the code; `mvnw verify` checks that it is current. A code never changes its meaning. `millrace
                quarantine ls --reason CODE` lists the records with it; see [the guide](../guide/quarantine.md).

                | stage | code | meaning |
                |---|---|---|
                """);
        for (Reason reason : all()) {
            page.append("| ")
                    .append(reason.stage().word())
                    .append(" | `")
                    .append(reason.code())
                    .append("` | ")
                    .append(reason.meaning().replace("|", "\\|"))
                    .append(" |\n");
        }
        return page.toString();
    }
}
