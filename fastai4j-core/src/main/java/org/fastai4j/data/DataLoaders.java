package org.fastai4j.data;

import java.util.List;
import java.util.Optional;
import org.fastai4j.nn.Loss;

/** The batches to train on and those to validate with. */
public class DataLoaders {
  private final DataLoader<Batch> train;
  private final DataLoader<Batch> valid;

  /** These batches for training, usually shuffled, and these for validation, in order. */
  public DataLoaders(DataLoader<Batch> train, DataLoader<Batch> valid) {
    this.train = train;
    this.valid = valid;
  }

  /** Shuffled training batches and validation batches in order, both of {@code batchSize}. */
  public static DataLoaders of(TensorDataset train, TensorDataset valid, int batchSize) {
    return new DataLoaders(
        DataLoader.of(train, batchSize).shuffle(), DataLoader.of(valid, batchSize));
  }

  /** Batches for training. */
  public final DataLoader<Batch> train() {
    return train;
  }

  /** Batches for validation. */
  public final DataLoader<Batch> valid() {
    return valid;
  }

  /**
   * The items for validation in their order, with the random transforms of training.
   *
   * @throws DataException if there are none that these loaders know of
   */
  public DataLoader<Batch> augmentedValid() {
    throw new DataException(
        "augmentedValid: these data have no augmentation of their own; give the loader of augmented"
            + " items to Learner.tta");
  }

  /** The names of the classes in the order of their numbers; none if the data has no names. */
  public List<String> vocab() {
    return List.of();
  }

  /** The first batch to train on. */
  public final Batch oneBatch() {
    return train.oneBatch();
  }

  /** The loss that suits the targets, if it is known. */
  public Optional<Loss> lossFunc() {
    return Optional.empty();
  }

  /** The number of classes, or of numbers to predict. */
  public int c() {
    if (vocab().isEmpty()) {
      throw new DataException(
          "the number of classes is not known: these data have no vocabulary; give the model its"
              + " number of outputs");
    }
    return vocab().size();
  }

  /**
   * Batches of further items, prepared as those for validation, without targets.
   *
   * @throws DataException if it is not known how items become batches, as with tensors
   */
  public DataLoader<Batch> testDl(List<?> items) {
    throw new DataException(
        "testDl: it is not known how items become batches of these data; make a batch with"
            + " Batch.of(x)");
  }
}
