/**
 * What a server is told, before it is one: the records that the configuration is bound to. Each room of the server has a
 * component of {@link io.millrace.server.ServerConfig}. May use the API, the log's options and the rooms below.
 */
@NullMarked
package io.millrace.server;

import org.jspecify.annotations.NullMarked;
