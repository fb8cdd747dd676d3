package io.millrace.connectors.files;

import io.millrace.api.Doc;
import io.millrace.formats.Compression;
import io.millrace.formats.Format;
import io.millrace.formats.Ndjson;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a pipeline file says under {@code files:}. */
@Doc("Files of NDJSON or CSV, plain or compressed. New files and new lines are loaded, nothing is loaded twice.")
public record FilesConfig(
        @Doc(
                "A file or a pattern, relative to the folder of the pipeline file. `*` stands for any characters of a name, "
                        + "`?` for one, `**` for any folders, `{a,b}` for either. Names that begin with a dot are left "
                        + "out unless the pattern names the dot.")
        String path,

        @Doc(
                "How records are written: `ndjson` (one JSON object a line) or `csv`. Without it, files called .csv or .tsv "
                        + "are csv and all others ndjson.")
        @Nullable
        Form format,

        @Doc("How CSV is written.") @Nullable Csv csv,

        @Doc(
                value = "`gzip`, `zstd`, `none`, or `auto`, which looks at the first bytes of each file.",
                byDefault = "auto")
        Compressed compression,

        @Doc(
                value = "The longest record that is taken, in bytes. A longer one goes to the quarantine with its "
                        + "first part.",
                byDefault = "16777216")
        int maxRecordBytes) {

    /** How records are written. */
    public enum Form {
        NDJSON,
        CSV
    }

    /** How files are compressed. */
    public enum Compressed {
        AUTO,
        NONE,
        GZIP,
        ZSTD
    }

    /** How CSV is written. */
    @Doc("How CSV is written.")
    public record Csv(
            @Doc("The character between two values. Without it, a comma, or a tab in files called .tsv.") @Nullable
            Character delimiter,

            @Doc(
                    value = "The character around values that hold a delimiter or a newline. Empty where no value is "
                            + "quoted: every newline then ends a record, and big files are read in parallel.",
                    byDefault = "'\"'")
            String quote,

            @Doc(value = "Whether the first line names the columns.", byDefault = "true")
            boolean header,

            @Doc("The names of the columns where the files do not give them.") @Nullable
            List<String> columns) {}

    /** The compression that the file says; null where each file shows its own. */
    @Nullable
    Compression toldCompression() {
        return switch (compression) {
            case AUTO -> null;
            case NONE -> Compression.NONE;
            case GZIP -> Compression.GZIP;
            case ZSTD -> Compression.ZSTD;
        };
    }

    /** How the records of a file of this name are written. */
    Format formatOf(String name) {
        Csv options = csv == null ? new Csv(null, "\"", true, null) : csv;
        return switch (formOf(name)) {
            case NDJSON -> new Ndjson();
            case CSV ->
                new io.millrace.formats.Csv(
                        options.delimiter != null
                                ? options.delimiter
                                : bareName(name).endsWith(".tsv") ? '\t' : ',',
                        options.quote.isEmpty() ? null : (Character) options.quote.charAt(0),
                        options.header,
                        options.columns == null ? List.of() : options.columns);
        };
    }

    /** The form of a file of this name. */
    Form formOf(String name) {
        if (format != null) {
            return format;
        }
        String bare = bareName(name);
        return bare.endsWith(".csv") || bare.endsWith(".tsv") ? Form.CSV : Form.NDJSON;
    }

    /** A file's name in lower case without what compression and rotation put at its end. */
    static String bareName(String name) {
        String bare = name.toLowerCase(Locale.ROOT);
        while (true) {
            String shorter = bare.replaceFirst("(\\.(gz|gzip|zst|zstd|[0-9]{1,9})|-[0-9]{8})$", "");
            if (shorter.equals(bare)) {
                return bare;
            }
            bare = shorter;
        }
    }
}
