package org.fastai4j.plot;

/**
 * A color map, from a value in 0..1 to a color: matplotlib's maps of the same names.
 *
 * <pre>{@code
 * ColorMap.GREYS.rgb(0.5) // 0x959595
 * }</pre>
 */
public enum ColorMap {
  /** White at 0 to black at 1: ink on paper. */
  GREYS("fffffff0f0f0d9d9d9bdbdbd969696737373525252252525000000"),
  /** Black at 0 to white at 1. */
  GRAY("000000ffffff"),
  /** Almost white at 0 to dark blue at 1. */
  BLUES("f7fbffdeebf7c6dbef9ecae16baed64292c62171b508519c08306b"),
  /** Purple at 0, green, yellow at 1; even steps look even. */
  VIRIDIS(
      "44015446085c471063481769481d6f482475472a7a46307e453781433d844142873f48893d4e8a3a538b"
          + "38598c355e8d33638d31688e2e6d8e2c718e2a768e297b8e27808e25848e23898e218e8d20928c1f978b"
          + "1e9c891fa18821a58524aa8328ae802eb37c35b7793dbc7446c06f50c46a5ac86465cb5e70cf577cd250"
          + "89d54895d840a2da37b0dd2fbddf26cae11fd8e219e5e419f1e51dfde725");

  private static final int STEPS = 256;

  @SuppressWarnings("ImmutableEnumChecker") // filled once, never handed out
  private final int[] table = new int[STEPS];

  ColorMap(String anchors) {
    int last = anchors.length() / 6 - 1;
    for (int i = 0; i < STEPS; i++) {
      double at = i * last / (STEPS - 1.0);
      int k = Math.min((int) at, last - 1);
      int from = Integer.parseInt(anchors, 6 * k, 6 * k + 6, 16);
      int to = Integer.parseInt(anchors, 6 * k + 6, 6 * k + 12, 16);
      for (int shift = 0; shift <= 16; shift += 8) {
        int a = (from >> shift) & 0xff;
        int b = (to >> shift) & 0xff;
        table[i] |= (int) Math.rint(a + (b - a) * (at - k)) << shift;
      }
    }
  }

  /** The color of {@code value} as {@code 0xRRGGBB}; below 0 counts as 0, above 1 as 1. */
  public int rgb(double value) {
    return table[(int) Math.max(0, Math.min(STEPS - 1.0, value * STEPS))];
  }

  /** The color of {@code value} where {@code lo} stands for 0 and {@code hi} for 1. */
  int rgb(double value, double lo, double hi) {
    return rgb(hi > lo ? (value - lo) / (hi - lo) : 0);
  }
}
