package io.millrace.server;

import io.millrace.api.Doc;
import io.millrace.server.auth.AuthConfig;
import io.millrace.server.gateway.GatewayConfig;
import io.millrace.server.remote.RemoteConfig;

/**
 * All that can be configured: one component for each part of the server, which is a section of the file. A new part adds
 * its record here and nothing else; reference, checks and {@code millrace config} follow.
 *
 * @param auth who issues tokens
 * @param log how the event log is written
 * @param http how the server listens and what it bears
 * @param output how the server says what happens
 * @param remote pipelines that come from a URL
 */
@Doc("What the server, and the commands that work in its home folder, are told. Each part of it is a section.")
public record ServerConfig(
        @Doc(
                value = "Who issues the tokens that are taken: Millrace itself or an OpenID provider.",
                byDefault = "{ built_in: {} }")
        AuthConfig auth,

        @Doc(value = "How the event log is written.", byDefault = "{}")
        LogConfig log,

        @Doc(value = "The HTTP server.", byDefault = "{}") GatewayConfig http,

        @Doc(value = "What `millrace up` says.", byDefault = "{}")
        OutputConfig output,

        @Doc(value = "Pipelines that come from a URL.", byDefault = "{}")
        RemoteConfig remote) {}
