package org.fastai4j.data;

import java.util.List;
import java.util.Optional;
import org.fastai4j.nn.CrossEntropyLoss;
import org.fastai4j.nn.Loss;
import org.fastai4j.tensor.Tensor;

/**
 * One class for each item: targets int64 {@code [n]}, the number of the class; fastai's {@code
 * CategoryBlock}. A label is a string, a number or anything else that can be compared.
 */
public final class CategoryBlock implements TargetBlock<Object> {
  private final Optional<List<?>> vocab;
  private final boolean sorted;
  private final boolean addNa;

  /** The classes are the sorted labels of the training data. */
  public CategoryBlock() {
    this(Optional.empty(), true, false);
  }

  private CategoryBlock(Optional<List<?>> vocab, boolean sorted, boolean addNa) {
    this.vocab = vocab;
    this.sorted = sorted;
    this.addNa = addNa;
  }

  /** With these classes in this order. */
  public CategoryBlock vocab(List<?> classes) {
    return new CategoryBlock(Optional.of(List.copyOf(classes)), sorted, addNa);
  }

  /** With the classes in the order in which the training data has them. */
  public CategoryBlock unsorted() {
    return new CategoryBlock(vocab, false, addNa);
  }

  /** With a first class {@code #na#}, which stands for every label that is not known. */
  public CategoryBlock addNa() {
    return new CategoryBlock(vocab, sorted, true);
  }

  /**
   * {@inheritDoc}
   *
   * @throws DataException if all labels are the same
   */
  @Override
  public Targets<Object> setup(List<?> training) {
    Vocabulary classes =
        vocab
            .map(given -> Vocabulary.of(given, addNa))
            .orElseGet(() -> Vocabulary.from(training, sorted, addNa));
    if (classes.known() < 2) {
      throw new DataException(
          "all %d items to train on are of one class, '%s'; a classifier needs items of two or more"
              .formatted(training.size(), classes.name(classes.size() - 1L)));
    }
    return new Categories(classes);
  }

  private record Categories(Vocabulary classes) implements Targets<Object> {
    @Override
    public List<String> vocab() {
      return classes.names();
    }

    @Override
    public Tensor encode(List<?> labels) {
      return Tensor.of(labels.stream().mapToLong(classes::number).toArray());
    }

    @Override
    public String decode(Tensor target) {
      return classes.name(target.itemLong());
    }

    @Override
    public Loss loss() {
      return new CrossEntropyLoss();
    }
  }
}
