package io.millrace.server.auth;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The clients of one moment. Immutable.
 *
 * @param clients by their ids, in the order in which they were added
 */
record ClientList(Map<String, Entry> clients) {

    static final ClientList EMPTY = new ClientList(Map.of());

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    ClientList {
        // Map.copyOf would lose the order that people see in the file and in lists.
        clients = Collections.unmodifiableMap(new LinkedHashMap<>(clients));
    }

    /** A client with the hashes of its secrets, the newest first. */
    record Entry(String id, Set<Scope> scopes, boolean disabled, Instant created, List<SecretEntry> secrets) {

        Entry {
            scopes = Set.copyOf(scopes);
            secrets = List.copyOf(secrets);
        }

        /** The hashes of the secrets that work now. */
        List<String> hashes(Instant now) {
            return secrets.stream()
                    .filter(secret -> secret.worksAt(now))
                    .map(SecretEntry::hash)
                    .toList();
        }

        Client shown() {
            return new Client(
                    id,
                    scopes,
                    disabled,
                    created,
                    secrets.stream()
                            .map(secret -> new Client.Secret(secret.created(), secret.expires()))
                            .toList());
        }

        /** With a further secret; the one before it works until {@code graceEnd}, older ones no longer. */
        Entry withSecret(String hash, Instant now, Instant graceEnd) {
            List<SecretEntry> next = new ArrayList<>();
            next.add(new SecretEntry(hash, now, null));
            SecretEntry last = secrets.getFirst();
            if (graceEnd.isAfter(now)) {
                next.add(new SecretEntry(last.hash(), last.created(), graceEnd));
            }
            return new Entry(id, scopes, disabled, created, next);
        }

        Entry withDisabled(boolean now) {
            return new Entry(id, scopes, now, created, secrets);
        }
    }

    /** A secret as it is kept; {@code expires} is null where no end is set. */
    record SecretEntry(
            String hash, Instant created, @Nullable Instant expires) {
        boolean worksAt(Instant now) {
            return expires == null || now.isBefore(expires);
        }
    }

    Optional<Entry> find(String id) {
        return Optional.ofNullable(clients.get(id));
    }

    static boolean validId(String id) {
        return ID.matcher(id).matches();
    }

    ClientList with(Entry entry) {
        Map<String, Entry> next = new LinkedHashMap<>(clients);
        next.put(entry.id(), entry);
        return new ClientList(next);
    }

    ClientList without(String id) {
        Map<String, Entry> next = new LinkedHashMap<>(clients);
        next.remove(id);
        return new ClientList(next);
    }

    ClientList changed(String id, UnaryOperator<Entry> change) {
        return with(change.apply(Objects.requireNonNull(clients.get(id))));
    }

    /** The file {@code clients.json}. */
    record InFile(int version, List<ClientInFile> clients) {

        static final int VERSION = 1;

        static InFile of(ClientList list) {
            return new InFile(
                    VERSION,
                    list.clients().values().stream().map(ClientInFile::of).toList());
        }

        /** What the file means; throws {@link IllegalArgumentException} with the reason where that is nothing. */
        ClientList list() {
            if (version != VERSION) {
                throw new IllegalArgumentException(
                        "it has the version " + version + ", and this Millrace knows " + VERSION);
            }
            Map<String, Entry> entries = new LinkedHashMap<>();
            for (ClientInFile client : clients) {
                if (entries.put(client.id(), client.entry()) != null) {
                    throw new IllegalArgumentException("the client \"" + client.id() + "\" is there twice");
                }
            }
            return new ClientList(entries);
        }
    }

    record ClientInFile(String id, List<String> scopes, boolean disabled, Instant created, List<SecretEntry> secrets) {

        static ClientInFile of(Entry entry) {
            return new ClientInFile(
                    entry.id(),
                    entry.scopes().stream().sorted().map(Scope::text).toList(),
                    entry.disabled(),
                    entry.created(),
                    entry.secrets());
        }

        Entry entry() {
            if (!validId(id) || secrets.isEmpty()) {
                throw new IllegalArgumentException("the client \"" + id + "\" is not complete");
            }
            for (SecretEntry secret : secrets) {
                if (secret.hash() == null || secret.created() == null || !SecretHash.wellFormed(secret.hash())) {
                    throw new IllegalArgumentException("a secret of the client \"" + id + "\" is not a hash");
                }
            }
            for (String scope : scopes) {
                if (Scope.of(scope).isEmpty()) {
                    throw new IllegalArgumentException(
                            "the client \"" + id + "\" has the scope \"" + scope + "\"; known are " + Scope.all());
                }
            }
            return new Entry(id, Scope.known(scopes), disabled, created, secrets);
        }
    }
}
