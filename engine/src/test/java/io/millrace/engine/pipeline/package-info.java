@NullMarked
package io.millrace.engine.pipeline;

import org.jspecify.annotations.NullMarked;
