/**
 * Who may call: tokens are issued, checked and refused here, and it is written down who was refused and who did
 * something privileged.
 *
 * <p>The way in is {@link io.millrace.server.auth.Auth}. This room knows nothing of the HTTP server in front of it:
 * strings and records come in and go out, so that any server can carry them. It may use the JOSE library, the password
 * hash and files under the home folder, and nothing else of Millrace but the API.
 */
@NullMarked
package io.millrace.server.auth;

import org.jspecify.annotations.NullMarked;
