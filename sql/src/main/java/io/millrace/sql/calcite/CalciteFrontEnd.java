package io.millrace.sql.calcite;

import io.millrace.sql.Branches;
import io.millrace.sql.Compiled;
import io.millrace.sql.DeclaredColumn;
import io.millrace.sql.SqlProblem;
import io.millrace.sql.plan.Plan;
import java.io.StringReader;
import java.util.Comparator;
import java.util.List;
import org.apache.calcite.avatica.util.Casing;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlAbstractParserImpl;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.parser.babel.ParseException;
import org.apache.calcite.sql.parser.babel.SqlBabelParserImpl;
import org.apache.calcite.sql.parser.babel.Token;
import org.apache.calcite.sql.parser.babel.TokenMgrError;
import org.apache.calcite.sql.validate.SqlConformanceEnum;

/** Parses one query and checks it, gathering problems as far as it can see. Used once. */
public final class CalciteFrontEnd {

    /** The longest query; the parser's memory and stack grow with it. */
    private static final int MAX_LENGTH = 100_000;

    private static final int MAX_NAME = 1024;

    private static final String TOO_DEEP = "the query is nested too deeply";

    private final String sql;
    private final List<DeclaredColumn> declared;
    private final boolean retractions;

    /** See {@link io.millrace.sql.SqlCompiler#compile}. */
    public CalciteFrontEnd(String sql, List<DeclaredColumn> declared, boolean retractions) {
        this.sql = sql;
        this.declared = declared;
        this.retractions = retractions;
    }

    /** Compiles; called once. */
    public Compiled compile() {
        if (sql.length() > MAX_LENGTH) {
            return new Compiled.Refused(List.of(new SqlProblem(
                    1, 1, "the query has " + sql.length() + " characters; it can have " + MAX_LENGTH + " at most")));
        }
        QueryText text = new QueryText(sql);
        Problems problems = new Problems();
        new SyntaxProblems(text).beforeParsing().forEach(problems::add);
        if (problems.count() == 0) {
            try {
                ColumnWords words = new ColumnWords(text);
                SqlNode parsed = parse(text, words);
                words.reveal(parsed);
                BranchSites sites = new BranchSites(text);
                Plan plan = new QueryChecker(text, declared, retractions, sites, problems).check(parsed);
                if (plan != null && problems.count() == 0) {
                    return new Compiled.Ok(plan, new Branches(plan, sites));
                }
            } catch (Refusal e) {
                problems.add(e);
            } catch (StackOverflowError e) {
                problems.add(new Refusal(text.place(0), TOO_DEEP));
            }
        }
        return new Compiled.Refused(problems.found().stream()
                .map(CalciteFrontEnd::problem)
                .distinct()
                .sorted(Comparator.comparingInt(SqlProblem::line).thenComparingInt(SqlProblem::column))
                .toList());
    }

    private static SqlProblem problem(Refusal refusal) {
        SqlParserPos place = refusal.place();
        return new SqlProblem(Math.max(place.getLineNum(), 1), Math.max(place.getColumnNum(), 1), line(refusal.text()));
    }

    /** A message quotes the query, whose lines may end anywhere. */
    private static String line(String message) {
        StringBuilder line = new StringBuilder(message);
        for (int i = 0; i < line.length(); i++) {
            if (Character.isISOControl(line.charAt(i))) {
                line.setCharAt(i, ' ');
            }
        }
        return line.toString();
    }

    /**
     * Calcite's parser itself: its usual door, SqlParser, needs configuration classes that take longer to load than a
     * query to parse.
     */
    private static SqlNode parse(QueryText text, ColumnWords words) {
        SqlAbstractParserImpl parser =
                SqlBabelParserImpl.FACTORY.getParser(new StringReader(withoutLastSemicolon(text, words.disguised())));
        parser.setTabSize(1);
        parser.setQuotedCasing(Casing.UNCHANGED);
        parser.setUnquotedCasing(Casing.UNCHANGED);
        parser.setIdentifierMaxLength(MAX_NAME);
        parser.setConformance(SqlConformanceEnum.BABEL);
        parser.switchTo(SqlAbstractParserImpl.LexicalState.DQID);
        SyntaxProblems syntax = new SyntaxProblems(text);
        try {
            return parser.parseSqlStmtEof();
        } catch (ParseException e) {
            Token found = e.currentToken == null ? null : e.currentToken.next;
            throw found == null || found.image.isEmpty()
                    ? syntax.unexpected(text.sql().length())
                    : syntax.unexpected(text.offset(found.beginLine, found.beginColumn));
        } catch (TokenMgrError e) {
            throw syntax.unexpected(lexerOffset(text, e));
        } catch (CalciteContextException e) {
            Throwable cause = e.getCause();
            throw syntax.misplaced(
                    text.offset(e.getPosLine(), e.getPosColumn()), String.valueOf(cause == null ? e : cause));
        } catch (Exception | AssertionError e) {
            // Calcite's own checks of values (an interval's digits, for instance) come without a place.
            throw syntax.misplaced(0, String.valueOf(e.getMessage()));
        }
    }

    /** One at the end is a habit that means nothing. */
    private static String withoutLastSemicolon(QueryText text, String sql) {
        QueryText.Token last = text.tokens().getLast();
        return last.is(";") ? sql.substring(0, last.from()) : sql;
    }

    /** The lexer says its place only in its message: "Lexical error at line 1, column 10." */
    private static int lexerOffset(QueryText text, TokenMgrError e) {
        String[] words = String.valueOf(e.getMessage()).split("[ ,.]+", 8);
        try {
            return text.offset(Integer.parseInt(words[4]), Integer.parseInt(words[6]));
        } catch (IndexOutOfBoundsException | NumberFormatException unread) {
            return 0;
        }
    }
}
