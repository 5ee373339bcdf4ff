/**
 * Images in and out.
 *
 * <p>{@link org.fastai4j.vision.Image} is one picture, as PIL has it; {@link
 * org.fastai4j.vision.Images} decodes a folder of them at once; {@link
 * org.fastai4j.vision.DigitImage} turns a photographed or drawn digit into one that looks like
 * MNIST's.
 */
@NullMarked
package org.fastai4j.vision;

import org.jspecify.annotations.NullMarked;
