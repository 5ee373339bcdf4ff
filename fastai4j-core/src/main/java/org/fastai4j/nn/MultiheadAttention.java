package org.fastai4j.nn;

import java.util.List;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.TensorException;

/**
 * Attention in several heads: each query takes a mean of the values, weighted by how well their
 * keys fit, {@code softmax(q kᵀ / √d) v}.
 *
 * <p>Shapes: queries {@code [l, n, embed]}, keys and values {@code [s, n, embed]}, output {@code
 * [l, n, embed]}; or with {@code n} first. Weights are named as PyTorch's. Unlike there, the
 * weights of the mean are not handed out. Vaswani et al., 2017.
 */
public final class MultiheadAttention extends Module {
  private static final Tensor[] NO_MASK = {};

  private final int embed;
  private final int heads;
  private final double dropout;
  private final boolean batchFirst;
  private final Tensor inWeight;
  private final Tensor inBias;
  private final Linear out;

  /** Without dropout, the length first. */
  public MultiheadAttention(int embed, int heads) {
    this(embed, heads, 0, false);
  }

  /**
   * @param embed the size of queries, keys and values; a multiple of {@code heads}
   * @param dropout the probability that a query does not see a key, in training
   * @param batchFirst whether a batch is {@code [n, length, embed]}
   */
  public MultiheadAttention(int embed, int heads, double dropout, boolean batchFirst) {
    if (heads < 1 || embed % heads != 0) {
      throw new IllegalArgumentException(
          "MultiheadAttention: " + embed + " cannot be shared by " + heads + " heads equally");
    }
    this.embed = embed;
    this.heads = heads;
    this.dropout = dropout;
    this.batchFirst = batchFirst;
    inWeight = parameter("in_proj_weight", Init.xavierUniform_(Tensor.zeros(3L * embed, embed)));
    inBias = parameter("in_proj_bias", Tensor.zeros(3L * embed));
    out = child("out_proj", new Linear(embed, embed));
    Init.constant_(out.bias(), 0);
  }

  /** Every element looks at all. */
  @Override
  public Tensor forward(Tensor x) {
    return attend(x, x, x);
  }

  /** Queries look at keys and take their values. */
  public Tensor attend(Tensor query, Tensor key, Tensor value) {
    return masked(query, key, value, NO_MASK);
  }

  /**
   * As the other {@code attend}, with some keys hidden.
   *
   * @param mask bool, true where a query may not look, as PyTorch's: {@link #causalMask} or {@link
   *     #keyPaddingMask}, or both joined with {@code logicalOr}; broadcast to {@code [n, heads, l,
   *     s]}
   */
  public Tensor attend(Tensor query, Tensor key, Tensor value, Tensor mask) {
    return masked(query, key, value, mask.logicalNot());
  }

  /** Hides what comes later: {@code [length, length]}, true above the diagonal. */
  public static Tensor causalMask(long length) {
    return Tensor.ones(length, length).triu(1).gt(0);
  }

  /** Hides padding: {@code [n, s]}, true where a key is none, to {@code [n, 1, 1, s]}. */
  public static Tensor keyPaddingMask(Tensor padding) {
    return padding.unsqueeze(1).unsqueeze(1);
  }

  private Tensor masked(Tensor query, Tensor key, Tensor value, Tensor... visible) {
    for (Tensor t : List.of(query, key, value)) {
      if (t.dim() != 3 || t.size(2) != embed) {
        throw new TensorException(
            this
                + ": wants "
                + (batchFirst ? "[n, length, " : "[length, n, ")
                + embed
                + "]; it was given "
                + t.shape());
      }
    }
    Tensor attended =
        split(query, 0)
            .scaledDotProductAttention(
                split(key, 1), split(value, 2), isTraining() ? dropout : 0, false, visible);
    Tensor joined = (batchFirst ? attended.transpose(1, 2) : attended.permute(2, 0, 1, 3));
    return out.call(joined.flatten(2, 3));
  }

  /** The part'th projection in heads: {@code [n, heads, length, embed / heads]}. */
  private Tensor split(Tensor x, int part) {
    Tensor weight = inWeight.narrow(0, (long) part * embed, embed);
    Tensor bias = inBias.narrow(0, (long) part * embed, embed);
    Tensor p = x.linear(weight, bias).view(x.size(0), x.size(1), heads, embed / heads);
    return batchFirst ? p.transpose(1, 2) : p.permute(1, 2, 0, 3);
  }

  @Override
  public String toString() {
    return "MultiheadAttention("
        + embed
        + ", heads="
        + heads
        + (dropout == 0 ? "" : ", dropout=" + dropout)
        + (batchFirst ? ", batchFirst=true)" : ")");
  }
}
