@NullMarked
package io.millrace.engine.yaml;

import org.jspecify.annotations.NullMarked;
