package org.fastai4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fastai4j.tensor.Index.all;
import static org.fastai4j.tensor.Index.at;
import static org.fastai4j.tensor.Index.ellipsis;
import static org.fastai4j.tensor.Index.newAxis;
import static org.fastai4j.tensor.Index.range;
import static org.fastai4j.testkit.TensorAssert.assertThat;

import org.junit.jupiter.api.Test;

class IndexTest {
  @Test
  void makesANewAxisWhereverItIsAskedFor() {
    Tensor x = Tensor.arange(60).view(5, 3, 4);
    Tensor mask = Tensor.arange(15).view(5, 3).lt(7);
    for (int i = 0; i < 50; i++) { // an index that nobody set held what was in its memory before
      assertThat(x.get(newAxis())).hasShape(1, 5, 3, 4);
      assertThat(x.get(all(), newAxis())).hasShape(5, 1, 3, 4);
      assertThat(x.get(at(3), newAxis(), range(1, 3))).hasShape(1, 2, 4);
      assertThat(x.get(ellipsis(), newAxis())).hasShape(5, 3, 4, 1);
      assertThat(x.get(ellipsis(), newAxis(), at(0))).hasShape(5, 3, 1);
      assertThat(x.get(newAxis(), at(0), newAxis())).hasShape(1, 1, 3, 4);
      assertThat(x.get(Index.of(mask), newAxis())).hasShape(7, 1, 4);
      assertThat(x.get(Index.of(Tensor.of(new long[] {0, 4})), newAxis())).hasShape(2, 1, 3, 4);
    }
  }

  @Test
  void writesThroughANewAxis() {
    Tensor x = Tensor.zeros(2, 3);
    x.put_(Tensor.of(new float[] {1, 2}, 2, 1), all(), newAxis(), at(1));
    assertThat(x.toFloatArray()).containsExactly(0, 1, 0, 0, 2, 0);
  }

  @Test
  void putsANumberIntoAPart() {
    Tensor x = Tensor.arange(6).view(2, 3);
    assertThat(x.put_(9, all(), range(1, 3)).toLongArray()).containsExactly(0, 9, 9, 3, 9, 9);
  }

  @Test
  void addsTwiceWhatStandsTwice() {
    Tensor at = Tensor.of(new long[] {1, 1});
    Tensor x = Tensor.zeros(3);
    x.indexPut_(java.util.List.of(at), Tensor.ones(2), true);
    assertThat(x.toFloatArray()).containsExactly(0, 2, 0);
  }

  @Test
  void tellsThatThereAreTooManyPositions() {
    assertThatThrownBy(() -> Tensor.ones(2).get(at(0), at(1), newAxis()))
        .isInstanceOf(TensorException.class)
        .hasMessageStartingWith("get:")
        .hasMessageContaining("[2] float32");
  }
}
