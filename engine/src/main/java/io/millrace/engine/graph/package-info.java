/**
 * What flows from where to where through a set of pipelines, and how it is drawn: as text for Mermaid, and as SVG without
 * other tools. Knows pipelines as their files tell them; touches neither files nor connections.
 */
@NullMarked
package io.millrace.engine.graph;

import org.jspecify.annotations.NullMarked;
