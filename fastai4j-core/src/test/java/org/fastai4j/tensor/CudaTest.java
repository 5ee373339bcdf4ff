package org.fastai4j.tensor;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CudaTest {
  @Test
  void namesWhatIsMissingAndTheWaysToGetIt() {
    assertThatThrownBy(() -> Cuda.require("linux-x86_64", name -> !name.contains("cudnn")))
        .isInstanceOf(TensorException.class)
        .hasMessage(
            "the natives for GPUs are on the class path, but not NVIDIA's libcudnn.so.9; install"
                + " CUDA 13 and cuDNN 9, or build with -Pgpu,cuda-redist, which takes them from"
                + " Maven, or without -Pgpu to use the CPU");
  }

  @Test
  void asksForNothingMoreWhereAllIsThereOrTheSystemHasNoCuda() {
    assertThatCode(() -> Cuda.require("windows-x86_64", name -> true)).doesNotThrowAnyException();
    assertThatCode(() -> Cuda.require("macosx-arm64", name -> false)).doesNotThrowAnyException();
  }
}
