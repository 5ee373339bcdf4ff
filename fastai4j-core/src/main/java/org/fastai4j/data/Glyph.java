package org.fastai4j.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One way of writing a digit: pen strokes as lists of points, drawn several times over.
 *
 * <p>The masters have the same strokes with the same number of points, so that a hand can write
 * anything between them (and a little beyond). A point's third number tells a corner (1) from a
 * point that the pen passes smoothly (0).
 *
 * @param weight how common this way is beside the digit's others
 * @param masters each {@code [stroke][point]} as {@code {x, y, corner}}, y from 0 (top) to 1
 */
record Glyph(double weight, List<double[][][]> masters) {

  /**
   * Reads masters written as {@code "x,y x,y! x,y | x,y x,y"}, in hundredths: {@code |} lifts the
   * pen, {@code !} marks a corner.
   */
  static Glyph of(double weight, String... masters) {
    List<double[][][]> all = new ArrayList<>();
    for (String master : masters) {
      String[] strokes = master.trim().split("\\s*\\|\\s*", -1);
      double[][][] read = new double[strokes.length][][];
      for (int s = 0; s < strokes.length; s++) {
        read[s] = stroke(strokes[s]);
      }
      all.add(read);
    }
    Glyph glyph = new Glyph(weight, List.copyOf(all));
    glyph.check(masters);
    return glyph;
  }

  private static double[][] stroke(String text) {
    String[] words = text.trim().split("\\s+", -1);
    double[][] points = new double[words.length][];
    for (int i = 0; i < words.length; i++) {
      boolean corner = words[i].endsWith("!");
      String word = corner ? words[i].substring(0, words[i].length() - 1) : words[i];
      int comma = word.indexOf(',');
      points[i] =
          new double[] {
            Integer.parseInt(word.substring(0, comma)) / 100.0,
            Integer.parseInt(word.substring(comma + 1)) / 100.0,
            corner ? 1 : 0
          };
    }
    return points;
  }

  private void check(String... texts) {
    int[] lengths = lengths(masters.get(0));
    for (int m = 1; m < masters.size(); m++) {
      if (!Arrays.equals(lengths, lengths(masters.get(m)))) {
        throw new IllegalArgumentException(
            "masters of one glyph need the same points: " + texts[0] + " and " + texts[m]);
      }
    }
  }

  private static int[] lengths(double[][][] strokes) {
    return Arrays.stream(strokes).mapToInt(stroke -> stroke.length).toArray();
  }
}
