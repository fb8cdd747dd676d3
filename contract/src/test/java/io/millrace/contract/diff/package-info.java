@NullMarked
package io.millrace.contract.diff;

import org.jspecify.annotations.NullMarked;
