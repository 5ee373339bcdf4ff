package org.fastai4j.nn;

/**
 * What a recurrent layer may do otherwise: {@code DEFAULT.withLayers(2).withBatchFirst()}.
 *
 * <p>Each method gives a copy. The defaults are PyTorch's.
 *
 * @param layers how many lie upon each other
 * @param bidirectional whether a second one reads from the end
 * @param batchFirst whether a batch is {@code [n, length, in]}, not {@code [length, n, in]}
 * @param dropout the probability of being dropped between layers, in training
 * @param bias whether there are biases
 */
public record RecurrentOptions(
    int layers, boolean bidirectional, boolean batchFirst, double dropout, boolean bias) {
  /** One layer that reads forward, the length first, with biases. */
  public static final RecurrentOptions DEFAULT = new RecurrentOptions(1, false, false, 0, true);

  public RecurrentOptions withLayers(int count) {
    return new RecurrentOptions(count, bidirectional, batchFirst, dropout, bias);
  }

  public RecurrentOptions withBidirectional() {
    return new RecurrentOptions(layers, true, batchFirst, dropout, bias);
  }

  public RecurrentOptions withBatchFirst() {
    return new RecurrentOptions(layers, bidirectional, true, dropout, bias);
  }

  public RecurrentOptions withDropout(double p) {
    return new RecurrentOptions(layers, bidirectional, batchFirst, p, bias);
  }

  public RecurrentOptions withoutBias() {
    return new RecurrentOptions(layers, bidirectional, batchFirst, dropout, false);
  }
}
