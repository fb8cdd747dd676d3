@NullMarked
package io.millrace.server.ops;

import org.jspecify.annotations.NullMarked;
