package org.fastai4j.vision;

import java.util.List;
import java.util.Optional;

/**
 * Which columns of a table name the images, their labels and how they are divided; each method
 * gives changed columns. Unless set, the first column has the files and the second the labels.
 */
public final class LabelColumns {
  final Optional<String> file;
  final List<String> labels;
  final Optional<String> delimiter;
  final Optional<String> valid;
  final String folder;
  final String suffix;
  final boolean regression;

  LabelColumns() {
    this(Optional.empty(), List.of(), Optional.empty(), Optional.empty(), "", "", false);
  }

  private LabelColumns(
      Optional<String> file,
      List<String> labels,
      Optional<String> delimiter,
      Optional<String> valid,
      String folder,
      String suffix,
      boolean regression) {
    this.file = file;
    this.labels = labels;
    this.delimiter = delimiter;
    this.valid = valid;
    this.folder = folder;
    this.suffix = suffix;
    this.regression = regression;
  }

  /** The column of file names: fastai's {@code fn_col}. */
  public LabelColumns fnCol(String name) {
    return new LabelColumns(
        Optional.of(name), labels, delimiter, valid, folder, suffix, regression);
  }

  /** The column of labels: fastai's {@code label_col}. With several, an item has several labels. */
  public LabelColumns labelCol(String... names) {
    return new LabelColumns(file, List.of(names), delimiter, valid, folder, suffix, regression);
  }

  /** What stands between the labels of an item, as in {@code cat dog}: {@code label_delim}. */
  public LabelColumns labelDelim(String text) {
    return new LabelColumns(file, labels, Optional.of(text), valid, folder, suffix, regression);
  }

  /** The column that is true for what validates: {@code valid_col}. */
  public LabelColumns validCol(String name) {
    return new LabelColumns(file, labels, delimiter, Optional.of(name), folder, suffix, regression);
  }

  /** The folder that the files lie in, below the path. */
  public LabelColumns folder(String name) {
    return new LabelColumns(file, labels, delimiter, valid, name, suffix, regression);
  }

  /** What the names of the files lack, such as {@code .jpg}: fastai's {@code suff}. */
  public LabelColumns suff(String end) {
    return new LabelColumns(file, labels, delimiter, valid, folder, end, regression);
  }

  /** Labels are numbers to predict and no classes: fastai's {@code y_block=RegressionBlock}. */
  public LabelColumns regression() {
    return new LabelColumns(file, labels, delimiter, valid, folder, suffix, true);
  }
}
