package io.millrace.cli;

import io.millrace.engine.live.PipelineFolder;
import io.millrace.engine.pipeline.Connectors;
import io.millrace.engine.pipeline.Loaded;
import io.millrace.engine.pipeline.PipelineLoader;
import io.millrace.engine.yaml.Problem;
import io.millrace.server.remote.RemoteConfig;
import io.millrace.server.remote.RemoteFolder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParseResult;

/** Where the pipelines of {@code millrace up} come from: a folder here, or a copy of one that is elsewhere. */
final class Origin implements AutoCloseable {

    private final Path folder;
    private final @Nullable RemoteFolder remote;

    private Origin(Path folder, @Nullable RemoteFolder remote) {
        this.folder = folder;
        this.remote = remote;
    }

    static Origin of(
            ParseResult given,
            Map<String, String> environment,
            Map<String, String> parameters,
            RemoteConfig config,
            RemoteFolder.Listener listener)
            throws IOException, InterruptedException, UserException {
        String named = given.matchedPositionalValue(0, "");
        if (!named.startsWith("http://") && !named.startsWith("https://")) {
            return new Origin(Path.of(named), null);
        }
        URI url = url(named);
        if (named.startsWith("http://") && !given.hasMatchedOption("--insecure") && !isHere(url)) {
            throw UserException.usage(
                    "pipelines from another machine decide what is done with the data, so they come over https only;"
                            + " --insecure allows http");
        }
        PipelineLoader loader = new PipelineLoader(Connectors.installed());
        RemoteFolder remote = RemoteFolder.open(
                url,
                config,
                PipelineArguments.home(given, environment),
                folder -> problems(loader, folder, parameters, environment),
                listener);
        return new Origin(remote.folder(), remote);
    }

    private static URI url(String named) throws UserException {
        try {
            URI url = URI.create(named);
            if (url.getHost() != null) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // Said below, without the text, which may hold a secret.
        }
        throw UserException.usage("the URL of the pipelines is not one; expected https://HOST/PATH");
    }

    private static boolean isHere(URI url) {
        try {
            return InetAddress.getByName(url.getHost()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static List<Problem> problems(
            PipelineLoader loader, Path folder, Map<String, String> parameters, Map<String, String> environment)
            throws IOException {
        List<Problem> problems = new ArrayList<>();
        for (Path file : PipelineFolder.files(folder)) {
            if (loader.load(file, parameters, environment) instanceof Loaded.Invalid invalid) {
                problems.addAll(invalid.problems());
            }
        }
        return problems;
    }

    Path folder() {
        return folder;
    }

    @Override
    public void close() {
        if (remote != null) {
            remote.close();
        }
    }
}
