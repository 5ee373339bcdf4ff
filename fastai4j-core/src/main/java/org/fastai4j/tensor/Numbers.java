package org.fastai4j.tensor;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.bytedeco.pytorch.Scalar;

/**
 * The engine's form of numbers, remembered: making one costs as much as adding two small tensors.
 *
 * <p>A number in here is never closed by hand, since another thread may be using it; one that was
 * displaced is freed when it is unreachable.
 */
final class Numbers {
  private record Entry(double value, boolean whole, Scalar scalar) {}

  private static final int SIZE = 256;
  private static final AtomicReferenceArray<Entry> ENTRIES = new AtomicReferenceArray<>(SIZE);

  private Numbers() {}

  /** The number; as a whole one if that is wanted and it is. */
  static Scalar get(double value, boolean wholeIfCan) {
    boolean whole = wholeIfCan && value == Math.rint(value) && Math.abs(value) < 1L << 53;
    long bits = Double.doubleToRawLongBits(value) * 0x9E3779B97F4A7C15L;
    int slot = (int) (bits >>> 56) ^ (whole ? 1 : 0);
    Entry e = ENTRIES.get(slot);
    if (e == null || e.whole != whole || Double.compare(e.value, value) != 0) {
      e = new Entry(value, whole, whole ? new Scalar((long) value) : new Scalar(value));
      ENTRIES.set(slot, e);
    }
    return e.scalar;
  }
}
