package org.fastai4j.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Slice;
import org.bytedeco.pytorch.SymInt;
import org.bytedeco.pytorch.SymIntOptional;
import org.bytedeco.pytorch.TensorIndex;
import org.bytedeco.pytorch.TensorIndexVector;
import org.jspecify.annotations.Nullable;

/**
 * One position of a subscript, as in Python's {@code t[4:25, 4:22]}, which reads {@code
 * t.get(range(4, 25), range(4, 22))}.
 */
public final class Index {
  private enum Kind {
    AT,
    SLICE,
    TENSOR,
    ELLIPSIS,
    NEW_AXIS
  }

  private final Kind kind;
  private final @Nullable Long start;
  private final @Nullable Long stop;
  private final long step;
  private final @Nullable Tensor tensor;

  private Index(
      Kind kind, @Nullable Long start, @Nullable Long stop, long step, @Nullable Tensor tensor) {
    this.kind = kind;
    this.start = start;
    this.stop = stop;
    this.step = step;
    this.tensor = tensor;
  }

  /** The whole axis: {@code :}. */
  public static Index all() {
    return new Index(Kind.SLICE, null, null, 1, null);
  }

  /** One position, dropping the axis: {@code i}. */
  public static Index at(long i) {
    return new Index(Kind.AT, i, null, 1, null);
  }

  /** {@code start:stop}; negative numbers count from the end. */
  public static Index range(long start, long stop) {
    return new Index(Kind.SLICE, start, stop, 1, null);
  }

  /** {@code start:stop:step}, with a positive step. */
  public static Index range(long start, long stop, long step) {
    return new Index(Kind.SLICE, start, stop, step, null);
  }

  /** {@code start:}. */
  public static Index from(long start) {
    return new Index(Kind.SLICE, start, null, 1, null);
  }

  /** {@code :stop}. */
  public static Index to(long stop) {
    return new Index(Kind.SLICE, null, stop, 1, null);
  }

  /** {@code ::step}. */
  public static Index every(long step) {
    return new Index(Kind.SLICE, null, null, step, null);
  }

  /** Positions or a boolean mask held by a tensor. */
  public static Index of(Tensor tensor) {
    return new Index(Kind.TENSOR, null, null, 1, tensor);
  }

  /** As many whole axes as are left: {@code ...}. */
  public static Index ellipsis() {
    return new Index(Kind.ELLIPSIS, null, null, 1, null);
  }

  /** A new axis of size one: {@code None}. */
  public static Index newAxis() {
    return new Index(Kind.NEW_AXIS, null, null, 1, null);
  }

  /** The engine's form of {@code indices}, closed with everything it refers to. */
  static final class Handles implements AutoCloseable {
    private final List<Pointer> parts = new ArrayList<>();
    final TensorIndexVector vector;

    Handles(Index... indices) {
      TensorIndex[] all = new TensorIndex[indices.length];
      for (int i = 0; i < indices.length; i++) {
        all[i] = part(handle(indices[i]));
      }
      vector = part(new TensorIndexVector(all));
    }

    private TensorIndex handle(Index i) {
      return switch (i.kind) {
        case AT -> new TensorIndex(Objects.requireNonNull(i.start));
        case ELLIPSIS -> new TensorIndex("...");
        case NEW_AXIS -> new TensorIndex();
        case TENSOR -> new TensorIndex(Objects.requireNonNull(i.tensor).h());
        case SLICE -> new TensorIndex(part(new Slice(sym(i.start), sym(i.stop), sym(i.step))));
      };
    }

    private SymIntOptional sym(@Nullable Long value) {
      return part(
          value == null ? new SymIntOptional() : new SymIntOptional(part(new SymInt(value))));
    }

    private <P extends Pointer> P part(P p) {
      parts.add(p);
      return p;
    }

    @Override
    public void close() {
      parts.forEach(Pointer::close);
    }
  }
}
