package io.millrace.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The names of clients that stand as numbers in the index entries of one slot of a stream. A name is on disk before its
 * number is used.
 *
 * <p>The file has a line for each: {@code NUMBER CRC NAME}, with the CRC-32C of the name's UTF-8 bytes in hex. Lines are
 * only appended. Thread-safe.
 */
final class ClientNames implements Closeable {
    static final int MAX_BYTES = 1024;

    private final Path path;
    private final FileChannel channel;
    private final Map<String, Integer> numbers = new ConcurrentHashMap<>();

    // Guarded by this.
    private long durable;
    private int next = 1;

    private ClientNames(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    static Path path(Path stream, int slot) {
        return stream.resolve(slot + ".clients");
    }

    /** Opens the file for writing; a last line that is not whole was never used and is cut off. */
    static ClientNames open(Path stream, int slot, ChannelOpener opener) throws IOException {
        Path path = path(stream, slot);
        Map<Integer, String> known = read(path);
        boolean fresh = !Files.exists(path);
        FileChannel channel = opener.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        ClientNames names = new ClientNames(path, channel);
        try {
            if (fresh) {
                Segments.forceFolder(stream);
            }
            byte[] bytes = Files.readAllBytes(path);
            int end = bytes.length;
            while (end > 0 && bytes[end - 1] != '\n') {
                end--;
            }
            channel.truncate(end);
            names.durable = end;
            known.forEach((number, name) -> {
                names.numbers.put(name, number);
                names.next = Math.max(names.next, number + 1);
            });
            // A damaged line has used a number too.
            for (int i = 0, lines = 0; i < end; i++) {
                if (bytes[i] == '\n' && ++lines >= names.next) {
                    names.next = lines + 1;
                }
            }
            return names;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** The names that are sound in a file, by their numbers; none where there is no file. */
    static Map<Integer, String> read(Path path) throws IOException {
        Map<Integer, String> names = new TreeMap<>();
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(path);
        } catch (NoSuchFileException e) {
            return names;
        }
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                String[] parts = new String(bytes, start, i - start, StandardCharsets.UTF_8).split(" ", 3);
                if (parts.length == 3 && parts[0].matches("\\d{1,9}") && parts[1].equals(crc(parts[2]))) {
                    names.put(Integer.parseInt(parts[0]), parts[2]);
                }
                start = i + 1;
            }
        }
        return names;
    }

    /** The number of a name, given to it now where it has none. */
    int number(String name) throws LogException {
        Integer known = numbers.get(name);
        return known != null ? known : add(name);
    }

    private synchronized int add(String name) throws LogException {
        Integer known = numbers.get(name);
        if (known != null) {
            return known;
        }
        if (name.isEmpty()
                || name.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES
                || name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("The name of a client must have 1 to " + MAX_BYTES
                    + " bytes of UTF-8 and no control characters; this one has " + name.length() + " characters");
        }
        int number = next;
        byte[] line = (number + " " + crc(name) + " " + name + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            // Also cuts off what an attempt that failed has left.
            channel.truncate(durable);
            ByteBuffer bytes = ByteBuffer.wrap(line);
            while (bytes.hasRemaining()) {
                channel.write(bytes, durable + bytes.position());
            }
            channel.force(false);
        } catch (IOException e) {
            throw Failures.explain(path, line.length, "the name of a client", e);
        }
        durable += line.length;
        next++;
        numbers.put(name, number);
        return number;
    }

    private static String crc(String name) {
        CRC32C crc = new CRC32C();
        crc.update(name.getBytes(StandardCharsets.UTF_8));
        return String.format("%08x", crc.getValue());
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** Looks up names for readers; reads the file again when it meets a number that is new. Used by one thread. */
    static final class Lookup {
        private final Path path;
        private @Nullable Map<Integer, String> names;

        Lookup(Path path) {
            this.path = path;
        }

        /** The name of a number; {@code client N} where the file no longer tells. */
        String name(int number) throws IOException {
            Map<Integer, String> known = names;
            String name = known == null ? null : known.get(number);
            if (name == null) {
                known = read(path);
                names = known;
                name = known.computeIfAbsent(number, n -> "client " + n);
            }
            return name;
        }
    }
}
