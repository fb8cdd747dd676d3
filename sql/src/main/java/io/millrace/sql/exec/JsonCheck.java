package io.millrace.sql.exec;

/** Tells whether a text is JSON (RFC 8259). */
final class JsonCheck {
    private static final int MOST_DEPTH = 512;

    private byte[] data = {};
    private int i;
    private int end;

    boolean isJson(byte[] bytes, int from, int to) {
        data = bytes;
        i = from;
        end = to;
        space();
        if (!value(0)) {
            return false;
        }
        space();
        return i == end;
    }

    private void space() {
        while (i < end && (data[i] == ' ' || data[i] == '\t' || data[i] == '\n' || data[i] == '\r')) {
            i++;
        }
    }

    private boolean value(int depth) {
        if (i == end || depth > MOST_DEPTH) {
            return false;
        }
        return switch (data[i]) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            default -> number();
        };
    }

    private boolean object(int depth) {
        i++;
        space();
        if (take('}')) {
            return true;
        }
        while (true) {
            space();
            if (i == end || data[i] != '"' || !string()) {
                return false;
            }
            space();
            if (!take(':')) {
                return false;
            }
            space();
            if (!value(depth + 1)) {
                return false;
            }
            space();
            if (take('}')) {
                return true;
            }
            if (!take(',')) {
                return false;
            }
        }
    }

    private boolean array(int depth) {
        i++;
        space();
        if (take(']')) {
            return true;
        }
        while (true) {
            space();
            if (!value(depth + 1)) {
                return false;
            }
            space();
            if (take(']')) {
                return true;
            }
            if (!take(',')) {
                return false;
            }
        }
    }

    private boolean string() {
        i++;
        while (i < end) {
            byte b = data[i++];
            if (b == '"') {
                return true;
            }
            if (b >= 0 && b < ' ') {
                return false;
            }
            if (b == '\\' && !escape()) {
                return false;
            }
        }
        return false;
    }

    private boolean escape() {
        if (i == end) {
            return false;
        }
        byte b = data[i++];
        if (b != 'u') {
            return b == '"' || b == '\\' || b == '/' || b == 'b' || b == 'f' || b == 'n' || b == 'r' || b == 't';
        }
        int unit = hex4();
        if (unit < 0 || Character.isLowSurrogate((char) unit)) {
            return false;
        }
        if (!Character.isHighSurrogate((char) unit)) {
            return true;
        }
        if (!take('\\') || !take('u')) {
            return false;
        }
        int low = hex4();
        return low >= 0 && Character.isLowSurrogate((char) low);
    }

    private int hex4() {
        if (end - i < 4) {
            return -1;
        }
        int value = 0;
        for (int k = 0; k < 4; k++) {
            int digit = Character.digit(data[i++], 16);
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    private boolean number() {
        take('-');
        if (!take('0') && !digits()) {
            return false;
        }
        if (take('.') && !digits()) {
            return false;
        }
        if (i < end && (data[i] == 'e' || data[i] == 'E')) {
            i++;
            if (!take('+')) {
                take('-');
            }
            return digits();
        }
        return true;
    }

    private boolean digits() {
        int from = i;
        while (i < end && data[i] >= '0' && data[i] <= '9') {
            i++;
        }
        return i > from;
    }

    private boolean word(String word) {
        for (int k = 0; k < word.length(); k++) {
            if (!take(word.charAt(k))) {
                return false;
            }
        }
        return true;
    }

    private boolean take(char c) {
        if (i < end && data[i] == c) {
            i++;
            return true;
        }
        return false;
    }
}
