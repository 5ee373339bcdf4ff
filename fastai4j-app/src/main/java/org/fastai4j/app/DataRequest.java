package org.fastai4j.app;

import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Which images the user wants read, and how; already checked.
 *
 * @param data a data set's name, a folder or an archive
 * @param validPct the share that validates; empty for what the folders say
 * @param size the height and width they are scaled to; empty to find one
 * @param channels whether they are grey
 * @param batchSize images of one step; empty for as many as suit the net and the data
 * @param seed what weights, split and order are drawn from
 * @param skipCorrupt whether images that cannot be read are left out
 */
record DataRequest(
    String data,
    OptionalDouble validPct,
    OptionalInt size,
    Channels channels,
    OptionalInt batchSize,
    long seed,
    boolean skipCorrupt) {

  /** Grey, color, or what the images look like. */
  enum Channels {
    AUTO,
    GREY,
    COLOR
  }
}
