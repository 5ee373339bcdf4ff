/**
 * Getting data and feeding it to a model.
 *
 * <p>Getting it:
 *
 * <ul>
 *   <li>{@link org.fastai4j.data.ExternalData}: {@code untarData}, from a name, an address or an
 *       archive to a folder.
 *   <li>{@link org.fastai4j.data.URLs}: the data sets known by name.
 *   <li>{@link org.fastai4j.data.DataSource}: one of them: downloaded or drawn.
 *   <li>{@link org.fastai4j.data.DataCache}: fastai's cache of them, with options.
 *   <li>{@link org.fastai4j.data.ArchiveLimits}: the most that an archive may hold.
 *   <li>{@link org.fastai4j.data.DrawnDigits}: handwriting-like digits for a machine that has no
 *       other.
 *   <li>{@link org.fastai4j.data.ItemPaths}: {@code ls}, {@code getImageFiles}, and paths shown in
 *       short.
 *   <li>{@link org.fastai4j.data.PathList}: what they return.
 *   <li>{@link org.fastai4j.data.Progress}: a listener to long work.
 *   <li>{@link org.fastai4j.data.ProgressBar}: one that draws, in fastai's look.
 *   <li>{@link org.fastai4j.data.DataException}: data that could not be had, read or written.
 *   <li>{@link org.fastai4j.data.OfflineException}: a download that got no answer at all.
 * </ul>
 *
 * <p>Feeding it:
 *
 * <ul>
 *   <li>{@link org.fastai4j.data.TensorDataset}: inputs and targets, a row for each item.
 *   <li>{@link org.fastai4j.data.DataLoader}: batches of one, or of any Java collection.
 *   <li>{@link org.fastai4j.data.BatchSource}: what a loader takes batches from, some of them
 *       ahead.
 *   <li>{@link org.fastai4j.data.Batch}: inputs and targets of one step.
 *   <li>{@link org.fastai4j.data.DataLoaders}: the batches to train on and those to validate with.
 * </ul>
 *
 * <p>From items to batches:
 *
 * <ul>
 *   <li>{@link org.fastai4j.data.DataBlock}: the recipe: how items are found, divided and labelled.
 *   <li>{@link org.fastai4j.data.InputBlock}: how a kind of input becomes batches; those for images
 *       are in {@code vision}.
 *   <li>{@link org.fastai4j.data.TargetBlock}: how labels become targets: {@link
 *       org.fastai4j.data.CategoryBlock}, {@link org.fastai4j.data.MultiCategoryBlock}, {@link
 *       org.fastai4j.data.RegressionBlock}.
 *   <li>{@link org.fastai4j.data.Targets}: the same once the training labels are known: classes,
 *       encoding, decoding, loss.
 *   <li>{@link org.fastai4j.data.Splitter}: how items are divided, into a {@link
 *       org.fastai4j.data.Split}.
 *   <li>{@link org.fastai4j.data.RegexLabeller}: a label cut out of a path.
 *   <li>{@link org.fastai4j.data.Row}: a row of a data frame as an item.
 *   <li>{@link org.fastai4j.data.Datasets}: divided and labelled items, before there are batches.
 * </ul>
 *
 * <pre>{@code
 * Path path = untarData(URLs.MNIST_SAMPLE);
 * ItemPaths.basePath(path);
 * ls(path.resolve("train")) // (#2) [train/3,train/7]
 * DataLoader.of(dataset, 256).shuffle().forEach((xb, yb) -> ...);
 * }</pre>
 */
@NullMarked
package org.fastai4j.data;

import org.jspecify.annotations.NullMarked;
