/**
 * Images in and out, and the nets that read them.
 *
 * <ul>
 *   <li>{@link org.fastai4j.vision.Image}: one picture, as PIL has it.
 *   <li>{@link org.fastai4j.vision.Images}: a folder of grey ones decoded at once.
 *   <li>{@link org.fastai4j.vision.ImageDataLoaders}: from a folder, a list or a table of pictures
 *       to batches.
 *   <li>{@link org.fastai4j.vision.LabelColumns}: which columns of a table say what.
 *   <li>{@link org.fastai4j.vision.ImageBlock} and {@link org.fastai4j.vision.ImageBWBlock}: images
 *       as inputs of a {@link org.fastai4j.data.DataBlock}.
 *   <li>{@link org.fastai4j.vision.ImageOptions}: how they are made.
 *   <li>{@link org.fastai4j.vision.ItemTransform}: a change to each image; {@link
 *       org.fastai4j.vision.Resize}, {@link org.fastai4j.vision.RandomResizedCrop}, {@link
 *       org.fastai4j.vision.RandomCrop}, {@link org.fastai4j.vision.CropPad}, {@link
 *       org.fastai4j.vision.RatioResize}, {@link org.fastai4j.vision.FlipItem} and {@link
 *       org.fastai4j.vision.DihedralItem} are such, {@link org.fastai4j.vision.PadMode} says what
 *       lies outside.
 *   <li>{@link org.fastai4j.vision.BatchTransform}: a change to a whole batch; {@link
 *       org.fastai4j.vision.AugTransforms}, {@link org.fastai4j.vision.Saturation}, {@link
 *       org.fastai4j.vision.Hue}, {@link org.fastai4j.vision.Normalize} and {@link
 *       org.fastai4j.vision.RandomErasing} are such.
 *   <li>{@link org.fastai4j.vision.DigitImage}: a photographed or drawn digit made to look like
 *       MNIST's.
 *   <li>{@link org.fastai4j.vision.Models}: the nets that can be built by name.
 *   <li>{@link org.fastai4j.vision.VisionModels}: fastai's classifiers, a known body and a new
 *       head; {@link org.fastai4j.vision.VisionHead} has the head's options.
 *   <li>{@link org.fastai4j.vision.ImageInput}: what a net sees of an image.
 *   <li>{@link org.fastai4j.vision.ImageClassifier}: a trained one with the names of its classes,
 *       saved and read.
 * </ul>
 */
@NullMarked
package org.fastai4j.vision;

import org.jspecify.annotations.NullMarked;
