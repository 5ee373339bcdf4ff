package org.fastai4j.learner;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fastai4j.optim.Annealer;
import org.fastai4j.optim.Optimizer;
import org.fastai4j.optim.ParamGroup;
import org.fastai4j.optim.Schedule;

/**
 * Sets the optimizer's hyper-parameters before every batch by a {@link Schedule}, and writes down
 * the last group's; fastai's {@code ParamScheduler}.
 *
 * <p>The position is {@code (epoch + batch / batches) / epochs}, set before the step: the end of
 * the schedule itself is never reached.
 */
public final class ParamScheduler implements Callback {
  private final Schedule schedule;
  private Map<String, List<Annealer>> hypers = Map.of();

  /** A callback that follows {@code schedule} through a fit. */
  public ParamScheduler(Schedule schedule) {
    this.schedule = schedule;
  }

  @Override
  public int order() {
    return 60;
  }

  @Override
  public boolean joins(Run run) {
    return run == Run.FIT;
  }

  @Override
  public void beforeFit(Learner learn) {
    hypers = schedule.forGroups(learn.optimizer().groups().size());
    learn.recorder().clearHypers();
  }

  @Override
  public void beforeBatch(Learner learn) {
    if (!learn.isTraining()) {
      return;
    }
    Optimizer optimizer = learn.optimizer();
    hypers.forEach(
        (name, annealers) -> {
          double[] values = new double[annealers.size()];
          for (int i = 0; i < values.length; i++) {
            values[i] = annealers.get(i).at(learn.pctTrain());
          }
          optimizer.setHypers(name, values);
        });
  }

  @Override
  public void afterBatch(Learner learn) {
    if (!learn.isTraining()) {
      return;
    }
    List<ParamGroup> groups = learn.optimizer().groups();
    ParamGroup last = groups.get(groups.size() - 1);
    Map<String, Double> now = new LinkedHashMap<>();
    new ArrayList<>(hypers.keySet()).forEach(name -> now.put(name, last.hyper(name)));
    learn.recorder().hypers(now);
  }
}
