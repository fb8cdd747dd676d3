package io.millrace.sql;

/**
 * A way that a row can take through a query.
 *
 * @param line where it stands in the query, from 1
 * @param column the same, in {@code char}s from 1
 * @param what the branch, in the words of the query
 */
public record Branch(int line, int column, String what) {}
