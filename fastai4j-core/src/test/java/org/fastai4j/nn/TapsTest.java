package org.fastai4j.nn;

import static org.assertj.core.api.Assertions.assertThat;

import org.fastai4j.tensor.Tensor;
import org.fastai4j.testkit.TensorAssert;
import org.junit.jupiter.api.Test;

class TapsTest {
  @Test
  void areThoseThatMeetTheImage() {
    assertThat(taps(1, 3, 1, 1)).isEqualTo(new Taps(1, 1, 2, 3, 0, 1, 1));
    assertThat(taps(2, 3, 1, 1)).isEqualTo(new Taps(2, 0, 3, 3, 1, 1, 2));
    assertThat(taps(2, 5, 1, 2)).isEqualTo(new Taps(2, 1, 4, 5, 1, 1, 2));
    assertThat(taps(2, 3, 2, 1)).as("one window").isEqualTo(new Taps(2, 1, 3, 3, 0, 2, 1));
    assertThat(taps(2, 1, 2, 0)).as("one pixel of two").isEqualTo(new Taps(1, 0, 1, 1, 0, 2, 1));
    assertThat(taps(1, 2, 2, 0)).as("too small").isEqualTo(new Taps(1, 0, 2, 2, 0, 2, 0));
  }

  @Test
  void areAlikeWhereEachWindowMeetsTheWholeImage() {
    assertThat(taps(1, 3, 1, 1).alike()).isTrue();
    assertThat(taps(2, 3, 1, 1).alike()).isTrue();
    assertThat(taps(3, 5, 1, 2).alike()).isTrue();
    assertThat(taps(2, 1, 2, 0).alike()).isTrue();
    assertThat(taps(3, 3, 1, 1).alike()).as("the corners miss a pixel").isFalse();
    assertThat(taps(4, 5, 1, 2).alike()).isFalse();
    assertThat(taps(1, 2, 2, 0).alike()).as("too small").isFalse();
    ConvOptions gaps = ConvOptions.kernel(3).padding(2).dilation(2).of(2);
    assertThat(Taps.of(1, gaps, gaps.padding, 0).alike()).as("gaps").isFalse();
  }

  @Test
  void cutAKernelWhereverItLies() {
    Tensor all = Tensor.randn(3, 4, 5, 3, 3);
    Tensor kernel = all.get(1).channelsLast().detach();
    Tensor second = all.get(1); // begins behind the first
    assertThat(second.storageOffset()).isEqualTo(4 * 5 * 9);
    Taps rows = taps(1, 3, 1, 1);
    Taps columns = taps(2, 3, 2, 1);
    for (Tensor k : new Tensor[] {kernel, second}) {
      Tensor cut = Taps.cut(k, rows, columns);
      TensorAssert.assertThat(cut).isCloseTo(k.narrow(2, 1, 1).narrow(3, 1, 2));
      assertThat(cut.isAliasOf(k)).isTrue();
      assertThat(cut.stride()).isEqualTo(k.stride());
    }
    assertThat(Taps.cut(second, taps(3, 3, 1, 1), taps(3, 3, 1, 1))).isSameAs(second);
  }

  @Test
  void giveTheKernelOfEachWindow() {
    Tensor kernel = Tensor.randn(4, 3, 3, 5);
    Tensor windows = Taps.windows(kernel, taps(2, 3, 1, 1), taps(1, 3, 1, 1));
    TensorAssert.assertThat(windows).hasShape(4 * 2, 2 * 5);
    Tensor column = kernel.select(2, 1);
    for (long out = 0; out < 4; out++) {
      for (long window = 0; window < 2; window++) {
        TensorAssert.assertThat(windows.get(2 * out + window))
            .isCloseTo(column.get(out).narrow(0, 1 - window, 2).flatten());
      }
    }
  }

  @Test
  void giveWhatEachWindowMeets() {
    Tensor images = Tensor.randn(3, 4, 2, 5);
    Tensor met = Taps.unfold(images, taps(4, 3, 2, 1), taps(2, 2, 1, 0));
    TensorAssert.assertThat(met).hasShape(3 * 2, 3 * 2 * 5);
    for (long image = 0; image < 3; image++) {
      Tensor first = Tensor.cat(Tensor.zeros(2 * 5), images.get(image).narrow(0, 0, 2).flatten());
      TensorAssert.assertThat(met.get(2 * image)).isCloseTo(first);
      TensorAssert.assertThat(met.get(2 * image + 1))
          .isCloseTo(images.get(image).narrow(0, 1, 3).flatten());
    }
    Tensor corner = Taps.unfold(Tensor.ones(1, 1, 1, 1), taps(1, 3, 1, 1), taps(1, 3, 1, 1));
    assertThat(corner.flatten().toFloatArray()).containsExactly(0, 0, 0, 0, 1, 0, 0, 0, 0);
  }

  private static Taps taps(long image, int kernel, int stride, int padding) {
    ConvOptions options = ConvOptions.kernel(kernel).stride(stride).padding(padding).of(2);
    return Taps.of(image, options, options.padding, 0);
  }
}
