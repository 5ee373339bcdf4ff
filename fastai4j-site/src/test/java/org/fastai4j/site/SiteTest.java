package org.fastai4j.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteTest {
  private Path root;
  private Path site;

  @BeforeEach
  void aSmallRepository(@TempDir Path folder) throws IOException {
    root = folder.resolve("repository");
    site = folder.resolve("site");
    write(
        "README.md",
        "# The project\n\nSee [how](docs/how/to.md#second) and the [licence](LICENSE).");
    write("LICENSE", "Free.");
    write(
        "docs/index.md",
        """
        # Home

        ## Start

        * [The project](../README.md)
        * [How to](how/to.md)
        * [API](apidocs/index.html)
        """);
    write(
        "docs/how/to.md",
        """
        # How `to`

        ![A dot](dot.png)

        ## Second

        ```java
        int a = 1; // <b>
        ```
        """);
    write("docs/how/dot.png", "png");
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private String page(String name) throws IOException {
    return Files.readString(site.resolve(name));
  }

  @Test
  void makesAPageOfEveryMarkdownFile() throws IOException {
    assertThat(Site.build(root, site)).isEqualTo(3);
    assertThat(page("index.html")).contains("<title>Home · fastai4j</title>");
    assertThat(page("how/to.html")).contains("<title>How to · fastai4j</title>");
  }

  @Test
  void turnsLinksBetweenFilesIntoLinksBetweenPages() throws IOException {
    Site.build(root, site);
    assertThat(page("readme.html")).contains("<a href=\"how/to.html#second\">how</a>");
    assertThat(page("how/to.html")).contains("<h2 id=\"second\">");
  }

  @Test
  void copiesTheFilesThatPagesLinkTo() throws IOException {
    Site.build(root, site);
    assertThat(site.resolve("LICENSE")).hasContent("Free.");
    assertThat(site.resolve("how/dot.png")).hasContent("png");
  }

  @Test
  void showsTheIndexOnEveryPageAndMarksThePresentOne() throws IOException {
    Site.build(root, site);
    assertThat(page("how/to.html"))
        .contains("<a href=\"../readme.html\">The project</a>")
        .contains("<a href=\"to.html\" aria-current=\"page\">How to</a>")
        .contains("<a href=\"../apidocs/index.html\">API</a>")
        .contains("href=\"../style.css\"");
  }

  @Test
  void marksThePartsOfJavaAndEscapesThem() throws IOException {
    Site.build(root, site);
    assertThat(page("how/to.html"))
        .contains("<span class=\"keyword\">int</span> a = <span class=\"number\">1</span>")
        .contains("<span class=\"comment\">// &lt;b&gt;</span>");
  }

  @Test
  void endsTheBuildAtALinkThatLeadsNowhere() throws IOException {
    write("docs/how/to.md", "# How to\n\n[gone](gone.md)");
    assertThatThrownBy(() -> Site.build(root, site))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("gone.md")
        .hasMessageContaining("to.md");
  }
}
