@NullMarked
package io.millrace.server.remote;

import org.jspecify.annotations.NullMarked;
