package io.millrace.connectors.postgres.embedded;

import java.nio.file.Path;

/** A process that starts the server of a home folder and holds it until its input ends. */
final class Holder {

    private Holder() {}

    public static void main(String[] arguments) throws Exception {
        EmbeddedPostgres server = EmbeddedPostgres.start(Path.of(arguments[0]));
        System.out.println("started " + server.pid());
        System.out.flush();
        while (System.in.read() >= 0) {
            // Nothing is ever sent; the end of the input is the sign to end.
        }
        server.close();
    }
}
