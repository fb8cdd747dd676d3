/**
 * What connectors are held to: contract tests that every source and sink extends, and the harness that runs the real
 * launcher and kills it. Knows the API; everything else it reaches from outside, as a user does.
 */
@NullMarked
package io.millrace.testkit;

import org.jspecify.annotations.NullMarked;
