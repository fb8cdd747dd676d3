/** Made-up events, the same bytes for the same seed on every machine. Knows nothing of the rest of Millrace. */
@NullMarked
package io.millrace.cli.generate;

import org.jspecify.annotations.NullMarked;
