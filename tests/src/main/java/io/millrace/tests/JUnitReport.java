package io.millrace.tests;

import io.millrace.engine.yaml.Problem;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes what came of tests in the form that JUnit's tasks have made common, which every build server reads. */
public final class JUnitReport {

    private JUnitReport() {}

    /**
     * @param results of all tests that were run
     * @param unusable for each test file that can't be used, what is wrong; each counts as a test that ends in an error
     */
    public static void write(List<TestResult> results, Map<Path, List<Problem>> unusable, Writer out)
            throws XMLStreamException {
        Map<Path, List<TestResult>> suites = new LinkedHashMap<>();
        results.forEach(result ->
                suites.computeIfAbsent(result.file(), file -> new ArrayList<>()).add(result));
        XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(out);
        xml.writeStartDocument("UTF-8", "1.0");
        xml.writeCharacters("\n");
        xml.writeStartElement("testsuites");
        totals(xml, results.size() + unusable.size(), failures(results), unusable.size(), took(results));
        for (Map.Entry<Path, List<TestResult>> suite : suites.entrySet()) {
            start(xml, suite.getKey());
            List<TestResult> tests = suite.getValue();
            totals(xml, tests.size(), failures(tests), 0, took(tests));
            for (TestResult test : tests) {
                testCase(xml, test);
            }
            end(xml);
        }
        for (Map.Entry<Path, List<Problem>> file : unusable.entrySet()) {
            start(xml, file.getKey());
            totals(xml, 1, 0, 1, Duration.ZERO);
            xml.writeCharacters("\n    ");
            xml.writeStartElement("testcase");
            attribute(xml, "name", "the file can be used");
            attribute(xml, "classname", file.getKey().toString());
            attribute(xml, "time", seconds(Duration.ZERO));
            fault(xml, "error", file.getValue().stream().map(Problem::render).toList());
            xml.writeEndElement();
            end(xml);
        }
        xml.writeCharacters("\n");
        xml.writeEndElement();
        xml.writeCharacters("\n");
        xml.writeEndDocument();
        xml.close();
    }

    private static void start(XMLStreamWriter xml, Path file) throws XMLStreamException {
        xml.writeCharacters("\n  ");
        xml.writeStartElement("testsuite");
        attribute(xml, "name", file.toString());
    }

    private static void end(XMLStreamWriter xml) throws XMLStreamException {
        xml.writeCharacters("\n  ");
        xml.writeEndElement();
    }

    private static void totals(XMLStreamWriter xml, int tests, long failures, int errors, Duration took)
            throws XMLStreamException {
        attribute(xml, "tests", Integer.toString(tests));
        attribute(xml, "failures", Long.toString(failures));
        attribute(xml, "errors", Integer.toString(errors));
        attribute(xml, "skipped", "0");
        attribute(xml, "time", seconds(took));
    }

    private static void testCase(XMLStreamWriter xml, TestResult test) throws XMLStreamException {
        xml.writeCharacters("\n    ");
        xml.writeStartElement("testcase");
        attribute(xml, "name", test.name());
        attribute(xml, "classname", test.file().toString());
        attribute(xml, "file", test.file().toString());
        attribute(xml, "line", Integer.toString(test.line()));
        attribute(xml, "time", seconds(test.took()));
        if (!test.passed()) {
            List<String> lines = new ArrayList<>(List.of(test.file() + ":" + test.line()));
            if (test.seed() != null) {
                lines.add("shuffled with seed " + test.seed());
            }
            lines.addAll(test.failure());
            fault(xml, "failure", lines);
        }
        xml.writeEndElement();
    }

    private static void fault(XMLStreamWriter xml, String kind, List<String> lines) throws XMLStreamException {
        xml.writeStartElement(kind);
        attribute(xml, "message", lines.get(Math.min(1, lines.size() - 1)));
        xml.writeCharacters(allowed(String.join("\n", lines)));
        xml.writeEndElement();
    }

    private static void attribute(XMLStreamWriter xml, String name, String value) throws XMLStreamException {
        xml.writeAttribute(name, allowed(value));
    }

    /** XML 1.0 has no way to write some characters, escaped or not. */
    private static String allowed(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints()
                .map(c -> {
                    boolean fine = c == '\t'
                            || c == '\n'
                            || (c >= ' ' && c < 0xd800)
                            || (c > 0xdfff && c != 0xfffe && c != 0xffff);
                    return fine ? c : 0xfffd;
                })
                .forEach(out::appendCodePoint);
        return out.toString();
    }

    private static long failures(List<TestResult> results) {
        return results.stream().filter(result -> !result.passed()).count();
    }

    private static Duration took(List<TestResult> results) {
        return results.stream().map(TestResult::took).reduce(Duration.ZERO, Duration::plus);
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.3f", time.toNanos() / 1e9);
    }
}
