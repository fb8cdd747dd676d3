package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class GraphCommandTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path folder;

    private void pipeline(String name, String from, String more) throws IOException {
        Files.writeString(folder.resolve(name + ".yaml"), """
                pipeline: %s
                from: %s
                columns: { id: VARCHAR }
                transform: SELECT id, COUNT(*) AS n FROM input GROUP BY id
                into: { postgres: { table: "%s_table", key: [id] } }
                %s
                """.formatted(name, from, name, more));
    }

    private Document svg() throws Exception {
        Captured drawn = Captured.of("graph", folder.toString(), "--format", "svg");
        assertThat(drawn.err()).isEmpty();
        return DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(drawn.out())));
    }

    private static List<String> texts(Document svg, String style) {
        List<String> texts = new ArrayList<>();
        NodeList all = svg.getElementsByTagName("text");
        for (int i = 0; i < all.getLength(); i++) {
            Element text = (Element) all.item(i);
            if (text.getAttribute("class").equals(style)) {
                texts.add(text.getTextContent());
            }
        }
        return texts;
    }

    @Test
    void pipelinesOfOnePathShareTheirSource() throws IOException {
        pipeline("first", "{ http: { path: /events } }", "serve: [ { path: \"/first/{id}\" } ]");
        pipeline("second", "{ http: { path: /events } }", "serve: [ { path: \"/raw/{id}\", events: id } ]");

        Captured drawn = Captured.of("graph", folder.toString());

        assertThat(drawn.out()).isEqualTo("""
                flowchart LR
                    s1[/"http<br/>/events"/]
                    p2["pipeline<br/>first"]
                    t3[("postgres<br/>first_table")]
                    a4(["rows<br/>/first/{id}"])
                    p5["pipeline<br/>second"]
                    t6[("postgres<br/>second_table")]
                    a7(["events<br/>/raw/{id}"])
                    s1 --> p2
                    p2 --> t3
                    t3 --> a4
                    s1 --> p5
                    p5 --> t6
                    s1 --> a7
                """);
        assertThat(drawn.exitCode()).isEqualTo(ExitCode.DONE);
    }

    @Test
    void theDrawingIsXmlWithEveryNameAndEveryArrow() throws Exception {
        pipeline("first", "{ http: { path: /events } }", "serve: [ { path: \"/raw/{id}\", events: id } ]");
        pipeline("second", "{ files: { path: second.jsonl } }", "");

        Document svg = svg();

        assertThat(texts(svg, "name"))
                .containsExactlyInAnyOrder(
                        "/events", "first", "first_table", "/raw/{id}", "second.jsonl", "second", "second_table");
        // One is the head of the arrows.
        assertThat(svg.getElementsByTagName("path").getLength()).isEqualTo(5 + 1);
    }

    @Test
    void boxesDoNotOverlapAndHoldTheirTexts() throws Exception {
        for (int i = 0; i < 12; i++) {
            pipeline(
                    "p" + i,
                    "{ http: { path: /events" + i % 5 + " } }",
                    "serve: [ { path: \"/raw" + i + "/{id}\", events: id }, { path: /all" + i + " } ]");
        }
        NodeList rects = svg().getElementsByTagName("rect");
        List<int[]> boxes = new ArrayList<>();
        for (int i = 1; i < rects.getLength(); i++) {
            Element rect = (Element) rects.item(i);
            int x = Integer.parseInt(rect.getAttribute("x"));
            int y = Integer.parseInt(rect.getAttribute("y"));
            int right = x + Integer.parseInt(rect.getAttribute("width"));
            int bottom = y + Integer.parseInt(rect.getAttribute("height"));
            for (int[] other : boxes) {
                boolean apart = right < other[0] || other[2] < x || bottom < other[1] || other[3] < y;
                assertThat(apart).isTrue();
            }
            boxes.add(new int[] {x, y, right, bottom});
        }
        assertThat(boxes).hasSize(5 + 12 + 12 + 24);
    }

    @Test
    void whateverAPathIsCalledItStaysAText() throws Exception {
        pipeline("odd", "{ files: { path: \"a\\\"]<b>&#1;\\u0007\\u202ex;`y\\n.jsonl\" } }", "");

        assertThat(texts(svg(), "name")).contains("a\"]<b>&#1;\ufffd\ufffdx;`y .jsonl");
        assertThat(Captured.of("graph", folder.toString()).out())
                .contains("[/\"files<br/>a#34;]#60;b#62;#38;#35;1;\ufffd\ufffdx;#96;y .jsonl\"/]");
    }

    @Test
    void aLongNameIsCutAndWholeInTheTitle() throws Exception {
        String name = "x".repeat(200) + ".jsonl";
        pipeline("long", "{ files: { path: " + name + " } }", "");

        Document svg = svg();

        assertThat(texts(svg, "name")).contains("x".repeat(59) + "…");
        assertThat(svg.getElementsByTagName("title").item(0).getTextContent()).isEqualTo("files " + name);
    }

    @Test
    void whatIsWrongWithAFileIsSaidAndNothingDrawn() throws IOException {
        pipeline("fine", "{ files: { path: a.jsonl } }", "");
        pipeline("wrong", "{ files: { path: a.jsonl } }", "lanes: 0");

        Captured drawn = Captured.of("graph", folder.toString());

        assertThat(drawn.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(drawn.out()).isEmpty();
        assertThat(drawn.err()).contains("wrong.yaml").contains("lanes");
    }

    @Test
    void aFolderWithoutPipelinesIsWrongUsage() {
        Captured drawn = Captured.of("graph", folder.toString());

        assertThat(drawn.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(drawn.err()).contains("no pipeline file");
    }
}
