package org.fastai4j.data;

/**
 * The batches to train on and those to validate with.
 *
 * @param train batches for training, usually shuffled
 * @param valid batches for validation, in order
 */
public record DataLoaders(DataLoader<Batch> train, DataLoader<Batch> valid) {
  /** Shuffled training batches and validation batches in order, both of {@code batchSize}. */
  public static DataLoaders of(TensorDataset train, TensorDataset valid, int batchSize) {
    return new DataLoaders(
        DataLoader.of(train, batchSize).shuffle(), DataLoader.of(valid, batchSize));
  }
}
