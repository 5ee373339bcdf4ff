package org.fastai4j.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Batch normalization, dropout and a linear layer, as in a head: {@code [n, in]} to {@code [n,
 * out]}; fastai's. The linear layer has a bias only without the normalization, whose own begins at
 * 0.001.
 */
public final class LinBnDrop extends Sequential {
  /**
   * What a {@link LinBnDrop} may do otherwise: {@code DEFAULT.withDropout(0.5)}.
   *
   * @param norm whether there is batch normalization
   * @param dropout the probability of being dropped; 0 for no such layer
   * @param activation what follows the linear layer, if anything
   * @param linearFirst whether the linear layer and its activation come first
   */
  public record Options(
      boolean norm, double dropout, Optional<Layer> activation, boolean linearFirst) {
    /** Batch normalization and a linear layer. */
    public static final Options DEFAULT = new Options(true, 0, Optional.empty(), false);

    public Options withoutNorm() {
      return new Options(false, dropout, activation, linearFirst);
    }

    public Options withDropout(double p) {
      return new Options(norm, p, activation, linearFirst);
    }

    public Options withActivation(Layer layer) {
      return new Options(norm, dropout, Optional.of(layer), linearFirst);
    }

    public Options withLinearFirst() {
      return new Options(norm, dropout, activation, true);
    }
  }

  public LinBnDrop(int in, int out) {
    this(in, out, Options.DEFAULT);
  }

  public LinBnDrop(int in, int out, Options options) {
    super(layers(in, out, options));
  }

  private static List<Layer> layers(int in, int out, Options o) {
    List<Layer> before = new ArrayList<>();
    if (o.norm) {
      before.add(ConvLayer.begin(new BatchNorm1d(o.linearFirst ? out : in), 1));
    }
    if (o.dropout != 0) {
      before.add(new Dropout(o.dropout));
    }
    List<Layer> linear = new ArrayList<>();
    linear.add(o.norm ? Linear.withoutBias(in, out) : new Linear(in, out));
    o.activation.ifPresent(linear::add);
    List<Layer> all = new ArrayList<>(o.linearFirst ? linear : before);
    all.addAll(o.linearFirst ? before : linear);
    return all;
  }
}
