/**
 * Micro-benchmarks of what training spends its time on; {@code bench/micro} runs them.
 *
 * <p>Compare ratios within one run only: the same machine gives figures that differ by a factor of
 * two from hour to hour.
 */
@NullMarked
package org.fastai4j.bench;

import org.jspecify.annotations.NullMarked;
