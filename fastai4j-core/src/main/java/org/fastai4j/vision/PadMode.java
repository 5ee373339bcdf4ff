package org.fastai4j.vision;

import java.util.Locale;

/** What lies outside a picture. */
public enum PadMode {
  /** Black. */
  ZEROS,
  /** The nearest pixel of the border. */
  BORDER,
  /** The picture mirrored at the centers of its outermost pixels. */
  REFLECTION;

  /** Where the pixel at {@code i} is read in a row of {@code n}; -1 for nowhere. */
  int index(int i, int n) {
    if (i >= 0 && i < n) {
      return i;
    }
    return switch (this) {
      case ZEROS -> -1;
      case BORDER -> i < 0 ? 0 : n - 1;
      case REFLECTION -> {
        int period = Math.max(1, 2 * (n - 1));
        int m = Math.floorMod(i, period);
        yield m < n ? m : period - m;
      }
    };
  }

  /** torch's word for it. */
  String torch() {
    return name().toLowerCase(Locale.ROOT);
  }
}
