package io.millrace.connectors.files;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A file as a listing found it.
 *
 * @param name what it is called in split ids and messages: relative where the configured path is
 * @param path where it is
 * @param size its size in bytes then
 * @param key what the file system calls it (device and inode); null where it does not say
 * @param identity a checksum of the key and of when the file was made, since numbers of deleted files are used again
 */
record FoundFile(
        String name, Path path, long size, @Nullable Object key, int identity) {

    static FoundFile of(String name, Path path, BasicFileAttributes attributes) {
        Object key = attributes.fileKey();
        CRC32C crc = new CRC32C();
        crc.update((key + "@" + attributes.creationTime()).getBytes(StandardCharsets.UTF_8));
        return new FoundFile(name, path, attributes.size(), key, (int) crc.getValue());
    }
}
