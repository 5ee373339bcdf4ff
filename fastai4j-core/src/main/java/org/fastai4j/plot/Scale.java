package org.fastai4j.plot;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/** An axis' range, linear or logarithmic, and where its ticks stand. */
final class Scale {
  /** A mark on an axis; a minor one has no label. */
  record Tick(double value, String label) {
    boolean minor() {
      return label.isEmpty();
    }
  }

  private static final double[] NICE = {1, 2, 5, 10};
  private static final double LARGEST_POWER = 270;
  private static final double SMALLEST = 1e-290;
  private static final int MOST_TICKS = 1000;
  private static final String MINUS = "\u2212";

  final double lo;
  final double hi;
  private final boolean log;

  Scale(double lo, double hi, boolean log) {
    this.lo = lo;
    this.hi = hi;
    this.log = log;
  }

  /** The range of data from {@code min} to {@code max}, widened by {@code margin} of itself. */
  static Scale around(double min, double max, boolean log, double marginLo, double marginHi) {
    if (!(min <= max)) { // no data
      return log ? new Scale(0.1, 10, true) : new Scale(0, 1, false);
    }
    if (log) {
      double a = Math.max(-LARGEST_POWER, Math.min(LARGEST_POWER, Math.log10(min)));
      double b = Math.max(-LARGEST_POWER, Math.min(LARGEST_POWER, Math.log10(max)));
      double range = b - a < 1e-9 ? 1 : b - a;
      return new Scale(
          Math.pow(10, a - range * marginLo), Math.pow(10, b + range * marginHi), true);
    }
    double largest = Math.max(Math.abs(min), Math.abs(max));
    if (largest < SMALLEST) {
      return new Scale(-0.05, 0.05, false);
    }
    double half = max / 2 - min / 2; // the whole may be too large for a double
    if (half <= 1e-12 * largest) {
      return new Scale(finite(min - 0.05 * largest), finite(max + 0.05 * largest), false);
    }
    return new Scale(finite(min - 2 * half * marginLo), finite(max + 2 * half * marginHi), false);
  }

  private static double finite(double v) {
    return Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, v));
  }

  /** Whether {@code v} has a place on this axis, be it outside its range. */
  boolean has(double v) {
    return Double.isFinite(v) && (!log || v > 0);
  }

  /** Where {@code v} stands: 0 at {@code lo}, 1 at {@code hi}. */
  double at(double v) {
    if (log) {
      return (Math.log10(v) - Math.log10(lo)) / (Math.log10(hi) - Math.log10(lo));
    }
    return (v / 2 - lo / 2) / (hi / 2 - lo / 2);
  }

  boolean shows(double v) {
    return has(v) && at(v) >= -1e-9 && at(v) <= 1 + 1e-9;
  }

  /** At most about {@code most} labelled ticks at round values; at whole numbers if asked. */
  List<Tick> ticks(int most, boolean whole) {
    if (log) {
      List<Tick> ticks = logTicks(most);
      if (ticks.stream().filter(t -> !t.minor()).count() >= 2) {
        return ticks;
      }
    }
    return linearTicks(most, whole);
  }

  private List<Tick> linearTicks(int most, boolean whole) {
    double min = Math.min(lo, hi);
    double max = Math.max(lo, hi);
    double raw = (max / most - min / most);
    double power = Math.pow(10, Math.floor(Math.log10(raw)));
    double step = 10 * power;
    for (double nice : NICE) {
      if (nice * power >= raw * (1 - 1e-9)) {
        step = nice * power;
        break;
      }
    }
    if (whole) {
      step = Math.max(1, step);
    }
    if (!(step >= SMALLEST && raw / step < MOST_TICKS)) { // a range at the limits of a double
      return List.of();
    }
    List<Tick> ticks = new ArrayList<>();
    double largest = Math.max(Math.abs(min), Math.abs(max));
    long last = (long) Math.floor(max / step + 1e-9);
    for (long i = (long) Math.ceil(min / step - 1e-9); i <= last; i++) {
      ticks.add(new Tick(i * step, label(i * step, step, largest)));
    }
    if (ticks.size() < 2 && most < 5 && !whole) {
      return linearTicks(most + 1, false);
    }
    return ticks;
  }

  private List<Tick> logTicks(int most) {
    double min = Math.min(lo, hi);
    double max = Math.max(lo, hi);
    int from = (int) Math.floor(Math.log10(min) + 1e-9);
    int to = (int) Math.ceil(Math.log10(max) - 1e-9);
    int first = (int) Math.ceil(Math.log10(min) - 1e-9);
    int decades = (int) Math.floor(Math.log10(max) + 1e-9) - first + 1;
    int stride = Math.max(1, (decades + most - 1) / most);
    boolean plain = from >= -3 && to <= 4;
    boolean fewDecades = to - from <= 2;
    List<Tick> ticks = new ArrayList<>();
    for (int e = from; e <= to; e++) {
      for (int m = 1; m < 10; m++) {
        double v = new BigDecimal(m).scaleByPowerOfTen(e).doubleValue();
        boolean labelled =
            m == 1 ? Math.floorMod(e - first, stride) == 0 : fewDecades && (m == 2 || m == 5);
        if (shows(v) && (labelled || stride == 1 || m == 1)) {
          ticks.add(
              new Tick(v, !labelled ? "" : plain ? plain(v, Math.max(0, -e)) : minus(m + "e" + e)));
        }
      }
    }
    return ticks;
  }

  private static String label(double v, double step, double largest) {
    int stepPower = (int) Math.floor(Math.log10(step) + 1e-9);
    if (largest >= 1e6 || largest < 1e-4) {
      int power = (int) Math.floor(Math.log10(largest) + 1e-9);
      return v == 0 ? "0" : plain(v / Math.pow(10, power), power - stepPower) + minus("e" + power);
    }
    return plain(v, Math.max(0, -stepPower));
  }

  private static String plain(double v, int decimals) {
    if (!Double.isFinite(v)) {
      return "";
    }
    BigDecimal rounded =
        BigDecimal.valueOf(v).setScale(Math.min(decimals, 12), RoundingMode.HALF_EVEN);
    return minus(rounded.signum() == 0 ? rounded.abs().toPlainString() : rounded.toPlainString());
  }

  private static String minus(String number) {
    return number.replace("-", MINUS);
  }
}
