package org.fastai4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScopeTest {
  @Test
  void freesWhatWasMadeInIt() {
    long before = Torch.liveTensors();
    Scope.run(() -> Tensor.ones(3).add(1).mul(2));
    assertThat(Torch.liveTensors()).isEqualTo(before);
  }

  @Test
  void movesTheResultOut() {
    Tensor sum = Scope.compute(() -> Tensor.ones(3).sum());
    assertThat(sum.item()).isEqualTo(3);
  }

  @Test
  void movesAListOfResultsOut() {
    List<Tensor> two = Scope.compute(() -> List.of(Tensor.ones(1), Tensor.zeros(1)));
    assertThat(two.get(0).item() + two.get(1).item()).isEqualTo(1);
  }

  @Test
  void keepsWhatIsToOutliveEveryScope() {
    Tensor[] kept = new Tensor[1];
    Scope.run(() -> kept[0] = Scope.keep(Tensor.ones(2)));
    assertThat(kept[0].sum().item()).isEqualTo(2);
  }

  @Test
  void explainsTheUseOfAClosedTensor() {
    Tensor[] escaped = new Tensor[1];
    Scope.run(() -> escaped[0] = Tensor.ones(256, 784));
    assertThatThrownBy(() -> escaped[0].add(1))
        .isInstanceOf(TensorException.class)
        .hasMessage(
            "tensor [256, 784] float32 was closed with its scope; return it from Scope.compute or"
                + " call Scope.keep");
  }

  @Test
  void freesAfterAFailure() {
    long before = Torch.liveTensors();
    assertThatThrownBy(() -> Scope.run(() -> Tensor.ones(2).add(Tensor.ones(3))))
        .isInstanceOf(TensorException.class);
    assertThat(Torch.liveTensors()).isEqualTo(before);
  }

  @Test
  void refusesToCloseOutOfOrder() {
    Scope outer = Scope.open();
    try (Scope inner = Scope.open()) {
      assertThatThrownBy(outer::close).hasMessageContaining("reverse order");
    }
    outer.close();
  }
}
