package io.millrace.contract;

import com.networknt.schema.AbsoluteIri;
import com.networknt.schema.resource.InputStreamSource;
import com.networknt.schema.resource.ResourceLoader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Reads the schemas that others refer to, from the disk and from nowhere else. Thread-safe. */
final class LocalFiles implements ResourceLoader {

    /** A reference that must not or can't be followed; the message is for the user. */
    static final class Unreadable extends RuntimeException {

        private static final long serialVersionUID = 1;

        Unreadable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** Addresses, each to the end of a path segment, and the folders that stand for them. */
    private final Map<String, Path> folders;

    private final Map<Path, String> texts = new ConcurrentHashMap<>();

    LocalFiles(Map<String, Path> folders) {
        this.folders = Map.copyOf(folders);
    }

    /** Takes down what a file says. */
    void known(Path file, byte[] text) {
        texts.put(file, new String(text, StandardCharsets.ISO_8859_1));
    }

    /** What every file says that was read so far, byte for char. */
    Map<Path, String> texts() {
        return Map.copyOf(texts);
    }

    @Override
    public InputStreamSource getResource(AbsoluteIri iri) {
        String address = iri.toString();
        byte[] bytes;
        Path file = file(address);
        try {
            // What was read before counts, so that a schema that is compiled again is the same.
            String text = texts.get(file.toAbsolutePath().normalize());
            bytes = text == null ? Files.readAllBytes(file) : text.getBytes(StandardCharsets.ISO_8859_1);
            known(file.toAbsolutePath().normalize(), bytes);
        } catch (IOException e) {
            throw new Unreadable("the schema refers to " + file + ", which can't be read: " + e, e);
        }
        return () -> new ByteArrayInputStream(bytes);
    }

    private Path file(String address) {
        for (Map.Entry<String, Path> folder : folders.entrySet()) {
            if (address.startsWith(folder.getKey())) {
                Path root = folder.getValue().toAbsolutePath().normalize();
                Path file = root.resolve(address.substring(folder.getKey().length()))
                        .normalize();
                if (file.startsWith(root)) {
                    return file;
                }
            }
        }
        try {
            URI uri = new URI(address);
            if ("file".equals(uri.getScheme()) && uri.getAuthority() == null) {
                return Path.of(uri);
            }
        } catch (java.net.URISyntaxException | IllegalArgumentException e) {
            throw new Unreadable("the schema refers to '" + address + "', which is no address of a file", e);
        }
        throw new Unreadable(
                "the schema refers to " + address
                        + ", which is no local file; nothing is fetched from a network."
                        + " Save that schema beside this one and refer to it by its path",
                null);
    }

    /** What the library made of {@link Unreadable}, taken out again. */
    static @Nullable Unreadable in(@Nullable Throwable e) {
        for (Throwable t = e; t != null; t = t.getCause()) {
            if (t instanceof Unreadable unreadable) {
                return unreadable;
            }
        }
        return null;
    }
}
