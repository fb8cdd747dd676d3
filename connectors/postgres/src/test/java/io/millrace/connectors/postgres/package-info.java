@NullMarked
package io.millrace.connectors.postgres;

import org.jspecify.annotations.NullMarked;
