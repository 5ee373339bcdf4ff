package org.fastai4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.fastai4j.testkit.TensorAssert.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TorchTest {
  @Test
  void drawsTheSameNumbersAfterTheSameSeed() {
    Torch.manualSeed(7);
    Tensor first = Tensor.randn(5);
    Torch.manualSeed(7);
    assertThat(Tensor.randn(5)).isCloseTo(first, 0, 0);
  }

  @Test
  void goesOnFromAStateThatWasPutBack() {
    Torch.manualSeed(7);
    Tensor.randn(3); // an odd number: a normal pair is half used up
    Tensor state = Torch.getRngState();
    Tensor normal = Tensor.randn(5);
    Tensor order = Tensor.randperm(10);
    Torch.setRngState(state);
    assertThat(Tensor.randn(5)).isCloseTo(normal, 0, 0);
    assertThat(Tensor.randperm(10)).isCloseTo(order, 0, 0);
  }

  @Test
  void putsTheGeneratorOfADeviceBack() {
    List<Device> devices =
        Stream.of(Device.CPU, Device.cuda(0), Device.MPS).filter(Device::isAvailable).toList();
    for (Device device : devices) {
      Tensor x = Tensor.ones(100).to(device);
      x.dropout(0.5, true);
      Tensor state = device.getRngState();
      Tensor drawn = x.dropout(0.5, true).cpu();
      device.setRngState(state);
      assertThat(x.dropout(0.5, true).cpu()).isCloseTo(drawn, 0, 0);
    }
    assertThat(Device.CPU.getRngState()).isCloseTo(Torch.getRngState(), 0, 0);
  }

  @Test
  void refusesAStateThatIsNone() {
    assertThatThrownBy(() -> Torch.setRngState(Tensor.zeros(DType.UINT8, 3)))
        .isInstanceOf(TensorException.class)
        .hasMessageStartingWith("setRngState:");
    assertThatThrownBy(() -> Device.CPU.setRngState(Tensor.zeros(DType.UINT8, 3)))
        .isInstanceOf(TensorException.class)
        .hasMessageStartingWith("setRngState:");
  }

  @Test
  void aDeviceThatIsNotThereHasNoGenerator() {
    Device other = Device.cuda(99);
    assumeThat(other.isAvailable()).isFalse();
    assertThatThrownBy(other::getRngState).hasMessageContaining("cuda:99 is not available");
  }

  @Test
  void setsTheThreads() {
    int before = Torch.getNumThreads();
    try {
      Torch.setNumThreads(1);
      assertThat(Torch.getNumThreads()).isEqualTo(1);
    } finally {
      Torch.setNumThreads(before);
    }
    assertThatThrownBy(() -> Torch.setNumThreads(0)).hasMessageContaining("use 1 or more");
  }
}
