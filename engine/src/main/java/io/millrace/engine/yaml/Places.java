package io.millrace.engine.yaml;

/** Finds the place of a key in a file. */
final class Places {
    private Places() {}

    /**
     * The offset of the value under a path such as {@code into.postgres.key[2]} (items count from 1), or of the nearest
     * thing around it where the file does not say it.
     */
    static int of(Yaml.Mapping root, String path) {
        Yaml node = root;
        int offset = root.offset();
        for (String step : path.split("\\.", -1)) {
            int bracket = step.indexOf('[');
            String key = bracket < 0 ? step : step.substring(0, bracket);
            Yaml.Entry entry = node instanceof Yaml.Mapping mapping ? mapping.entry(key) : null;
            if (entry == null) {
                return offset;
            }
            node = entry.value();
            boolean nothing = node instanceof Yaml.Scalar scalar && scalar.isNull();
            offset = nothing || node instanceof Yaml.Mapping ? entry.key().offset() : node.offset();
            if (bracket >= 0 && node instanceof Yaml.Sequence list) {
                int index = Integer.parseInt(step, bracket + 1, step.length() - 1, 10) - 1;
                if (index >= 0 && index < list.items().size()) {
                    node = list.items().get(index);
                    offset = node.offset();
                }
            }
        }
        return offset;
    }
}
