/**
 * The proof of the SQL engine: generated expressions over generated rows, compared value by value with what PostgreSQL
 * makes of them.
 *
 * <p>Each {@link io.millrace.sql.oracle.Term} is written in both dialects as it is built. Where the dialects differ in a
 * name or in the type of a result, the translation says so beside the function. What PostgreSQL can't be asked, or
 * answers differently on purpose, is not generated; each such place says why.
 */
@NullMarked
package io.millrace.sql.oracle;

import org.jspecify.annotations.NullMarked;
