package org.fastai4j.learner;

import java.util.List;
import java.util.Map;
import org.fastai4j.plot.Axes;
import org.fastai4j.plot.Figure;

/** The recorder's values as figures. */
final class Curves {
  private Curves() {}

  /** fastai's {@code plot_loss}: training loss by batch, validation loss at the epochs' ends. */
  static Figure losses(Recorder recorder, int skipStart) {
    List<Double> losses = recorder.losses();
    if (losses.isEmpty()) {
      throw new IllegalStateException("there are no losses to plot before the first fit");
    }
    int from = Math.min(skipStart, losses.size() - 1);
    Figure figure = Figure.subplots();
    Axes axes =
        figure
            .axes()
            .plot(
                range(from, losses.size()),
                array(losses.subList(from, losses.size())),
                "C0",
                "train")
            .title("learning curve")
            .xlabel("steps")
            .ylabel("loss");
    List<EpochRow> shown =
        recorder.rows().stream()
            .filter(r -> r.validated() && recorder.iters().get(recorder.rows().indexOf(r)) >= from)
            .toList();
    if (!shown.isEmpty()) {
      double[] x =
          shown.stream()
              .mapToDouble(r -> recorder.iters().get(recorder.rows().indexOf(r)))
              .toArray();
      double[] y = shown.stream().mapToDouble(r -> r.valid().get(0)).toArray();
      axes.plot(x, y, "C1", "valid");
    }
    axes.legend();
    return figure;
  }

  /** fastai's {@code plot_sched}: a plot for each hyper-parameter, two in a row. */
  static Figure schedules(Recorder recorder) {
    Map<String, List<Double>> hps = recorder.hps();
    if (hps.isEmpty()) {
      throw new IllegalStateException(
          "no hyper-parameter was scheduled in the last fit; fitOneCycle and its like do");
    }
    int rows = (hps.size() + 1) / 2;
    int cols = Math.min(2, hps.size());
    Figure figure = Figure.subplots(rows, cols, 6 * cols, 4 * rows);
    int i = 0;
    for (Map.Entry<String, List<Double>> hyper : hps.entrySet()) {
      figure
          .axes(i++)
          .plot(range(0, hyper.getValue().size()), array(hyper.getValue()))
          .xlabel("steps")
          .ylabel(hyper.getKey());
    }
    return figure.tightLayout();
  }

  static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static double[] range(int from, int to) {
    double[] out = new double[to - from];
    for (int i = 0; i < out.length; i++) {
      out[i] = from + i;
    }
    return out;
  }
}
