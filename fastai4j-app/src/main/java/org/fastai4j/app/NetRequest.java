package org.fastai4j.app;

import java.util.Locale;

/**
 * Which net the user wants; already checked.
 *
 * @param arch its name
 * @param pretrained whether it begins with published weights
 * @param bf16 whether products are computed in bfloat16
 * @param augment how the images it learns from are changed
 * @param device where it is
 */
record NetRequest(String arch, boolean pretrained, boolean bf16, Augment augment, String device) {

  /** How images are changed at random, anew in each epoch. */
  enum Augment {
    AUTO,
    NONE,
    DIGITS,
    STANDARD;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
