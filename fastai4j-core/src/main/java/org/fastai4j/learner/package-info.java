/**
 * Training: the {@link org.fastai4j.learner.Learner}, the callbacks that shape it, and what it
 * records.
 */
@NullMarked
package org.fastai4j.learner;

import org.jspecify.annotations.NullMarked;
