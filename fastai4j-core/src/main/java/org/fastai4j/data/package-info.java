/**
 * Getting data and feeding it to a model.
 *
 * <p>{@link org.fastai4j.data.ExternalData#untarData untarData} turns a {@link
 * org.fastai4j.data.DataSource} of {@link org.fastai4j.data.URLs}, an address or a local archive
 * into a folder, and keeps it in fastai's own cache ({@link org.fastai4j.data.DataCache}). {@link
 * org.fastai4j.data.ItemPaths} lists and shows what is in that folder.
 *
 * <pre>{@code
 * Path path = untarData(URLs.MNIST_SAMPLE);
 * ItemPaths.basePath(path);
 * ls(path.resolve("train")) // (#2) [train/3,train/7]
 * }</pre>
 */
@NullMarked
package org.fastai4j.data;

import org.jspecify.annotations.NullMarked;
