package io.millrace.cli.quarantine;

import io.millrace.sql.Compiled;
import io.millrace.sql.SqlCompiler;
import io.millrace.sql.SqlProblem;
import io.millrace.sql.plan.Plan;
import java.util.ArrayList;
import java.util.List;

/** Pieces of SQL over the fields of a record, as they are given on the command line. */
public final class SqlText {

    private SqlText() {}

    /** A piece that can't be used; the message says where and why. */
    public static final class WrongException extends Exception {
        private static final long serialVersionUID = 1L;

        WrongException(String message) {
            super(message);
        }
    }

    /** The plan whose WHERE is a condition. */
    public static Plan condition(String sql) throws WrongException {
        String before = "SELECT 1 AS x FROM input WHERE\n";
        Plan plan = switch (SqlCompiler.compile(before + sql, List.of())) {
            case Compiled.Ok ok -> ok.plan();
            case Compiled.Refused(List<SqlProblem> problems) -> throw wrong(sql, problems.getFirst(), 1);
        };
        if (plan.filter() == null || plan.grouped() || plan.outputs().size() != 1) {
            throw new WrongException("expected a condition, such as userId = 'u1', found more than that");
        }
        return plan;
    }

    /**
     * One assignment.
     *
     * @param path the field, or the field within objects, that is given a value
     * @param expression the value, in SQL
     */
    record Assignment(List<String> path, String expression) {}

    /** Takes {@code a = expression, b.c = expression} apart. */
    static List<Assignment> assignments(String sql) throws WrongException {
        List<Assignment> assignments = new ArrayList<>();
        for (String part : parts(sql)) {
            int[] at = {0};
            List<String> path = path(part, at);
            int equals = at[0];
            if (path.isEmpty() || equals >= part.length() || part.charAt(equals) != '=') {
                throw new WrongException(
                        "expected FIELD = EXPRESSION, ..., such as value = CAST(value AS INTEGER), found '"
                                + part.strip() + "'");
            }
            String expression = part.substring(equals + 1);
            if (expression.isBlank()) {
                throw new WrongException("there is nothing behind '" + part.strip() + "'");
            }
            assignments.add(new Assignment(path, expression));
        }
        return assignments;
    }

    /** The plan whose outputs are the values of assignments, in their order. */
    static Plan values(List<Assignment> assignments) throws WrongException {
        StringBuilder sql = new StringBuilder("SELECT");
        for (int i = 0; i < assignments.size(); i++) {
            sql.append(i == 0 ? "\n" : ",\n")
                    .append(assignments.get(i).expression())
                    .append(" AS v")
                    .append(i);
        }
        Plan plan = switch (SqlCompiler.compile(sql.append("\nFROM input").toString(), List.of())) {
            case Compiled.Ok ok -> ok.plan();
            case Compiled.Refused(List<SqlProblem> problems) -> throw wrong(assignments, problems.getFirst());
        };
        if (plan.grouped() || plan.filter() != null || plan.outputs().size() != assignments.size()) {
            throw new WrongException("expected an expression over the fields of one record, without aggregates");
        }
        return plan;
    }

    private static WrongException wrong(List<Assignment> assignments, SqlProblem problem) {
        int line = problem.line() - 1;
        for (Assignment assignment : assignments) {
            int lines = 1
                    + (int) assignment
                            .expression()
                            .chars()
                            .filter(c -> c == '\n')
                            .count();
            if (line <= lines) {
                return wrong(assignment.expression(), problem, problem.line() - line);
            }
            line -= lines;
        }
        return new WrongException(problem.message());
    }

    /** @param before how many lines come before the piece in what was compiled */
    private static WrongException wrong(String sql, SqlProblem problem, int before) {
        List<String> lines = sql.lines().toList();
        int line = problem.line() - before;
        if (line < 1 || line > lines.size()) {
            return new WrongException(problem.message());
        }
        String text = lines.get(line - 1);
        int column = Math.min(problem.column(), text.length() + 1);
        return new WrongException(problem.message() + "\n  " + text + "\n  " + " ".repeat(column - 1) + "^");
    }

    /** Splits at the commas that are in no quotes and no brackets. */
    private static List<String> parts(String sql) throws WrongException {
        List<String> parts = new ArrayList<>();
        int start = 0;
        int depth = 0;
        for (int i = 0; i < sql.length(); i++) {
            char c = sql.charAt(i);
            switch (c) {
                case '\'', '"' -> {
                    int end = sql.indexOf(c, i + 1);
                    if (end < 0) {
                        throw new WrongException("the quote " + c + " is not closed in '" + sql.strip() + "'");
                    }
                    i = end;
                }
                case '(', '[' -> depth++;
                case ')', ']' -> depth--;
                case ',' -> {
                    if (depth == 0) {
                        parts.add(sql.substring(start, i));
                        start = i + 1;
                    }
                }
                default -> {
                    // Part of an expression.
                }
            }
        }
        parts.add(sql.substring(start));
        return parts;
    }

    /** Reads {@code a."b c".d} and goes to what is after it. */
    private static List<String> path(String text, int[] at) {
        List<String> path = new ArrayList<>();
        int i = space(text, 0);
        while (i < text.length()) {
            if (text.charAt(i) == '"') {
                int end = text.indexOf('"', i + 1);
                path.add(text.substring(i + 1, end));
                i = end + 1;
            } else {
                int end = i;
                while (end < text.length() && Character.isJavaIdentifierPart(text.charAt(end))) {
                    end++;
                }
                if (end == i) {
                    break;
                }
                path.add(text.substring(i, end));
                i = end;
            }
            i = space(text, i);
            if (i >= text.length() || text.charAt(i) != '.') {
                break;
            }
            i = space(text, i + 1);
        }
        at[0] = i;
        return path;
    }

    private static int space(String text, int from) {
        int i = from;
        while (i < text.length() && Character.isWhitespace(text.charAt(i))) {
            i++;
        }
        return i;
    }
}
