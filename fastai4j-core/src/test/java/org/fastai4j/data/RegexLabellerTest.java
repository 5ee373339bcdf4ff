package org.fastai4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RegexLabellerTest {
  private final Path file = Path.of("pets", "great_pyrenees_12.jpg");

  @Test
  void takesTheFirstGroupFromThePathOrTheName() {
    assertThat(RegexLabeller.name("(.+)_\\d+.jpg$").apply(file)).isEqualTo("great_pyrenees");
    assertThat(RegexLabeller.path("(\\w+)/").apply(file)).isEqualTo("pets");
  }

  @Test
  void namesThePathAndThePatternThatDoNotFit() {
    assertThatThrownBy(() -> RegexLabeller.name("(.+)_\\d+.png$").apply(file))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("'(.+)_\\d+.png$' is not found in 'great_pyrenees_12.jpg'")
        .hasMessageContaining(file.toString());
    assertThatThrownBy(() -> RegexLabeller.path("\\d+")).hasMessageContaining("has no group");
  }
}
