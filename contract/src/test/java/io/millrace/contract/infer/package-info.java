@NullMarked
package io.millrace.contract.infer;

import org.jspecify.annotations.NullMarked;
