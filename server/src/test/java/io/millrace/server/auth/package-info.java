@NullMarked
package io.millrace.server.auth;

import org.jspecify.annotations.NullMarked;
