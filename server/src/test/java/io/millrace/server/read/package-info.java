@NullMarked
package io.millrace.server.read;

import org.jspecify.annotations.NullMarked;
