package org.fastai4j.tensor;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Prints tensors as PyTorch does: four digits, columns that line up, the middle of long axes cut.
 */
final class TensorPrinter {
  private static final int PRECISION = 4;
  private static final int THRESHOLD = 1000;
  private static final int EDGE_ITEMS = 3;
  private static final int LINE_WIDTH = 80;
  private static final String PREFIX = "tensor(";

  private final boolean floating;
  private final boolean bool;
  private final boolean summarize;
  private int width = 1;
  private boolean scientific;
  private boolean whole = true;

  private TensorPrinter(Tensor t) {
    floating = t.dtype().isFloatingPoint();
    bool = t.dtype() == DType.BOOL;
    summarize = t.numel() > THRESHOLD;
  }

  static String print(Tensor t) {
    return Autograd.noGrad(() -> Scope.compute(() -> text(t)));
  }

  private static String text(Tensor t) {
    TensorPrinter printer = new TensorPrinter(t);
    StringBuilder out = new StringBuilder(PREFIX);
    if (t.numel() == 0) {
      out.append("[]");
      if (t.dim() != 1) {
        out.append(", size=(").append(sizes(t)).append(')');
      }
    } else {
      Tensor shown = printer.summarize ? edges(t.detach(), 0) : t.detach();
      printer.measure(shown.toDoubleArray());
      printer.write(t.detach(), PREFIX.length(), out);
    }
    boolean common =
        t.dtype() == DType.FLOAT32
            || ((t.dtype() == DType.INT64 || t.dtype() == DType.BOOL) && t.numel() > 0);
    if (!common) {
      suffix(out, "dtype=torch." + t.dtype());
    }
    if (!t.device().equals(Device.CPU)) {
      suffix(out, "device='" + t.device() + "'");
    }
    if (t.requiresGrad()) {
      suffix(out, t.isLeaf() ? "requires_grad=True" : "grad_fn=<" + t.gradFunction() + ">");
    }
    return out.append(')').toString();
  }

  private static void suffix(StringBuilder out, String part) {
    int line = out.length() - out.lastIndexOf("\n") - 1;
    if (line + 2 + part.length() + 1 > LINE_WIDTH) {
      out.append(",\n").append(" ".repeat(PREFIX.length())).append(part);
    } else {
      out.append(", ").append(part);
    }
  }

  private static String sizes(Tensor t) {
    String s = t.shape().toString();
    return s.substring(1, s.length() - 1);
  }

  /** The elements that are shown when the middle of every long axis is cut. */
  private static Tensor edges(Tensor t, int axis) {
    if (axis == t.dim()) {
      return t;
    }
    Tensor cut = t;
    if (t.size(axis) > 2 * EDGE_ITEMS) {
      cut =
          Tensor.cat(
              List.of(
                  t.narrow(axis, 0, EDGE_ITEMS),
                  t.narrow(axis, t.size(axis) - EDGE_ITEMS, EDGE_ITEMS)),
              axis);
    }
    return edges(cut, axis + 1);
  }

  private void measure(double[] shown) {
    if (!floating) {
      for (double v : shown) {
        width = Math.max(width, format(v).length());
      }
      return;
    }
    double[] finite =
        Arrays.stream(shown).filter(v -> v != 0 && Double.isFinite(v)).map(Math::abs).toArray();
    if (finite.length > 0) {
      double min = Arrays.stream(finite).min().getAsDouble();
      double max = Arrays.stream(finite).max().getAsDouble();
      whole = Arrays.stream(finite).allMatch(v -> v == Math.ceil(v));
      scientific = max / min > 1000 || max > 1e8 || (!whole && min < 1e-4);
    }
    for (double v : shown) {
      if (v == 0 || Double.isFinite(v)) {
        width = Math.max(width, format(v).length());
      }
    }
    if (whole && !scientific) {
      boolean special = Arrays.stream(shown).anyMatch(v -> !Double.isFinite(v));
      if (special) {
        width = Math.max(width, 3);
      }
    }
  }

  private String format(double v) {
    if (bool) {
      return v != 0 ? "True" : "False";
    }
    if (!floating) {
      return Long.toString((long) v);
    }
    if (Double.isNaN(v)) {
      return "nan";
    }
    if (Double.isInfinite(v)) {
      return v > 0 ? "inf" : "-inf";
    }
    if (scientific) {
      return String.format(Locale.ROOT, "%." + PRECISION + "e", v);
    }
    if (whole) {
      return String.format(Locale.ROOT, "%.0f.", v);
    }
    return String.format(Locale.ROOT, "%." + PRECISION + "f", v);
  }

  private String cell(double v) {
    String s = format(v);
    return " ".repeat(Math.max(0, width - s.length())) + s;
  }

  private void write(Tensor t, int indent, StringBuilder out) {
    if (t.dim() == 0) {
      out.append(format(t.item()));
      return;
    }
    long n = t.size(0);
    boolean cut = summarize && n > 2 * EDGE_ITEMS;
    if (t.dim() == 1) {
      vector(t, cut, indent, out);
      return;
    }
    out.append('[');
    String between = "," + "\n".repeat(t.dim() - 1) + " ".repeat(indent + 1);
    for (long i = 0; i < n; i++) {
      if (i > 0) {
        out.append(between);
      }
      if (cut && i == EDGE_ITEMS) {
        out.append("...").append(between);
        i = n - EDGE_ITEMS;
      }
      write(t.get(i), indent + 1, out);
    }
    out.append(']');
  }

  private void vector(Tensor t, boolean cut, int indent, StringBuilder out) {
    int perLine = Math.max(1, (LINE_WIDTH - indent) / (width + 2));
    double[] values = (cut ? edges(t, 0) : t).toDoubleArray();
    out.append('[');
    int onLine = 0;
    for (int i = 0; i < values.length; i++) {
      if (cut && i == EDGE_ITEMS) {
        onLine = next(out, onLine, perLine, indent, " ...");
      }
      onLine = next(out, onLine, perLine, indent, cell(values[i]));
    }
    out.append(']');
  }

  private static int next(StringBuilder out, int onLine, int perLine, int indent, String cell) {
    if (onLine == perLine) {
      out.append(",\n").append(" ".repeat(indent + 1)).append(cell);
      return 1;
    }
    out.append(onLine > 0 || cell.isEmpty() ? ", " : "").append(cell);
    return onLine + 1;
  }
}
