package org.fastai4j.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SnippetsTest {
  private final Snippets snippets = Snippets.of(MnistBasics.class);

  @Test
  void takesTheTaggedLinesAndMovesThemLeft() {
    assertThat(snippets.code("mini-batches"))
        .startsWith("List<Integer> coll = range(15);\nfor (")
        .endsWith("}");
  }

  @Test
  void colorsKeywordsAndStrings() {
    assertThat(snippets.html("files")).contains("<span class=\"s\">\"train/3\"</span>");
    assertThat(snippets.html("mnist-loss")).contains("<span class=\"k\">return</span>");
  }

  @Test
  void refusesATagThatIsNotThere() {
    assertThatThrownBy(() -> snippets.code("nothing")).hasMessageContaining("nothing");
  }
}
