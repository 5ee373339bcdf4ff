package org.fastai4j.nn;

import org.fastai4j.tensor.Tensor;

/** The rectified linear unit, {@code max(x, 0)}; any shape. */
public final class ReLU extends Module {
  private final boolean inPlace;

  public ReLU() {
    this(false);
  }

  private ReLU(boolean inPlace) {
    this.inPlace = inPlace;
  }

  /**
   * One that overwrites its input, as PyTorch's with {@code inplace=True}: it saves the memory of a
   * copy, where nothing else needs the input.
   */
  public static ReLU inPlace() {
    return new ReLU(true);
  }

  @Override
  public Tensor forward(Tensor x) {
    return inPlace ? x.relu_() : x.relu();
  }

  @Override
  public String toString() {
    return inPlace ? "ReLU(inPlace)" : super.toString();
  }
}
