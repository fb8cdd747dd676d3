package io.millrace.cli;

import io.millrace.cli.output.Figures;
import io.millrace.engine.yaml.Problem;
import java.util.List;

/** Says what is wrong with pipeline files. */
final class PipelineProblems {

    private PipelineProblems() {}

    static void print(List<Problem> problems, Terminal terminal) {
        for (Problem problem : problems) {
            terminal.err().println(problem.render());
        }
        terminal.err().println("millrace: " + Figures.count(problems.size(), "problem"));
    }
}
