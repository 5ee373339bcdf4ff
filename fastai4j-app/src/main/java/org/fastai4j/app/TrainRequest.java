package org.fastai4j.app;

import java.nio.file.Path;
import java.util.Locale;

/**
 * What the user asked of {@code train}; already checked.
 *
 * @param data the images
 * @param net the net
 * @param epochs how often it sees the training images
 * @param lr the learning rate, or NaN to look for one
 * @param schedule how the learning rate changes
 * @param out the folder of the model
 * @param resume whether to go on from the checkpoints in {@code out}
 * @param quiet whether progress and results stay unprinted
 * @param watch whether a page shows the training
 */
record TrainRequest(
    DataRequest data,
    NetRequest net,
    int epochs,
    double lr,
    Schedule schedule,
    Path out,
    boolean resume,
    boolean quiet,
    boolean watch) {

  /** How the learning rate changes in the course of a fit. */
  enum Schedule {
    ONE_CYCLE,
    FLAT_COS,
    CONSTANT,
    FINE_TUNE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
