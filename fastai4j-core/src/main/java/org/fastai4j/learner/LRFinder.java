package org.fastai4j.learner;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fastai4j.data.DataException;
import org.fastai4j.optim.Optimizer;
import org.fastai4j.optim.ParamGroup;
import org.fastai4j.tensor.Autograd;
import org.fastai4j.tensor.Scope;
import org.fastai4j.tensor.Tensor;
import org.fastai4j.tensor.Torch;

/** Raises the learning rate batch by batch until the loss diverges; fastai's {@code LRFinder}. */
final class LRFinder implements Callback {
  private static final double BETA = 0.98;

  private final double start;
  private final double end;
  private final int batches;
  private final boolean stopOnDivergence;
  private final List<Double> lrs = new ArrayList<>();
  private final List<Double> losses = new ArrayList<>();
  private double smooth;
  private double best = Double.POSITIVE_INFINITY;

  private LRFinder(double start, double end, int batches, boolean stopOnDivergence) {
    if (!(start > 0 && end > start) || batches < 1) {
      throw new IllegalArgumentException(
          "lrFind: from %s to %s in %d batches; use 0 < start < end and 1 or more batches"
              .formatted(start, end, batches));
    }
    this.start = start;
    this.end = end;
    this.batches = Math.max(batches, 6);
    this.stopOnDivergence = stopOnDivergence;
  }

  static LRFind find(
      Learner learn, double start, double end, int batches, boolean stopOnDivergence) {
    LRFinder finder = new LRFinder(start, end, batches, stopOnDivergence);
    int perEpoch = learn.dls().train().size();
    if (perEpoch == 0) {
      throw new DataException("lrFind: the training set has no batch; use a smaller batch size");
    }
    Before before = new Before(learn);
    try {
      learn.loop().fit(Run.FIND_LR, finder.batches / perEpoch + 1, List.of(finder));
    } finally {
      before.restore();
    }
    return new LRFind(finder.lrs, finder.losses, batches);
  }

  @Override
  public int order() {
    return 60;
  }

  @Override
  public void beforeBatch(Learner learn) {
    learn.optimizer().setLr(start * Math.pow(end / start, (double) lrs.size() / batches));
  }

  @Override
  public void afterBatch(Learner learn) {
    if (!learn.hasLoss()) {
      return;
    }
    lrs.add(learn.optimizer().lr());
    smooth = BETA * smooth + (1 - BETA) * learn.loss();
    double shown = smooth / (1 - Math.pow(BETA, lrs.size()));
    losses.add(shown);
    best = Math.min(best, shown);
    if (lrs.size() >= batches || (stopOnDivergence && !(shown <= 4 * best))) {
      throw new CancelException.Fit();
    }
  }

  @Override
  public void beforeValidate(Learner learn) {
    throw new CancelException.Validate();
  }

  /** All that a search changes. */
  private static final class Before {
    private final Learner learn;
    private final Map<String, Tensor> model;
    private final Map<String, Tensor> state;
    private final List<Map<String, Double>> hypers;
    private final Tensor random;
    private final Tensor deviceRandom;
    private final long pass;

    Before(Learner learn) {
      this.learn = learn;
      Optimizer optimizer = learn.optimizer();
      model = copies(learn.model().stateDict());
      state = copies(optimizer.state());
      hypers = optimizer.groups().stream().map(ParamGroup::hypers).toList();
      random = Scope.keep(Torch.getRngState());
      deviceRandom = Scope.keep(learn.device().getRngState());
      pass = learn.dls().train().pass();
    }

    void restore() {
      learn.model().loadStateDict(model);
      List<ParamGroup> groups = learn.optimizer().groups();
      for (int i = 0; i < groups.size(); i++) {
        hypers.get(i).forEach(groups.get(i)::setHyper);
      }
      learn.optimizer().loadState(state);
      learn.device().setRngState(deviceRandom);
      Torch.setRngState(random);
      learn.dls().train().startAtPass(pass);
    }

    private static Map<String, Tensor> copies(Map<String, Tensor> tensors) {
      Map<String, Tensor> out = new LinkedHashMap<>();
      Autograd.noGrad(
          () -> tensors.forEach((name, t) -> out.put(name, Scope.keep(t.detach().copy()))));
      return out;
    }
  }
}
