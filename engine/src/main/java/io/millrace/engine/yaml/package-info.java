/**
 * YAML with positions, and config records bound from it: what pipeline files and the configuration have in common. Knows
 * neither of them; it is public for the two packages that do, and for nobody else but
 * {@link io.millrace.engine.yaml.Problem}, which everyone may show.
 */
@NullMarked
package io.millrace.engine.yaml;

import org.jspecify.annotations.NullMarked;
