package io.millrace.cli.send;

import java.util.Optional;
import java.util.regex.Pattern;

/** One token for good, or none. */
final class ReadyToken implements TokenSource {

    /** RFC 6750, section 2.1, and what issuers add to it in practice: printable ASCII without blanks. */
    private static final Pattern POSSIBLE = Pattern.compile("[\\x21-\\x7e]+");

    private final Optional<String> token;

    ReadyToken(Optional<String> token) {
        this.token = token;
    }

    static boolean possible(String token) {
        return POSSIBLE.matcher(token).matches();
    }

    @Override
    public Optional<String> token() {
        return token;
    }

    @Override
    public void rejected(String refused) {
        // There is no other: the next request is refused in the same way, and that is said.
    }
}
