/**
 * The configuration of the program: a record, bound from the defaults on its components, one optional file, environment
 * variables and the command line, each over those before. Every value knows where it comes from; every mistake is told at
 * once, with its place; secrets are told nowhere. Reads the file and the files of secrets that are named, nothing else.
 */
@NullMarked
package io.millrace.engine.config;

import org.jspecify.annotations.NullMarked;
