package io.millrace.server.openapi;

import io.millrace.server.auth.Scope;
import io.millrace.server.http.Problem;
import java.util.ArrayList;
import java.util.List;

/** What any route may be answered with, by the gateway and before its handler is asked. */
final class CommonProblems {

    private CommonProblems() {}

    static List<Problem> of(Described one, Ways ways) {
        List<Problem> problems = new ArrayList<>();
        problems.add(Problem.badRequest("Its first line or its headers are not as HTTP has them."));
        problems.add(Problem.targetTooLong());
        problems.add(Problem.unavailable("stopping", "The server is shutting down", "Try again in a moment.", 5));
        Scope scope = one.scope();
        if (scope != null) {
            problems.add(new Problem(401, "unauthorized", "A valid token is needed", "There is no token.")
                    .header("WWW-Authenticate", "Bearer realm=\"millrace\""));
            problems.add(new Problem(
                            403,
                            "forbidden",
                            "The token does not allow this",
                            "The token does not have the scope " + scope.text() + ".")
                    .header("WWW-Authenticate", "Bearer realm=\"millrace\", error=\"insufficient_scope\""));
            if (ways.provider() != null) {
                problems.add(Problem.unavailable(
                        "no-keys", "Tokens can't be checked now", "The OpenID provider has not answered yet.", 2));
            }
            if (ways.requestsPerSecond() != null) {
                problems.add(new Problem(
                                429,
                                "too-many-requests",
                                "The client sends too many requests",
                                "It may send " + ways.requestsPerSecond()
                                        + " a second. Send more events with each request.")
                        .retryAfter(1));
            }
        }
        return problems;
    }

    /** What a header of a problem says. */
    static String header(String name) {
        return switch (name) {
            case "Retry-After" -> "After how many seconds to try again.";
            case "WWW-Authenticate" -> "How to authenticate, and what was wrong with the token.";
            case "Accept-Post" -> "The media types that are taken.";
            case "Accept-Encoding" -> "The ways of compression that are taken.";
            default -> "See RFC 9110.";
        };
    }
}
