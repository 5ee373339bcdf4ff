package org.fastai4j.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColorMapTest {
  // matplotlib 3.6.3: rgb2hex(cm.get_cmap(name)(x))
  @ParameterizedTest
  @CsvSource({
    "GREYS, 0, #ffffff",
    "GREYS, 0.1, #f3f3f3",
    "GREYS, 0.25, #d9d9d9",
    "GREYS, 0.5, #959595",
    "GREYS, 0.6, #7a7a7a",
    "GREYS, 0.75, #515151",
    "GREYS, 0.9, #1d1d1d",
    "GREYS, 1, #000000",
    "BLUES, 0, #f7fbff",
    "BLUES, 0.1, #e3eef9",
    "BLUES, 0.25, #c6dbef",
    "BLUES, 0.5, #6aaed6",
    "BLUES, 0.6, #4a98c9",
    "BLUES, 0.75, #2070b4",
    "BLUES, 0.9, #084a91",
    "BLUES, 1, #08306b",
    "VIRIDIS, 0, #440154",
    "VIRIDIS, 0.25, #3b528b",
    "VIRIDIS, 0.5, #21918c",
    "VIRIDIS, 0.75, #5ec962",
    "VIRIDIS, 1, #fde725",
    "GRAY, 0.5, #808080"
  })
  void givesMatplotlibsColors(ColorMap map, double value, String expected) {
    int wanted = Colors.parse(expected);
    int got = map.rgb(value);
    for (int shift = 0; shift <= 16; shift += 8) {
      // viridis is interpolated between every fifth color: at most one step off
      assertThat((got >> shift) & 0xff)
          .as(Colors.hex(got))
          .isCloseTo((wanted >> shift) & 0xff, within(map == ColorMap.VIRIDIS ? 1 : 0));
    }
  }

  @Test
  void countsWhatIsOutsideAsItsEnds() {
    assertThat(ColorMap.GREYS.rgb(-3)).isEqualTo(0xffffff);
    assertThat(ColorMap.GREYS.rgb(7)).isEqualTo(0x000000);
    assertThat(ColorMap.GREYS.rgb(Double.POSITIVE_INFINITY)).isEqualTo(0x000000);
  }
}
