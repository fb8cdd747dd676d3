package io.millrace.engine.yaml;

/**
 * Something wrong with a pipeline file or with the configuration. Never holds a secret, nor a value that a parameter of a
 * file was given by the environment.
 *
 * @param file the file as it was named by whoever asked, or the variable or option that is wrong
 * @param line from 1; 0 where the file as a whole is meant (it can't be read, for instance)
 * @param column in characters, from 1; 0 with line 0
 * @param message what was found, what was expected and, where it is known, what to do
 * @param sourceLine the line of the file; empty with line 0, and where lines may hold secrets
 */
public record Problem(String file, int line, int column, String message, String sourceLine) {

    /** The most of a source line that {@link #render} shows. */
    private static final int SHOWN = 120;

    /** {@code file:line:column: message}, as editors and terminals understand it. */
    @Override
    public String toString() {
        return line == 0 ? file + ": " + message : file + ":" + line + ":" + column + ": " + message;
    }

    /** The message and below it the line of the file with a caret under the place. Ends without a newline. */
    public String render() {
        if (line == 0 || sourceLine.isEmpty()) {
            return toString();
        }
        int at = Math.min(
                sourceLine.length(),
                sourceLine.offsetByCodePoints(
                        0, Math.min(column - 1, sourceLine.codePointCount(0, sourceLine.length()))));
        int from = Math.max(0, Math.min(at - SHOWN / 2, sourceLine.length() - SHOWN));
        int to = Math.min(sourceLine.length(), from + SHOWN);
        String number = String.valueOf(line);
        // Tabs stay tabs, so that the caret lands under its place however wide they are shown.
        String pad = sourceLine
                .substring(from, at)
                .codePoints()
                .collect(StringBuilder::new, (b, c) -> b.append(c == '\t' ? '\t' : ' '), StringBuilder::append)
                .toString();
        return toString() + "\n  " + number + " | " + sourceLine.substring(from, to) + "\n  "
                + " ".repeat(number.length()) + " | " + pad + "^";
    }
}
