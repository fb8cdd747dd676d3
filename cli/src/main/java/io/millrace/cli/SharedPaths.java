package io.millrace.cli;

import io.millrace.api.SourceConnector;
import io.millrace.connectors.http.HttpConnector;
import io.millrace.engine.pipeline.Pipeline;
import io.millrace.engine.pipeline.PipelineFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds what pipelines that run together can't both have: a name, a table's path, a path of the server. */
final class SharedPaths {

    private SharedPaths() {}

    /** What is wrong, by the file of the later of two; keys are paths in it. */
    static Map<Path, List<SourceConnector.Problem>> problems(Map<Path, Pipeline> pipelines) {
        Map<Path, List<SourceConnector.Problem>> problems = new LinkedHashMap<>();
        Map<String, Path> names = new HashMap<>();
        Map<String, Path> served = new HashMap<>();
        pipelines.forEach((file, pipeline) -> {
            List<SourceConnector.Problem> found = new ArrayList<>();
            Path named = names.putIfAbsent(pipeline.name(), file);
            if (named != null) {
                found.add(new SourceConnector.Problem(
                        "pipeline",
                        "the pipeline in " + named + " has this name too, and so the same progress: choose another"));
            }
            for (int i = 0; i < pipeline.file().serve().size(); i++) {
                PipelineFile.Serve serve = pipeline.file().serve().get(i);
                String key = "serve[" + (i + 1) + "].path";
                if (HttpConnector.reserved(serve.path())) {
                    found.add(new SourceConnector.Problem(
                            key, serve.path() + " is one of the server's own: choose another"));
                }
                // The names of parameters don't matter.
                Path other = served.putIfAbsent(serve.path().replaceAll("\\{[^}]*}", "{}"), file);
                if (other != null) {
                    String who = other.equals(file) ? "this file" : other.toString();
                    found.add(new SourceConnector.Problem(
                            key,
                            serve.path() + " leads to one place only, and " + who + " serves it too: choose another"));
                }
            }
            if (!found.isEmpty()) {
                problems.put(file, found);
            }
        });
        return problems;
    }
}
