package io.millrace.cli;

/** placeholder */
final class Training {
    private Training() {}

    public static void main(String[] args) {
        Main.execute(Terminal.ofProcess(System.getenv()), System.getenv(), "version");
    }
}
