package io.millrace.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.yaml.Problem;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class JUnitReportTest {

    private static final Path FILE = Path.of("shop/a.test.yaml");

    @Test
    void aReportHasASuiteForEachFileAndACaseForEachTest() throws Exception {
        Document report = parsed(
                List.of(
                        new TestResult(FILE, 3, "adds <up> & \"more\"", Duration.ofMillis(1500), null, List.of()),
                        new TestResult(
                                FILE,
                                9,
                                "control \u0001 character",
                                Duration.ofMillis(250),
                                7L,
                                List.of("rows of t:", "- a < b && c", "+ ]]> \u0000 \ud83d\ude00"))),
                Map.of());

        Element suites = report.getDocumentElement();
        assertThat(suites.getTagName()).isEqualTo("testsuites");
        Element suite = one(suites, "testsuite");
        assertThat(suite.getAttribute("name")).isEqualTo("shop/a.test.yaml");
        assertThat(suite.getAttribute("tests")).isEqualTo("2");
        assertThat(suite.getAttribute("failures")).isEqualTo("1");
        assertThat(suite.getAttribute("errors")).isEqualTo("0");
        assertThat(suite.getAttribute("time")).isEqualTo("1.750");
        Element passed = (Element) suite.getElementsByTagName("testcase").item(0);
        assertThat(passed.getAttribute("name")).isEqualTo("adds <up> & \"more\"");
        assertThat(passed.getAttribute("classname")).isEqualTo("shop/a.test.yaml");
        assertThat(passed.getAttribute("line")).isEqualTo("3");
        assertThat(passed.getElementsByTagName("failure").getLength()).isZero();
        Element failed = (Element) suite.getElementsByTagName("testcase").item(1);
        assertThat(failed.getAttribute("name")).isEqualTo("control \ufffd character");
        assertThat(one(failed, "failure").getTextContent())
                .isEqualTo(
                        "shop/a.test.yaml:9\nshuffled with seed 7\nrows of t:\n- a < b && c\n+ ]]> \ufffd \ud83d\ude00");
    }

    @Test
    void aFileThatCanNotBeUsedIsAnError() throws Exception {
        Document report =
                parsed(List.of(), Map.of(FILE, List.of(new Problem("a.test.yaml", 1, 2, "unknown key", "gven: []"))));

        Element suite = one(report.getDocumentElement(), "testsuite");
        assertThat(suite.getAttribute("errors")).isEqualTo("1");
        assertThat(one(suite, "error").getTextContent()).contains("a.test.yaml:1:2: unknown key");
    }

    private static Document parsed(List<TestResult> results, Map<Path, List<Problem>> unusable) throws Exception {
        StringWriter out = new StringWriter();
        JUnitReport.write(results, unusable, out);
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(out.toString())));
    }

    private static Element one(Element in, String tag) {
        assertThat(in.getElementsByTagName(tag).getLength()).isEqualTo(1);
        return (Element) in.getElementsByTagName(tag).item(0);
    }
}
