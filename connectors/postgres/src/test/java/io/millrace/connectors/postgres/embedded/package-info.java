@NullMarked
package io.millrace.connectors.postgres.embedded;

import org.jspecify.annotations.NullMarked;
