package io.millrace.cli;

import io.millrace.server.gateway.GatewayConfig;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/** Looks whether a server could listen where the configuration says. */
final class ListeningCheck {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private ListeningCheck() {}

    /** @param remark what is worth knowing and stands in nobody's way */
    record Found(Optional<String> problem, Optional<String> remark) {
        private static final Found FINE = new Found(Optional.empty(), Optional.empty());

        private static Found problem(String problem) {
            return new Found(Optional.of(problem), Optional.empty());
        }

        private static Found remark(String remark) {
            return new Found(Optional.empty(), Optional.of(remark));
        }
    }

    static Found of(GatewayConfig http) throws InterruptedException {
        if (http.port() == 0) {
            return Found.FINE;
        }
        String at = http.address() + ":" + http.port();
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(http.address()), http.port()));
            return Found.FINE;
        } catch (BindException e) {
            String message = String.valueOf(e.getMessage());
            if (!message.contains("in use")) {
                return Found.problem("the server can't listen at " + at + ": " + message
                        + "; choose another with http.address and http.port");
            }
            if (http.tls() != null) {
                return Found.remark(at + " is in use, by a server of this configuration perhaps");
            }
            return isOurs(at)
                    ? Found.remark("a server of Millrace runs at " + at)
                    : Found.problem(at + " is in use by another program; choose another with http.port");
        } catch (IOException e) {
            return Found.problem("the server can't listen at " + at + ": " + Failures.text(e)
                    + "; choose another with http.address and http.port");
        }
    }

    private static boolean isOurs(String at) throws InterruptedException {
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create("http://" + at + "/openapi.json"))
                            .timeout(PATIENCE)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 && answer.body().contains("Millrace");
        } catch (IOException | IllegalArgumentException e) {
            // Whatever listens there does not speak as we do.
            return false;
        }
    }
}
