/**
 * Optimizers: what changes parameters by their gradients.
 *
 * <p>Formulas and defaults are fastai's, which differ from {@code torch.optim}'s where the classes
 * say so; weight decay is decoupled from the gradient unless {@code decoupleWd(false)}.
 *
 * <ul>
 *   <li>{@link org.fastai4j.optim.Optimizer}: a rule that moves parameters: {@code step()}, {@code
 *       zeroGrad()}.
 *   <li>{@link org.fastai4j.optim.SGD}: stochastic gradient descent, with momentum if asked.
 *   <li>{@link org.fastai4j.optim.Adam}: steps scaled by running means of gradients and of their
 *       squares.
 *   <li>{@link org.fastai4j.optim.AdamW}: the same with the defaults of {@code torch.optim}.
 *   <li>{@link org.fastai4j.optim.RMSProp}, {@link org.fastai4j.optim.RAdam}, {@link
 *       org.fastai4j.optim.QHAdam}: relatives of Adam.
 *   <li>{@link org.fastai4j.optim.Larc}, {@link org.fastai4j.optim.Lamb}: steps by the size of each
 *       parameter, for large batches.
 *   <li>{@link org.fastai4j.optim.Lookahead}: another one with a slow copy of the parameters;
 *       {@code Lookahead::ranger}.
 *   <li>{@link org.fastai4j.optim.ParamGroup}: parameters that share hyper-parameters.
 *   <li>{@link org.fastai4j.optim.ParamBatch}: those that take one step together; what a rule of
 *       one's own gets.
 *   <li>{@link org.fastai4j.optim.LearningRate}: a number, a slice or a list of them, for groups.
 *   <li>{@link org.fastai4j.optim.Annealer}: a hyper-parameter over the course of training.
 *   <li>{@link org.fastai4j.optim.Schedule}: annealers by name, for groups; one cycle and others.
 *   <li>{@link org.fastai4j.optim.LRSuggestion}: rules that pick a learning rate from the losses of
 *       a range test.
 *   <li>{@link org.fastai4j.optim.OptimizerFunction}: how to make one, such as {@code SGD::new}.
 * </ul>
 */
@NullMarked
package org.fastai4j.optim;

import org.jspecify.annotations.NullMarked;
