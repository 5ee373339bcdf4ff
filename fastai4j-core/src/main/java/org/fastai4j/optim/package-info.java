/**
 * Optimizers: what changes parameters by their gradients.
 *
 * <p>Formulas and defaults are fastai's, which differ from {@code torch.optim}'s where the classes
 * say so; weight decay is decoupled from the gradient.
 *
 * <ul>
 *   <li>{@link org.fastai4j.optim.Optimizer}: a rule that moves parameters: {@code step()}, {@code
 *       zeroGrad()}.
 *   <li>{@link org.fastai4j.optim.SGD}: stochastic gradient descent, with momentum if asked.
 *   <li>{@link org.fastai4j.optim.Adam}: steps scaled by running means of gradients and of their
 *       squares.
 *   <li>{@link org.fastai4j.optim.OptimizerFunction}: how to make one, such as {@code SGD::new}.
 * </ul>
 */
@NullMarked
package org.fastai4j.optim;

import org.jspecify.annotations.NullMarked;
