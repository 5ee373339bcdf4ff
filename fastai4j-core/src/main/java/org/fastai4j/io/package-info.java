/**
 * File formats: tensors as safetensors, {@code .pth} and {@code .npy}, nets as ONNX, plain images
 * as PNG.
 *
 * <p>Nothing here knows models, data sets or folders.
 *
 * <ul>
 *   <li>{@link org.fastai4j.io.Safetensors}: named tensors in a {@code .safetensors} file, with
 *       metadata.
 *   <li>{@link org.fastai4j.io.Pth}: PyTorch's own files, of which nothing is ever run.
 *   <li>{@link org.fastai4j.io.Npy}: one array in NumPy's {@code .npy} format.
 *   <li>{@link org.fastai4j.io.OnnxGraph}: a net as nodes and weights, written as {@code .onnx}.
 *   <li>{@link org.fastai4j.io.Png}: the encoder of PNG images.
 *   <li>{@link org.fastai4j.io.PngDecoder}: their decoder, made once and used for many files.
 *   <li>{@link org.fastai4j.io.EventFile}: numbers by step, as TensorBoard reads them.
 *   <li>{@link org.fastai4j.io.WholeFile}: a file that is written whole or not at all.
 *   <li>{@link org.fastai4j.io.FormatException}: bytes that are not what their format demands.
 * </ul>
 */
@NullMarked
package org.fastai4j.io;

import org.jspecify.annotations.NullMarked;
