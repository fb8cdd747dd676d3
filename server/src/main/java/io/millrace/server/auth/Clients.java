package io.millrace.server.auth;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The clients of the built-in issuer, in {@code auth/clients.json} under the home folder. Several processes may change
 * them; each sees the changes of the others within a second or two. Every change is in the audit log. Safe for use by
 * many threads.
 */
public final class Clients {

    /** The client that is made where nothing is configured. */
    public static final String DEMO = "demo";

    /** So that scanners for leaked secrets can tell ours. */
    private static final String PREFIX = "mrs_";

    private static final int SECRET_BYTES = 32;
    private static final String FILE = "clients.json";

    private final PrivateFolder folder;
    private final Watched<ClientList> watched;
    private final Json json = new Json();
    private final SecretHash hash;
    private final Duration grace;
    private final Audit audit;
    private final InstantSource clock;
    private final SecureRandom random;

    Clients(
            PrivateFolder folder,
            SecretHash hash,
            Duration grace,
            Audit audit,
            InstantSource clock,
            SecureRandom random)
            throws AuthException {
        this.folder = folder;
        this.hash = hash;
        this.grace = grace;
        this.audit = audit;
        this.clock = clock;
        this.random = random;
        this.watched = new Watched<>(folder.resolve(FILE), this::parse, ClientList.EMPTY, clock);
    }

    private ClientList parse(byte[] content) throws AuthException {
        return json.read(folder.resolve(FILE), content, ClientList.InFile.class, ClientList.InFile::list);
    }

    /** The clients as of a moment ago. */
    ClientList current() {
        return watched.current();
    }

    /** The clients as of now, or as they could last be read. For where a look at the file does not weigh. */
    ClientList latest() {
        return watched.latest();
    }

    /** Why changes are not seen, where that is so. */
    Optional<String> problem() {
        return watched.problem();
    }

    /** All clients, in the order in which they were added. */
    public List<Client> list() throws AuthException {
        return watched.reread().clients().values().stream()
                .map(ClientList.Entry::shown)
                .toList();
    }

    /** Whether somebody has set up a client that can get tokens: one other than {@code demo} that is not disabled. */
    public boolean configured() throws AuthException {
        return list().stream().anyMatch(client -> !client.id().equals(DEMO) && !client.disabled());
    }

    /** Whether the client {@code demo} is there and not disabled. */
    public boolean demoEnabled() throws AuthException {
        return list().stream().anyMatch(client -> client.id().equals(DEMO) && !client.disabled());
    }

    /**
     * Adds a client.
     *
     * @param id letters, digits, dots, hyphens and underscores, 64 at most
     * @param scopes what its tokens may do, one at least
     */
    public NewSecret add(String id, Set<Scope> scopes) throws AuthException, InterruptedException {
        if (!ClientList.validId(id)) {
            throw new AuthException(
                    "\"" + id + "\" can't be the id of a client: expected 1 to 64 letters, digits, dots,"
                            + " hyphens and underscores, the first a letter or digit.");
        }
        if (scopes.isEmpty()) {
            throw new AuthException(
                    "The client \"" + id + "\" needs a scope to be of use; known are " + Scope.all() + ".");
        }
        NewSecret secret = newSecret(id);
        String hashed = hash.of(secret.secret());
        folder.inTurn(() -> {
            ClientList now = watched.reread();
            if (now.find(id).isPresent()) {
                throw new AuthException("There is a client \"" + id + "\" already. Choose another id, give it a new"
                        + " secret, or remove it first.");
            }
            return store(now.with(entry(id, scopes, hashed)));
        });
        changed(id, "added with " + Scope.join(scopes));
        return secret;
    }

    /**
     * Makes the client {@code demo}, which may do everything, where there is no client at all.
     *
     * @return its secret, to be shown once; empty where nothing was made
     */
    public Optional<NewSecret> addDemo() throws AuthException, InterruptedException {
        if (!watched.reread().clients().isEmpty()) {
            return Optional.empty();
        }
        NewSecret secret = newSecret(DEMO);
        String hashed = hash.of(secret.secret());
        Set<Scope> everything = EnumSet.allOf(Scope.class);
        boolean added = folder.inTurn(() -> {
            ClientList now = watched.reread();
            // Of two processes that start at once one makes it, and the other must not show a secret of its own.
            if (!now.clients().isEmpty()) {
                return false;
            }
            store(now.with(entry(DEMO, everything, hashed)));
            return true;
        });
        if (!added) {
            return Optional.empty();
        }
        changed(DEMO, "added with " + Scope.join(everything));
        return Optional.of(secret);
    }

    /** Gives a client a new secret. The one before it works on for the grace period of the configuration. */
    public NewSecret rotateSecret(String id) throws AuthException, InterruptedException {
        NewSecret secret = newSecret(id);
        String hashed = hash.of(secret.secret());
        Instant now = clock.instant();
        change(id, entry -> entry.withSecret(hashed, now, now.plus(grace)), "secret rotated");
        return secret;
    }

    /** Shuts a client out: it gets no tokens, and those that it has are refused within a second or two. */
    public void disable(String id) throws AuthException, InterruptedException {
        change(id, entry -> entry.withDisabled(true), "disabled");
    }

    /** Lets a client in again. Its tokens that have not expired work again. */
    public void enable(String id) throws AuthException, InterruptedException {
        change(id, entry -> entry.withDisabled(false), "enabled");
    }

    /** Removes a client. Its tokens are refused within a second or two, also where one of the same id is added later. */
    public void remove(String id) throws AuthException, InterruptedException {
        folder.inTurn(() -> store(existing(id).without(id)));
        changed(id, "removed");
    }

    private void change(String id, UnaryOperator<ClientList.Entry> change, String what)
            throws AuthException, InterruptedException {
        folder.inTurn(() -> store(existing(id).changed(id, change)));
        changed(id, what);
    }

    private ClientList existing(String id) throws AuthException {
        ClientList now = watched.reread();
        if (now.find(id).isEmpty()) {
            throw new AuthException("There is no client \"" + id + "\". "
                    + (now.clients().isEmpty()
                            ? "There is none at all."
                            : "There are: " + String.join(", ", now.clients().keySet()) + "."));
        }
        return now;
    }

    private ClientList store(ClientList list) throws AuthException {
        folder.replace(FILE, json.write(ClientList.InFile.of(list)));
        return watched.reread();
    }

    private void changed(String id, String what) {
        audit.record(Audit.Entry.of(Audit.Kind.CLIENT_CHANGED).client(id).reason(what));
    }

    private ClientList.Entry entry(String id, Set<Scope> scopes, String hashed) {
        Instant now = clock.instant();
        return new ClientList.Entry(id, scopes, false, now, List.of(new ClientList.SecretEntry(hashed, now, null)));
    }

    private NewSecret newSecret(String id) {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        return new NewSecret(
                id, PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
    }
}
