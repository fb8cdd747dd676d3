/** What queries mean and what is said of those that mean nothing. */
@NullMarked
package io.millrace.sql;

import org.jspecify.annotations.NullMarked;
