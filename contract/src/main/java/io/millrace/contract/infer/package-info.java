/**
 * Proposes a schema for records that are there already. Knows the contract's rules for reading records, and nothing of
 * files.
 */
@NullMarked
package io.millrace.contract.infer;

import org.jspecify.annotations.NullMarked;
