package org.fastai4j.tensor;

/** What the processes of {@link EngineTest} do: the first op of a program. */
final class EngineMain {
  static final int REFUSED = 3;

  private EngineMain() {}

  public static void main(String[] args) {
    try {
      System.out.println("sum " + Tensor.ones(2, 3).matmul(Tensor.ones(3, 2)).sum().item());
    } catch (TensorException e) {
      System.out.println("refused " + e.getMessage());
      System.exit(REFUSED);
    }
  }
}
