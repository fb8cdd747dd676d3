/** What this module's tests need of the inside of the log: a disk that does not go on. */
@org.jspecify.annotations.NullMarked
package io.millrace.log;
