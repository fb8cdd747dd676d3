/** Specifies the event log on real files, with crashes, full and failing disks, and other processes. */
@NullMarked
package io.millrace.log;

import org.jspecify.annotations.NullMarked;
