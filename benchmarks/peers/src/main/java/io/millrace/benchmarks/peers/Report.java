package io.millrace.benchmarks.peers;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The Markdown of a comparison.
 *
 * @param input what was read, in words
 * @param surroundings machine, Java, server and revision, one a line
 * @param rounds how many interleaved rounds there were
 * @param scores in the order of the table
 */
record Report(String input, List<String> surroundings, int rounds, List<Score> scores) {

    String markdown(Instant when) {
        StringBuilder text = new StringBuilder();
        text.append("# Whole processes compared: ").append(input).append("\n\n");
        text.append("Taken ").append(when.truncatedTo(ChronoUnit.MINUTES)).append(" by `benchmarks/compare`; ");
        text.append("what each column means is in `benchmarks/README.md`.\n\n");
        surroundings.forEach(line -> text.append("- ").append(line).append('\n'));
        text.append("- ")
                .append(rounds)
                .append(" interleaved rounds after one that does not count; medians of the runs");
        text.append(" that had the machine for themselves\n\n");
        Optional<Score> yardstick = yardstick();
        String times = yardstick.map(score -> score.contestant().title()).orElse("-");
        text.append("| | wall s | least to most | wall × ").append(times).append(" | CPU s | server's CPU s");
        text.append(" | all CPU × ")
                .append(times)
                .append(" | peak RSS MB | RSS × ")
                .append(times);
        text.append(" | runs counted | result |\n");
        text.append("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|\n");
        scores.forEach(score -> row(text, score, yardstick));
        if (scores.stream().anyMatch(score -> score.hasFigures() && score.disturbed())) {
            text.append(
                    "\nOther work used more than a tenth of the machine during too many runs of the rows marked !. ");
            text.append(
                    "Their times say little; the CPU seconds are the better guide. Run again on a quiet machine.\n");
        }
        answers(text);
        runs(text);
        return text.toString();
    }

    /** Millrace, or the first that has figures where Millrace has none. */
    private Optional<Score> yardstick() {
        return scores.stream().filter(Score::hasFigures).findFirst();
    }

    private void row(StringBuilder text, Score score, Optional<Score> yardstick) {
        String title = score.contestant().title();
        if (!score.hasFigures() || yardstick.isEmpty()) {
            text.append("| ").append(title).append(" | | | | | | | | | | failed, see below |\n");
            return;
        }
        Score one = yardstick.get();
        double wall = score.median(Usage::wallSeconds);
        double cpu = score.median(Usage::allCpuSeconds);
        double rss = score.median(Usage::peakRssBytes);
        text.append(String.format(
                Locale.ROOT,
                "| %s | %.2f | %.2f to %.2f | %.2f | %.2f | %.2f | %.2f | %.0f | %.2f | %d of %d%s | %s |\n",
                title,
                wall,
                score.least(Usage::wallSeconds),
                score.most(Usage::wallSeconds),
                wall / one.median(Usage::wallSeconds),
                score.median(Usage::cpuSeconds),
                score.median(Usage::serverCpuSeconds),
                cpu / one.median(Usage::allCpuSeconds),
                rss / 1e6,
                rss / one.median(Usage::peakRssBytes),
                score.counted().size(),
                score.runs().size(),
                score.disturbed() ? " !" : "",
                verdict(score)));
    }

    /** Tables are compared with one another, and their sums with those of the bare loop where it ran. */
    private String verdict(Score score) {
        Optional<Contents> own = score.contents();
        if (own.isEmpty()) {
            return "-";
        }
        List<Score> others = scores.stream()
                .filter(other -> other != score && other.contents().isPresent())
                .toList();
        long agreeing = others.stream()
                .filter(other -> other.contents().orElseThrow().agreesWith(own.get()))
                .count();
        if (others.isEmpty()) {
            return "nothing to compare with";
        }
        return agreeing == others.size() ? "agrees with all" : "DIFFERS from " + (others.size() - agreeing);
    }

    /** Whether every result agrees with every other. */
    boolean allAgree() {
        List<Contents> all =
                scores.stream().flatMap(score -> score.contents().stream()).toList();
        return all.stream().allMatch(one -> all.stream().allMatch(one::agreesWith));
    }

    private void answers(StringBuilder text) {
        text.append("\n## Results\n\n");
        for (Score score : scores) {
            text.append("- ").append(score.contestant().title()).append(": ");
            score.contents().ifPresent(contents -> text.append(contents));
            score.failure()
                    .ifPresent(why -> text.append("failed: ").append(why.strip().replace("\n", "\n  ")));
            text.append('\n');
        }
    }

    private void runs(StringBuilder text) {
        text.append("\n## Every run\n\n```csv\n");
        text.append("contestant,round,wall_s,cpu_s,server_cpu_s,peak_rss_mb,others_load\n");
        for (Score score : scores) {
            int round = 0;
            for (Usage run : score.runs()) {
                text.append(String.format(
                        Locale.ROOT,
                        "%s,%d,%.3f,%.2f,%.2f,%.1f,%.3f\n",
                        score.contestant().id(),
                        ++round,
                        run.wallSeconds(),
                        run.cpuSeconds(),
                        run.serverCpuSeconds(),
                        run.peakRssBytes() / 1e6,
                        run.othersLoad()));
            }
        }
        text.append("```\n");
    }
}
