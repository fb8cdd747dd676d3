package io.millrace.sql.exec;

import io.millrace.api.Type;

/** Functions of JSON texts. */
final class JsonNodes {

    private JsonNodes() {}

    /** The scalar that a JSON text is, as VARCHAR: for casts. */
    static Node scalar(Node json) {
        return new Value(json, "$");
    }

    /** JSON_VALUE(json, path): null where there is nothing, null, no scalar, or more than one. */
    static final class Value extends RowNode {
        private final JsonPath path;

        Value(Node json, String path) {
            super(Type.VARCHAR, json);
            this.path = new JsonPath(path);
        }

        @Override
        void row(Frame frame, int r) {
            path.search(in[0].data, in[0].start[r], in[0].length[r]);
            if (path.found != 1) {
                out.setNull(r);
                return;
            }
            byte[] data = in[0].data;
            int start = path.start;
            int length = path.end - start;
            byte first = data[start];
            if (first == '{' || first == '[' || first == 'n') {
                out.setNull(r);
            } else if (first == '"') {
                int at = room(frame, r, length);
                if (at >= 0) {
                    int end = path.scanner().unescape(start + 1, start + length - 1, out.data, at);
                    out.commit(r, at, end - at);
                }
            } else {
                copyText(frame, r, data, start, length);
            }
        }
    }

    /** JSON_QUERY(json, path): the object or array there, its bytes as they are. */
    static final class Query extends RowNode {
        private final JsonPath path;

        Query(Node json, String path) {
            super(Type.JSON, json);
            this.path = new JsonPath(path);
        }

        @Override
        void begin() {
            out.data = in[0].data;
        }

        @Override
        void row(Frame frame, int r) {
            path.search(in[0].data, in[0].start[r], in[0].length[r]);
            byte first = path.found == 1 ? in[0].data[path.start] : 0;
            if (first == '{' || first == '[') {
                view(r, path.start, path.end - path.start);
            } else {
                out.setNull(r);
            }
        }
    }

    /** VARCHAR to JSON: the text stays as it is, if it is JSON. */
    static final class Parse extends CastNode {
        private final JsonCheck check = new JsonCheck();

        Parse(Node text, boolean orNull) {
            super(text, Type.JSON, orNull);
        }

        @Override
        void run(Frame frame, Rows rows) {
            out.data = in[0].data;
            for (int i = 0; i < rows.count; i++) {
                int r = rows.row(i);
                int start = in[0].start[r];
                int length = in[0].length[r];
                if (check.isJson(in[0].data, start, start + length)) {
                    out.start[r] = start;
                    out.length[r] = length;
                } else {
                    malformed(frame, r);
                }
            }
        }
    }
}
