@NullMarked
package io.millrace.server.gateway;

import org.jspecify.annotations.NullMarked;
