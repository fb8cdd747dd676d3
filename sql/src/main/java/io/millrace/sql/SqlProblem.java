package io.millrace.sql;

/**
 * Something wrong with a query.
 *
 * @param line in the text of the query, from 1
 * @param column in the line, from 1
 * @param message what was found, what was expected, what to do
 */
public record SqlProblem(int line, int column, String message) {}
