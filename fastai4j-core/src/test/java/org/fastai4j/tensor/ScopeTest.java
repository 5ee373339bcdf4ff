package org.fastai4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
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
  void freesWhatItAdopted() {
    long before = Torch.liveTensors();
    Tensor kept = Scope.compute(() -> Scope.keep(Tensor.ones(2)));
    Scope.run(() -> assertThat(Scope.adopt(kept).sum().item()).isEqualTo(2));
    assertThat(Torch.liveTensors()).isEqualTo(before);
    assertThatThrownBy(kept::sum).hasMessageContaining("was closed with its scope");
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

  @Test
  void movesAnArrayOfResultsOut() {
    Tensor[] two = Scope.compute(() -> new Tensor[] {Tensor.ones(1), Tensor.zeros(1)});
    assertThat(two[0].item() + two[1].item()).isEqualTo(1);
  }

  @Test
  void leavesAloneWhatAnOuterScopeOwns() {
    Tensor outer = Tensor.ones(2);
    Tensor same = Scope.compute(() -> outer);
    Scope.run(() -> outer.add(1));
    assertThat(same).isSameAs(outer);
    assertThat(outer.sum().item()).isEqualTo(2);
  }

  @Test
  void movesAResultOutOfTwoScopesInTurn() {
    long before = Torch.liveTensors();
    Tensor sum = Scope.compute(() -> Scope.compute(() -> Tensor.ones(3).add(1)).sum());
    assertThat(sum.item()).isEqualTo(6);
    assertThat(Torch.liveTensors()).isEqualTo(before + 1);
  }

  @Test
  void closesEveryScopeThatAFailureLeaves() {
    long before = Torch.liveTensors();
    assertThatThrownBy(
            () -> {
              try (Scope outer = Scope.open()) {
                Tensor.ones(1);
                try (Scope inner = Scope.open()) {
                  Tensor.ones(1);
                  throw new IllegalStateException("in the middle");
                } finally {
                  Tensor.ones(1); // belongs to the outer one again
                }
              }
            })
        .isInstanceOf(IllegalStateException.class)
        .hasNoSuppressedExceptions();
    assertThat(Torch.liveTensors()).isEqualTo(before);
  }

  @Test
  void closesTwiceAsOnce() {
    Scope scope = Scope.open();
    scope.close();
    scope.close();
    assertThat(Tensor.ones(1).item()).isEqualTo(1);
  }

  @Test
  void givesEachThreadScopesOfItsOwn() throws Exception {
    Tensor here = Tensor.ones(2);
    FutureTask<Tensor> there =
        new FutureTask<>(
            () -> {
              try (Scope s = Scope.open()) {
                here.add(1); // gone with the other thread's scope
                return Scope.keep(here.mul(3)); // and this one not
              }
            });
    long before = Torch.liveTensors();
    Thread thread = new Thread(there);
    thread.start();
    thread.join();
    assertThat(there.get().sum().item()).isEqualTo(6);
    assertThat(here.sum().item()).isEqualTo(2);
    there.get().close();
    assertThat(Torch.liveTensors()).isEqualTo(before + 2); // the two sums
  }

  @Test
  void refusesToCloseOnAnotherThread() throws Exception {
    try (Scope scope = Scope.open()) {
      FutureTask<Boolean> elsewhere =
          new FutureTask<>(
              () -> {
                assertThatThrownBy(scope::close)
                    .isInstanceOf(TensorException.class)
                    .hasMessageContaining("on the thread that opened them");
                return true;
              });
      Thread thread = new Thread(elsewhere);
      thread.start();
      assertThat(elsewhere.get()).isTrue();
    }
  }

  @Test
  void freesAnUnscopedTensorOnceItIsUnreachable() throws Exception {
    long before = Torch.liveTensors();
    Thread unscoped = new Thread(() -> Tensor.ones(10).add(1));
    unscoped.start();
    unscoped.join();
    for (int i = 0; i < 100 && Torch.liveTensors() > before; i++) {
      System.gc();
      LockSupport.parkNanos(5_000_000);
    }
    assertThat(Torch.liveTensors()).isLessThanOrEqualTo(before);
  }
}
