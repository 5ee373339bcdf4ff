package org.fastai4j.app;

import java.nio.file.Path;

/**
 * What the user asked of {@code train}; already checked.
 *
 * @param data a data set's name, a folder or an archive
 * @param arch the name of the net
 * @param epochs how often it sees the training images
 * @param lr the learning rate, or NaN to look for one
 * @param schedule how the learning rate changes
 * @param batchSize images of one step
 * @param seed what weights and order are drawn from
 * @param device where the net is
 * @param out the folder of the model
 * @param resume whether to go on from the checkpoints in {@code out}
 * @param quiet whether progress and results stay unprinted
 */
record TrainRequest(
    String data,
    String arch,
    int epochs,
    double lr,
    Schedule schedule,
    int batchSize,
    long seed,
    String device,
    Path out,
    boolean resume,
    boolean quiet) {

  /** How the learning rate changes in the course of a fit. */
  enum Schedule {
    ONE_CYCLE,
    FLAT_COS,
    CONSTANT
  }
}
