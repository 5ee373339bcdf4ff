/**
 * Optimizers: what changes parameters by their gradients.
 *
 * <p>Formulas and defaults are fastai's, which differ from {@code torch.optim}'s where the classes
 * say so; weight decay is decoupled from the gradient.
 */
@NullMarked
package org.fastai4j.optim;

import org.jspecify.annotations.NullMarked;
