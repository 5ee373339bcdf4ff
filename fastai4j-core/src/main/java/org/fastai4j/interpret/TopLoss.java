package org.fastai4j.interpret;

import java.util.Locale;

/**
 * An item with a large loss.
 *
 * @param index its place among the items, from 0
 * @param loss its loss
 * @param actual the name of its class
 * @param predicted the name of the class it was taken for
 * @param probability the largest of its probabilities, that of the prediction
 */
public record TopLoss(int index, double loss, String actual, String predicted, double probability) {
  /** fastai's words for it: {@code predicted/actual / loss / probability}, two decimals each. */
  public String title() {
    return String.format(Locale.ROOT, "%s/%s / %.2f / %.2f", predicted, actual, loss, probability);
  }
}
