package org.fastai4j.data;

import java.util.List;

/**
 * The numbers of the items to train on and of those to validate with, each in the order that they
 * are to come in. Items in neither are left out.
 */
public record Split(List<Integer> train, List<Integer> valid) {
  public Split {
    train = List.copyOf(train);
    valid = List.copyOf(valid);
  }
}
