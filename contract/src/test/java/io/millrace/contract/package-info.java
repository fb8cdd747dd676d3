@NullMarked
package io.millrace.contract;

import org.jspecify.annotations.NullMarked;
