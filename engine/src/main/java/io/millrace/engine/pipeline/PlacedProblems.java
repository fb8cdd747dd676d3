package io.millrace.engine.pipeline;

import io.millrace.api.SourceConnector;
import io.millrace.engine.yaml.Problem;
import io.millrace.engine.yaml.Problems;
import io.millrace.engine.yaml.SourceKind;
import io.millrace.engine.yaml.SourceText;
import io.millrace.engine.yaml.Yaml;
import io.millrace.engine.yaml.YamlReader;
import io.millrace.engine.yaml.YamlText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Finds the places in a pipeline file that problems mean which were found later than it was read. */
public final class PlacedProblems {

    private PlacedProblems() {}

    /**
     * @param file the pipeline file
     * @param found problems whose keys are paths in it
     * @return the same with their places, in the order of the file; what is wrong with the file where it can't be read now
     */
    public static List<Problem> in(Path file, List<SourceConnector.Problem> found) {
        List<Problem> unreadable = new ArrayList<>();
        SourceText text = YamlText.read(file, SourceKind.PIPELINE, unreadable::add);
        if (text == null) {
            return unreadable;
        }
        Problems problems = new Problems(text);
        Yaml root = YamlReader.read(text, problems);
        for (SourceConnector.Problem problem : found) {
            int place = root instanceof Yaml.Mapping mapping ? mapping.place(problem.key()) : 0;
            problems.add(place, problem.key() + ": " + problem.message());
        }
        return problems.sorted();
    }
}
