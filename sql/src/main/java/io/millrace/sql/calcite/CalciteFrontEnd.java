package io.millrace.sql.calcite;

import io.millrace.sql.Compiled;
import io.millrace.sql.DeclaredColumn;
import io.millrace.sql.SqlProblem;
import io.millrace.sql.plan.Plan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.avatica.util.Casing;
import org.apache.calcite.avatica.util.Quoting;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.parser.babel.SqlBabelParserImpl;
import org.apache.calcite.sql.validate.SqlConformanceEnum;

/** Parses one query and checks it, gathering problems as far as it can see. */
public final class CalciteFrontEnd {

    private static final SqlParser.Config PARSER = SqlParser.config()
            .withParserFactory(SqlBabelParserImpl.FACTORY)
            .withUnquotedCasing(Casing.UNCHANGED)
            .withQuotedCasing(Casing.UNCHANGED)
            .withCaseSensitive(true)
            .withQuoting(Quoting.DOUBLE_QUOTE)
            .withConformance(SqlConformanceEnum.BABEL)
            .withIdentifierMaxLength(1024);

    /** The longest query; the parser's memory and stack grow with it. */
    private static final int MAX_LENGTH = 100_000;

    private static final Pattern ENCOUNTERED = Pattern.compile("Encountered \"([^\"]*)\"");

    private final String sql;
    private final List<DeclaredColumn> declared;
    private final boolean retractions;
    private final List<SqlProblem> problems = new ArrayList<>();

    /** See {@link io.millrace.sql.SqlCompiler#compile}. */
    public CalciteFrontEnd(String sql, List<DeclaredColumn> declared, boolean retractions) {
        this.sql = sql;
        this.declared = declared;
        this.retractions = retractions;
    }

    /** Compiles; called once. */
    public Compiled compile() {
        if (sql.isBlank()) {
            return refused(1, 1, "the query is empty; write SELECT ... FROM input");
        }
        if (sql.length() > MAX_LENGTH) {
            return refused(1, 1, "the query has " + sql.length() + " characters; at most " + MAX_LENGTH + " will do");
        }
        EverydayWords words = new EverydayWords(sql);
        SqlNode parsed;
        try {
            parsed = SqlParser.create(words.quoted(), PARSER).parseStmt();
        } catch (SqlParseException e) {
            return unparsable(e, words);
        } catch (StackOverflowError e) {
            return refused(1, 1, "the query is nested too deeply");
        }
        try {
            Plan plan = new QueryChecker(declared, retractions, refusal -> add(refusal, words)).check(parsed);
            if (plan != null && problems.isEmpty()) {
                return new Compiled.Ok(plan);
            }
        } catch (Refusal e) {
            add(e, words);
        } catch (StackOverflowError e) {
            return refused(1, 1, "the query is nested too deeply");
        }
        problems.sort(Comparator.comparingInt(SqlProblem::line).thenComparingInt(SqlProblem::column));
        return new Compiled.Refused(problems.stream().distinct().toList());
    }

    private void add(Refusal refusal, EverydayWords words) {
        SqlParserPos place = refusal.place();
        int[] at = words.written(Math.max(place.getLineNum(), 1), Math.max(place.getColumnNum(), 1));
        problems.add(new SqlProblem(at[0], at[1], refusal.text()));
    }

    private static Compiled refused(int line, int column, String message) {
        return new Compiled.Refused(List.of(new SqlProblem(line, column, message)));
    }

    /** Says in a line what Calcite says in a page: it lists every token that could have followed. */
    private static Compiled unparsable(SqlParseException e, EverydayWords words) {
        SqlParserPos pos = e.getPos();
        int line = pos == null ? 1 : Math.max(pos.getLineNum(), 1);
        int column = pos == null ? 1 : Math.max(pos.getColumnNum(), 1);
        int[] at = words.written(line, column);
        String found = words.wordAt(line, column);
        String text = String.valueOf(e.getMessage());
        Matcher encountered = ENCOUNTERED.matcher(text);
        String message;
        if (found == null || (text.contains("<EOF>") && found.isBlank())) {
            message = "the query ends too early";
        } else if (found.startsWith("'") && (found.length() == 1 || !found.endsWith("'"))) {
            message = "this text has no closing quote";
        } else if (found.equals(";")) {
            message = "one SELECT is expected, without a semicolon";
        } else if (encountered.find() || !found.isBlank()) {
            String first = encountered.reset().find() ? encountered.group(1).strip() : found;
            message = "did not expect " + firstWord(first, found) + " here"
                    + (text.contains("\"<IDENTIFIER>\"") ? "; a column of this name is written in double quotes" : "");
        } else {
            message = "this is not SQL";
        }
        return refused(at[0], at[1], message);
    }

    private static String firstWord(String encountered, String found) {
        String word = found.isBlank() ? encountered.split(" ", 2)[0] : found;
        return word.startsWith("\"") || word.startsWith("'") ? word : '"' + word + '"';
    }
}
