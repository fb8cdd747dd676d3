package io.millrace.server;

import io.millrace.log.LogOptions;
import io.millrace.log.Retention;
import io.millrace.server.auth.AuthConfig;
import io.millrace.server.gateway.GatewayConfig;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a server is started with.
 *
 * @param home where Millrace keeps everything of its own
 * @param pipelines a folder of pipeline files, or one of them
 * @param set values of parameters, by name; they win over the environment
 * @param environment environment variables
 * @param http how it listens
 * @param auth who issues tokens
 * @param log how the log is written
 * @param retention how long the log is kept
 * @param insecure whether it may listen where others reach it without clients or TLS
 */
public record ServerOptions(
        Path home,
        Path pipelines,
        Map<String, String> set,
        Map<String, String> environment,
        GatewayConfig http,
        AuthConfig auth,
        LogOptions log,
        Retention retention,
        boolean insecure) {}
