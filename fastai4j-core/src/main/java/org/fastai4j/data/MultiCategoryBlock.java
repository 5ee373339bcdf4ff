package org.fastai4j.data;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.fastai4j.nn.BCEWithLogitsLoss;
import org.fastai4j.nn.Loss;
import org.fastai4j.tensor.Tensor;

/**
 * Any number of classes for each item: targets float32 {@code [n, c]}, 1 where the class holds and
 * else 0; fastai's {@code MultiCategoryBlock}.
 */
public final class MultiCategoryBlock implements TargetBlock<Collection<?>> {
  private final Optional<List<?>> vocab;
  private final boolean addNa;

  /** The classes are those of all items of the training data, sorted. */
  public MultiCategoryBlock() {
    this(Optional.empty(), false);
  }

  private MultiCategoryBlock(Optional<List<?>> vocab, boolean addNa) {
    this.vocab = vocab;
    this.addNa = addNa;
  }

  /** With these classes in this order. */
  public MultiCategoryBlock vocab(List<?> classes) {
    return new MultiCategoryBlock(Optional.of(List.copyOf(classes)), addNa);
  }

  /** With a first class {@code #na#}, which stands for every label that is not known. */
  public MultiCategoryBlock addNa() {
    return new MultiCategoryBlock(vocab, true);
  }

  /**
   * {@inheritDoc}
   *
   * @throws DataException if no item has a label
   */
  @Override
  public Targets<Collection<?>> setup(List<? extends Collection<?>> training) {
    Vocabulary classes =
        vocab
            .map(given -> Vocabulary.of(given, addNa))
            .orElseGet(
                () ->
                    Vocabulary.from(
                        training.stream().flatMap(Collection::stream).toList(), true, addNa));
    if (classes.known() < 1) {
      throw new DataException(
          "none of the %d items to train on has a label".formatted(training.size()));
    }
    return new Categories(classes);
  }

  private record Categories(Vocabulary classes) implements Targets<Collection<?>> {
    @Override
    public List<String> vocab() {
      return classes.names();
    }

    @Override
    public Tensor encode(List<? extends Collection<?>> labels) {
      float[] hot = new float[labels.size() * c()];
      for (int i = 0; i < labels.size(); i++) {
        for (Object label : labels.get(i)) {
          hot[i * c() + classes.number(label)] = 1;
        }
      }
      return Tensor.of(hot, labels.size(), c());
    }

    /** The classes that hold, {@code cat;dog}. */
    @Override
    public String decode(Tensor target) {
      List<String> names = new ArrayList<>();
      float[] hot = target.toFloatArray();
      for (int i = 0; i < hot.length; i++) {
        if (hot[i] == 1) {
          names.add(classes.name(i));
        }
      }
      return String.join(";", names);
    }

    @Override
    public Loss loss() {
      return new BCEWithLogitsLoss();
    }
  }
}
