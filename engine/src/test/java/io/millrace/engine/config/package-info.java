@NullMarked
package io.millrace.engine.config;

import org.jspecify.annotations.NullMarked;
