@NullMarked
package io.millrace.server.openapi;

import org.jspecify.annotations.NullMarked;
